"""One stop of the tour."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, expect

from config.tests.policy.town import Town

from .looking import OPEN_ALL, Eavesdropper, problems_in_markup, problems_in_views
from .stops import Stop

EMPTY_FORM = """name => {
  const button = [...document.querySelectorAll('main form button')].find(b => b.textContent.trim() === name);
  for (const field of button.form.elements) {
    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
    else if (!['hidden', 'submit', 'file'].includes(field.type)) field.value = '';
  }
  button.click();
}"""


def go(page: Page, town: Town, stop: Stop) -> Response:
    """To the page as it is at first, or as it comes back when its empty form was refused."""
    path = town.address(stop.name, stop.thing)
    response = page.goto(f"{path}?{stop.query}" if stop.query else path)
    assert response
    assert urlsplit(page.url).path == path, f"sent on to {page.url}"
    if stop.press:
        page.evaluate(OPEN_ALL)
        with page.expect_navigation() as refused:
            page.evaluate(EMPTY_FORM, stop.press)
        response = refused.value
        expect(page.locator(".errors")).to_be_focused()
        assert page.title().startswith("Error: ")
    return response


def problems(page: Page, town: Town, stop: Stop, *, axe: str, titles: dict[str, str]) -> list[str]:
    """Everything that is wrong at a stop."""
    ears = Eavesdropper(page)
    response = go(page, town, stop)
    wrong = problems_in_markup(response.text())
    if response.status == 200 and titles.setdefault(page.title(), stop.name) != stop.name:
        wrong.append(f"titled like {titles[page.title()]}")
    wrong += problems_in_views(page, axe)
    if ears.hosts - {urlsplit(page.url).netloc}:
        wrong.append(f"asked other hosts: {ears.hosts}")
    return wrong + ears.heard
