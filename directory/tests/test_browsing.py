"""Finding somebody in a real browser, with JavaScript and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from directory.tests.listings import make_category
from directory.tests.shelf import CHICAGO, EVANSTON, make_place, make_shelf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf():
    category = make_category(aliases=["audio show"])
    spots = [make_place(CHICAGO), make_place(EVANSTON), None]
    make_shelf(category, 25, languages=lambda turn: [["en"], ["de"]][turn % 2], place=lambda turn: spots[turn % 3])
    return category


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_a_filter_changes_the_list_and_keeps_the_focus(page: Page, live_server, shelf):
    broken = []
    page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
    page.goto(live_server.url + shelf.get_absolute_url())
    language = page.get_by_label("Language")
    language.focus()
    language.select_option("de")
    expect(page.get_by_role("status").first).to_have_text("12 of 25 experts")
    expect(language).to_be_focused()
    expect(page).to_have_url(f"{live_server.url}{shelf.get_absolute_url()}?language=de")
    expect(page.get_by_label("Where", exact=True).locator("option")).to_have_text(
        ["Anywhere", "Near Chicago, United States (8)", "Near Evanston, United States (8)"]
    )
    page.get_by_label("Near another city").fill("skokie")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("8 of 25 experts")
    expect(page.get_by_label("Near another city")).to_have_value("")
    page.get_by_label("Order", exact=True).select_option("nearest")
    expect(page.get_by_text("Ordered by distance from Skokie")).to_be_visible()
    page.get_by_role("link", name="German").click()
    expect(page.get_by_role("status").first).to_have_text("17 of 25 experts")
    page.go_back()
    expect(page.get_by_role("status").first).to_have_text("8 of 25 experts")
    assert not broken


def test_the_filters_work_without_javascript(browser: Browser, live_server, shelf):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    page.goto(live_server.url + shelf.get_absolute_url())
    page.get_by_text("Filter and order").click()
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status").first).to_have_text("12 of 25 experts")
    page.get_by_text("Why here?").first.click()
    expect(page.get_by_text("Together:").first).to_be_visible()
    page.context.close()


def test_typing_narrows_the_contents(page: Page, live_server, shelf):
    make_category(slug="webinars")
    page.goto(live_server.url + reverse("directory:contents"))
    page.get_by_role("searchbox").type("audio")
    expect(page.get_by_text("also called audio show")).to_be_visible()
    expect(page.get_by_role("link", name="Webinars")).to_have_count(0)
    page.get_by_role("searchbox").fill("zebra")
    expect(page.get_by_text("No category is called that")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_keyboard_can_go_past_the_filters(page: Page, live_server, shelf, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + shelf.get_absolute_url())
    page.locator("a.skip", has_text="Skip to experts").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("li.entry h3 a").first).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
