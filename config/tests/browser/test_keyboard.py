"""Without a mouse: every control is reached, seen and in order, and the tasks of the book can be done."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from .conftest import Visit
from .lively import PLACE
from .looking import NARROW, WIDE
from .stories import ANSWERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written")]

ALICE = "/experts/alice-marchetti/"
DANA = "dana@example.test"
WALKS = [
    ("/", ""),
    (PLACE, ""),
    ("/search/?q=podcasting", ""),
    (ALICE, ""),
    (f"{ALICE}recommend/", DANA),
    ("/desk/", DANA),
]

# Where the focus is: whether it is seen, marked, uncovered, and after the stop before.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = [...at.getClientRects()].find(box => box.width && box.height) || at.getBoundingClientRect();
  // A long text field is scrolled to where one types: a line of it is enough.
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const from = Math.max(box.top, 0), to = Math.min(box.bottom, innerHeight);
  const top = document.elementFromPoint(left + Math.min((right - left) / 2, 20), (from + to) / 2);
  const style = getComputedStyle(at), before = window.lastStop, wrong = [];
  const line = at.matches('textarea') ? 24 : box.height - 1;
  if (to - from < Math.min(line, box.height) || right - left < box.width - 1) wrong.push('outside the window');
  else if (!top || !(at.contains(top) || top.contains(at) || at.labels?.[0]?.contains(top))) wrong.push('covered');
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) wrong.push('not marked');
  if (before && !(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push('out of order');
  at.dataset.reached = 1;
  window.lastStop = at;
  return wrong.map(fault => `${fault}: ${at.outerHTML.slice(0, 120)}`);
}"""
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.tabIndex >= 0 && e.type !== 'radio' && !e.disabled && e.checkVisibility() && !e.dataset.reached)
  .map(e => `never reached: ${e.outerHTML.slice(0, 120)}`)"""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize(("path", "email"), WALKS)
def test_walk(visit: Visit, path: str, email: str, size: ViewportSize) -> None:
    page = visit(email=email, viewport=size)
    page.goto(path)
    page.goto(path)  # whoever has just signed in is told so, and begins at that note
    assert walk(page) == []


def walk(page: Page) -> list[str]:
    """Tab from the top to the end."""
    wrong: list[str] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        faults = page.evaluate(STOP)
        if faults is None:
            break
        wrong += faults
    return wrong + page.evaluate(MISSED)


FAULTS: list[tuple[str, str]] = [
    ("document.querySelector('.btn').style.outline = 'none'", "not marked"),
    ("document.querySelector('.btn').tabIndex = 1", "out of order"),
    ("document.querySelector('.btn').style.cssText = 'position: fixed; left: -500px'", "outside the window"),
    ("document.querySelector('.btn').setAttribute('onfocus', 'this.blur()')", "never reached"),
]


@pytest.mark.parametrize(("fault", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_fault_is_found(visit: Visit, fault: str, name: str) -> None:
    page = visit(bypass_csp=True)
    page.goto("/nowhere/")
    page.evaluate(fault)
    assert any(name in words for words in walk(page))


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {wanted}")


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_skip_link_and_search_come_first(visit: Visit) -> None:
    page = visit()
    page.goto("/")
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_label("What do you need help with?")).to_be_focused()
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    expect(page.locator(":focus")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("What do you need help with?")).to_be_focused()


def test_skip_the_filters(visit: Visit) -> None:
    page = visit(viewport=WIDE)
    page.goto(PLACE)
    tab_to(page, page.get_by_role("link", name="Skip to experts"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(".entry h3 a").first.evaluate("element => element === document.activeElement")


def test_suggestions(visit: Visit) -> None:
    """Down goes into the list and Up out of it; Esc closes it; Enter searches what is typed."""
    page = visit()
    page.goto("/")
    field = page.get_by_label("What do you need help with?")
    tab_to(page, field)
    page.keyboard.type("podc", delay=20)
    suggestions = page.locator("#found a")
    expect(suggestions.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(suggestions.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(suggestions).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("podc")
    page.keyboard.type("ast", delay=20)
    expect(suggestions.first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=podcast")
    page.go_back()


def test_escape_closes_a_fold(visit: Visit) -> None:
    page = visit(viewport=NARROW)
    page.goto(PLACE)
    summary = page.get_by_text("Filter and order")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Language"))
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Language")).not_to_be_visible()


def test_find_filter_and_open_somebody(visit: Visit) -> None:
    page = visit(viewport=WIDE)
    page.goto("/")
    tab_to(page, page.get_by_label("What do you need help with?"))
    page.keyboard.type("podcasting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, page.locator("main").get_by_role("link", name="Podcasting").first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PLACE}")
    order = page.get_by_label("Order", exact=True)
    tab_to(page, order)
    page.keyboard.type("N")
    page.wait_for_url("**order=**")
    expect(order).to_be_focused()
    tab_to(page, page.locator(".entry h3 a").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/experts/**")


def test_recommend_with_one_error(visit: Visit) -> None:
    page = visit(email=DANA, viewport=WIDE)
    page.goto(ALICE)
    tab_to(page, page.get_by_role("link", name="Recommend Alice"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommend/")
    tab_to(page, page.get_by_label("I was her client"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("When, and what on?"))
    page.keyboard.type(ANSWERS["how"])
    tab_to(page, page.get_by_label("What do you like"))
    page.keyboard.type(ANSWERS["like"])
    tab_to(page, page.get_by_label("Podcasting"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Read it before you sign"))
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    assert focused(page) == "Say why you trust Alice."
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why do you trust her?")).to_be_focused()
    page.keyboard.type(ANSWERS["trust"])
    tab_to(page, page.get_by_role("button", name="Read it before you sign"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/proof/")
    tab_to(page, page.get_by_role("button", name="Sign it"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations/*/")
