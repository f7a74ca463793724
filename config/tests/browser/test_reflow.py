"""Small windows, large letters, wide spacing: nothing is cut off or scrolls sideways (WCAG 1.4.4, 1.4.10, 1.4.12)."""

import pytest
from playwright.sync_api import Page

from .conftest import Visit
from .lively import FULL, PLACE
from .looking import NARROW, OPEN_ALL, TOO_WIDE, WIDE, problems_in_markup, problems_in_views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written")]

BOB = "bob@example.test"
ALICE = "/experts/alice-marchetti/"
PAGES = [("/", ""), ("/contents/", ""), (PLACE, ""), (FULL, ""), (ALICE, ""), (f"{ALICE}recommendations/", "")]
PAGES += [
    ("/book/bob-lindqvist/", BOB),
    (f"{ALICE}recommend/", "dana@example.test"),
    ("/listing/edit/", "alice@example.test"),
]
PAGES += [("/desk/experts/alice-marchetti/", "dana@example.test"), ("/sign-in/login/", "")]

SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
# A field of one line scrolls, and is no place to read.
CUT = """() => [...document.querySelectorAll('body *:not(input)')].filter(e => {
  const style = getComputedStyle(e), hides = /hidden|clip/;
  return e.checkVisibility() && !e.closest('.vh') && e.clientWidth > 1 && (
    hides.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 ||
    hides.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1);
}).map(e => `cut off: ${e.outerHTML.slice(0, 100)}`)"""


def opened(visit: Visit, path: str, email: str) -> Page:
    page = visit(email=email, bypass_csp=True)  # the reader's own style sheet is no matter of ours
    page.goto(path)
    page.evaluate(OPEN_ALL)
    return page


@pytest.mark.parametrize(("path", "email"), PAGES)
def test_spacing_of_the_readers_own(visit: Visit, path: str, email: str) -> None:
    page = opened(visit, path, email)
    page.add_style_tag(content=SPACING)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(TOO_WIDE) + page.evaluate(CUT) == []


@pytest.mark.parametrize(("path", "email"), PAGES)
def test_four_times_as_large(visit: Visit, path: str, email: str) -> None:
    """A window of 1280 by 1024 at 400 % is one of 320 by 256; and letters alone twice as large, in a window of 640."""
    page = opened(visit, path, email)
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate(TOO_WIDE) + page.evaluate(CUT) == []
    page.set_viewport_size({"width": 640, "height": 512})
    page.add_style_tag(content="html { font-size: 212.5% !important }")
    assert page.evaluate(TOO_WIDE) + page.evaluate(CUT) == []


@pytest.mark.parametrize(("path", "email"), PAGES)
def test_axe_where_much_is_written(visit: Visit, axe: str, path: str, email: str) -> None:
    page = visit(email=email)
    response = page.goto(path)
    assert response
    assert problems_in_markup(response.text()) + problems_in_views(page, axe) == []


def test_something_cut_off_is_found(visit: Visit) -> None:
    page = opened(visit, "/help/", "")
    page.add_style_tag(content="h1 { overflow: hidden; white-space: nowrap; width: 3rem }")
    assert len(page.evaluate(CUT)) == 1
