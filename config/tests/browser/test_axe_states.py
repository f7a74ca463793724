"""A book in which nothing has happened yet, and pages of things that happened meanwhile."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.models.suppressions import off_token
from accounts.tests.factories import PASSWORD
from config.demo import factory
from directory.models import State
from referrals.letters import nomination_token

from .conftest import Visit
from .looking import problems_in_markup, problems_in_views

pytestmark = pytest.mark.django_db(transaction=True)

DESK = ["directory:desk", "directory:desk_changes", "directory:desk_picks", "referrals:desk_recommendations"]
DESK += ["referrals:desk_nominations"]
MINE = [
    "directory:home",
    "directory:listing",
    "referrals:who",
    "referrals:given",
    "referrals:received",
    "referrals:my_book",
]
MINE += ["accounts:notifications", "accounts:invitations"]


@pytest.fixture
def dana(db: None) -> User:
    return factory.make_curator(**factory.named("dana"), password=PASSWORD)


@pytest.fixture
def look(axe: str):
    def one(page: Page, path: str = "") -> None:
        if path:
            page.goto(path)
        assert problems_in_markup(page.content()) + problems_in_views(page, axe) == [], page.url

    return one


def test_empty_book_for_a_reader(arrive: Visit, look, dana: User) -> None:
    call_command("load_categories", verbosity=0)
    page = arrive()
    look(page, "/")
    expect(page.get_by_text("0 of 60 pages are in print")).to_be_visible()
    look(page, "/contents/")
    look(page, "/contents/podcasting/")
    expect(page.get_by_text("Nobody is in print here yet.")).to_be_visible()
    look(page, "/search/?q=podcasting")
    look(page, "/how-experts-are-chosen/")
    look(page, reverse("referrals:book", args=[dana.handle]))


def test_empty_book_for_a_member_and_at_the_desk(arrive: Visit, look, dana: User) -> None:
    page = arrive(email=dana.email)
    for name in MINE + DESK:
        look(page, reverse(name))


def test_somebody_was_faster(arrive: Visit, look, dana: User) -> None:
    theo = factory.make_curator(**factory.named("theo"), password=PASSWORD)
    handle = factory.make_expert(state=State.SUBMITTED).member.handle
    slow, fast = arrive(email=dana.email), arrive(email=theo.email)
    for page in (slow, fast):
        page.goto(reverse("directory:desk_submission", args=[handle]))
        page.get_by_label("Why it belongs in the book").fill("Three clients say the same.")
    fast.get_by_role("button", name="Put in print").click()
    slow.get_by_role("button", name="Put in print").click()
    expect(slow.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    expect(slow.get_by_text("Three clients say the same.").last).to_be_visible()
    look(slow)


def test_the_door_is_closed_again(arrive: Visit, look, dana: User) -> None:
    """An invitation that was used, and a question that was answered."""
    invitation = factory.make_invitation(inviter=dana)
    invitation.accept(by=factory.make_guest())
    asked = factory.make_expert(state=State.INVITED)
    token = nomination_token(asked)
    page = arrive()
    look(page, invitation.get_absolute_url())
    page.goto(reverse("referrals:nomination", args=[token]))
    page.get_by_role("button", name="No, thank you").click()
    look(page)
    page.goto(reverse("accounts:take_me_off", args=[off_token("someone@studio.test")]))
    page.get_by_role("button", name="Take me off").click()
    look(page)
    page.get_by_role("button", name="Put me back").click()
    look(page)
