"""Every page that visitors and guests see."""

import pytest

from config.tests.policy.rules import POLICY
from config.tests.policy.town import Town

from .conftest import Visit
from .stops import AFTER, ALL, GUEST, VISITOR, Stop
from .walk import problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stop", VISITOR + GUEST, ids=str)
def test_page(town: Town, visit: Visit, axe: str, titles: dict[str, str], stop: Stop) -> None:
    page = visit(email=town.people[stop.who].email if stop.who else "")
    assert problems(page, town, stop, axe=axe, titles=titles) == []


# Read by programs, shown as part of another page, or leading on to one.
NO_PAGES = {"config:live", "config:ready", "directory:robots", "directory:sitemap", "directory:sitemap_section"}
NO_PAGES |= {
    "directory:portrait",
    "directory:suggest",
    "mfa_login_webauthn",
    "mfa_download_recovery_codes",
    "referrals:my_book",
    "referrals:bank_csv",
    "referrals:introduction_notes",
}


def test_no_page_is_left_out() -> None:
    pages = {row.name for row in POLICY if "GET" in row.methods} - NO_PAGES
    assert pages == {stop.name for stop in ALL} | AFTER
