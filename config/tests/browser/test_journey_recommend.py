"""Bob recommends Erin, Erin says that she knows him, and it is in print."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from config.demo import factory

from .conftest import Visit
from .stories import ANSWERS, answer, enter_by_code, enter_by_password, with_password

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, arrive: Visit) -> Page:
    return arrive(java_script_enabled=request.param)


@pytest.fixture
def erin(bob: User) -> User:
    """Bob is written first: his words on Alice are in print, so that nobody has to read his next ones."""
    erin = factory.make_member(**factory.named("erin"))
    factory.make_expert(member=erin)
    return erin


@pytest.mark.parametrize("enter", [enter_by_password, enter_by_code])
def test_from_the_first_word_to_print(page: Page, bob: User, erin: User, enter) -> None:
    enter(page, with_password(bob))
    page.get_by_role("link", name="Recommend", exact=True).click()
    page.get_by_label("Their name").fill("Erin")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("link", name="Choose Erin Solberg").click()

    page.get_by_label("I was her client").check()
    answer(page, how=ANSWERS["how"], like=ANSWERS["like"])
    page.get_by_label("Podcasting").check()
    page.get_by_role("button", name="Read it before you sign").click()
    expect(page.locator(".errors")).to_contain_text("Say why you trust Erin.")
    expect(page.get_by_label("I was her client")).to_be_checked()
    expect(page.get_by_label("When, and what on?")).to_have_value(ANSWERS["how"])
    expect(page.get_by_label("What do you like")).to_have_value(ANSWERS["like"])
    expect(page.get_by_label("Podcasting")).to_be_checked()
    answer(page, trust=ANSWERS["trust"])
    page.get_by_role("button", name="Read it before you sign").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Read it before you sign")
    expect(page.get_by_text(ANSWERS["trust"])).to_be_visible()
    page.get_by_role("button", name="Sign it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Erin Solberg")
    page.context.clear_cookies()

    enter(page, with_password(erin))
    page.goto("/experts/erin-solberg/")
    expect(page.get_by_text(ANSWERS["trust"])).to_have_count(0)
    page.get_by_role("link", name="What others wrote about you").click()
    expect(page.get_by_text(ANSWERS["trust"])).to_be_visible()
    page.get_by_role("button", name="Yes, I know him").click()
    expect(page.get_by_role("status").first).to_contain_text("It is in print.")
    page.context.clear_cookies()

    page.goto("/experts/erin-solberg/")
    expect(page.get_by_text(ANSWERS["trust"])).to_be_visible()
    page.get_by_role("link", name="Bob Lindqvist").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bob Lindqvist")
    expect(page.locator("main").get_by_role("link", name="Erin Solberg", exact=True)).to_be_visible()


def test_a_draft_waits_for_its_author(page: Page, bob: User, erin: User) -> None:
    enter_by_password(page, with_password(bob))
    page.goto("/experts/erin-solberg/recommend/")
    answer(page, how=ANSWERS["how"])
    page.get_by_role("button", name="Save and finish later").click()
    page.goto("/recommend/")
    page.locator("main").get_by_role("link", name="Erin Solberg").click()
    expect(page.get_by_label("When, and what on?")).to_have_value(ANSWERS["how"])


def test_what_is_typed_is_saved_by_itself(arrive: Visit, bob: User, erin: User) -> None:
    """With scripts only."""
    page = arrive()
    enter_by_password(page, with_password(bob))
    page.goto("/experts/erin-solberg/recommend/")
    answer(page, how=ANSWERS["how"])
    page.get_by_label("What do you like").focus()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.goto("/experts/erin-solberg/recommend/")
    expect(page.get_by_label("When, and what on?")).to_have_value(ANSWERS["how"])
