"""What a page may weigh. Sizes are those of gzip, which every server and every browser has."""

import gzip
from collections import defaultdict

import pytest
from playwright.sync_api import Page, Response

from .conftest import Visit
from .lively import FULL, PLACE
from .looking import WIDE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written")]

KB = 1024
LIGHT = [
    "/experts/alice-marchetti/",
    "/how-experts-are-chosen/",
    "/help/",
    "/book/bob-lindqvist/",
    "/nowhere/",
    "/join/",
]
HEAVY = ["/", "/contents/", PLACE, FULL]


def weigh(page: Page, path: str) -> dict[str, list[int]]:
    """The compressed sizes of what is fetched for a page, by kind, scrolled to its end."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    weights = defaultdict(list)
    for answer in answers:
        body, kind = answer.body(), answer.request.resource_type
        weights[kind].append(len(body) if kind in ("image", "font") else len(gzip.compress(body, 9)))
    return weights


@pytest.mark.parametrize("path", [*HEAVY, *LIGHT])
def test_weight(visit: Visit, path: str) -> None:
    page = visit(viewport=WIDE)
    weights = weigh(page, path)
    assert sum(weights["document"]) < 15 * KB
    assert sum(weights["stylesheet"]) < 8 * KB
    assert len(weights["stylesheet"]) == 1
    assert sum(weights["script"]) <= (20 * KB if path in HEAVY else 0)
    assert sum(weights["font"]) <= 48 * KB
    assert len(weights["font"]) <= 1
    assert sum(weights["image"]) <= 120 * KB
    weights.pop("image", None)
    assert sum(len(sizes) for sizes in weights.values()) <= 8
    assert sum(sum(sizes) for sizes in weights.values()) <= 120 * KB
    assert page.evaluate("document.querySelectorAll('*').length") <= 1500


@pytest.mark.parametrize("path", [*HEAVY, *LIGHT])
def test_visitors_get_no_cookie(visit: Visit, path: str) -> None:
    """Nobody who only reads is given one: not by the page, nor by anything on it."""
    page = visit()
    headers: list[str] = []
    page.on("response", lambda answer: headers.extend(answer.headers))
    page.goto(path, wait_until="networkidle")
    assert "set-cookie" not in headers
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    # htmx remembers the address of the open tab until it is closed.
    assert set(page.evaluate("Object.keys(sessionStorage)")) <= {"htmx-current-path-for-history"}


def test_suggestions_set_no_cookie_either(visit: Visit) -> None:
    page = visit()
    page.goto("/")
    page.get_by_label("What do you need help with?").press_sequentially("podc", delay=20)
    page.get_by_role("link", name="Podcasting").first.wait_for()
    assert page.context.cookies() == []


def test_pages_hold_what_they_are_weighed_with(visit: Visit) -> None:
    page = visit()
    page.goto(PLACE)
    assert page.locator(".entry").count() == 20
    assert page.locator(".entry img").count() >= 3
    page.goto("/experts/alice-marchetti/")
    assert page.locator(".letter").count() >= 10
    page.goto(FULL)
    assert page.locator(".entry").count() >= 3
    page.goto("/")
    assert page.locator(".entry").count() == 4
