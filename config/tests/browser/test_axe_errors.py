"""Pages for what went wrong, and that a fault in a page is found here at all."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from config.errors import plain_page

from .conftest import Visit
from .looking import Eavesdropper, problems_in_markup, problems_in_views, violations

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/nowhere/", "/?q=%00", "/experts/nobody/", "/join/nonsense/accept/"])
def test_refusals(visit: Visit, axe: str, path: str) -> None:
    page = visit()
    response = page.goto(path)
    assert response is not None
    assert response.status in (400, 404, 405)
    assert problems_in_markup(response.text()) + problems_in_views(page, axe) == []


# These answer what a browser here cannot bring about.
@pytest.mark.parametrize(("status", "template"), [(403, "403_csrf.html"), (413, ""), (429, ""), (500, ""), (503, "")])
def test_plain_pages(visit: Visit, axe: str, status: int, template: str) -> None:
    page, answer = visit(), plain_page(status, template)

    def instead(route: Route) -> None:
        route.fulfill(status=status, body=answer.content, content_type="text/html; charset=utf-8")

    page.route("**/help/", instead)
    page.goto("/help/")
    assert problems_in_markup(answer.content.decode()) + problems_in_views(page, axe) == []


FAULTS: list[tuple[str, str]] = [
    ("document.querySelector('h1').style.color = '#999'", "color-contrast"),
    (
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/static/img/favicon.svg>')",
        "image-alt",
    ),
    ("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')", "label"),
    ("document.querySelector('main').style.width = '400px'", "scrolls sideways"),
    ("document.querySelector('main').insertAdjacentHTML('beforeend', '<h5>Deep</h5>')", "heading-order"),
]


@pytest.mark.parametrize(("fault", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_fault_is_found(visit: Visit, axe: str, fault: str, name: str) -> None:
    page = visit()
    page.goto("/help/")
    page.evaluate(fault)
    assert any(name in problem for problem in problems_in_views(page, axe))


def test_what_a_page_must_not_do_is_heard(visit: Visit) -> None:
    page = visit()
    ears = Eavesdropper(page)
    page.goto("/help/")
    assert ears.heard == []
    add(page, "script", {"textContent": "1"})
    add(page, "img", {"src": "http://tracker.example/pixel.gif"})
    page.wait_for_timeout(100)
    assert len(ears.heard) == 2
    assert all("Content Security Policy" in words for words in ears.heard)


def add(page: Page, element: str, fields: dict[str, Any]) -> None:
    page.evaluate(
        "([name, fields]) => document.body.append(Object.assign(document.createElement(name), fields))",
        [element, fields],
    )


def test_faults_of_html_are_found() -> None:
    faulty = "<!doctype html><html lang=en><title>a</title><h1>A</h1><h1 id=a>B</h1><p id=a><div></p></div>"
    assert problems_in_markup(faulty) == ["line 1: unexpected-end-tag", "2 h1", "id a twice"]


def test_axe_is_asked_for_everything(visit: Visit, axe: str) -> None:
    page = visit()
    page.goto("/help/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert [problem.partition(":")[0] for problem in violations(page, axe)] == ["html-has-lang"]
