"""Every page that members, experts and curators see."""

import pytest

from config.tests.policy.town import Town

from .conftest import Visit
from .stops import CURATOR, EXPERT, MEMBER, Stop
from .walk import problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stop", MEMBER + EXPERT + CURATOR, ids=str)
def test_page(town: Town, visit: Visit, axe: str, titles: dict[str, str], stop: Stop) -> None:
    page = visit(email=town.people[stop.who].email)
    assert problems(page, town, stop, axe=axe, titles=titles) == []
