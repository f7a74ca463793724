"""Finding an expert: by category, by a name with a slip in it, by a sentence. With scripts and without."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.models import User
from config.demo import factory
from directory.models import Category, Expert

from .conftest import Visit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(db: None) -> Expert:
    """Alice is listed for podcasting, and Bob has said something of her."""
    call_command("load_categories")
    curator = factory.make_curator(**factory.named("dana"))
    podcasting = Category.objects.get(slug="podcasting")
    expert = factory.make_expert(
        member=factory.make_member(**factory.named("alice")), categories=[podcasting], by=curator,
        headline="Helps hosts who dread the edit.", own_words="I cut the boring parts and keep the breath.",
    )  # fmt: skip
    author: User = factory.make_member(**factory.named("bob"))
    factory.make_recommendation(author=author, expert=expert, what_i_like="She made our interviews sound unhurried.")
    factory.make_expert(categories=[podcasting], by=curator)
    return expert


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, arrive: Visit, alice: Expert) -> Page:
    page = arrive(java_script_enabled=request.param)
    page.goto("/")
    return page


def alice_is_open(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice Marchetti")
    expect(page.get_by_text("She made our interviews sound unhurried.")).to_be_visible()


def test_by_category(page: Page) -> None:
    page.get_by_role("link", name="Find").click()
    page.get_by_role("link", name="Podcasting").click()
    expect(page.get_by_role("status").first).to_contain_text("2 experts")
    page.get_by_role("link", name="Alice Marchetti").click()
    alice_is_open(page)


def test_by_a_name_with_a_slip(page: Page) -> None:
    page.get_by_label("What do you need help with?").fill("alise marcheti")
    page.get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name="Alice Marchetti").first.click()
    alice_is_open(page)


def test_by_a_sentence(page: Page) -> None:
    page.get_by_label("What do you need help with?").fill("who could make our interviews sound less hurried")
    page.get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name="Alice Marchetti").first.click()
    alice_is_open(page)


def test_by_a_problem_of_a_category(page: Page) -> None:
    """A sentence that nobody in print has used still leads to a category, and from there to somebody."""
    page.get_by_label("What do you need help with?").fill("Nobody listens to my podcast")
    page.get_by_role("button", name="Search").click()
    page.locator("main").get_by_role("link", name="Podcasting").first.click()
    page.get_by_role("link", name="Alice Marchetti").click()
    alice_is_open(page)
