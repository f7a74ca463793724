"""What happens again and again in a story."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD

from .post import code_in, last_letter

ANSWERS = {
    "how": "He cut the nine episodes of our first series, from raw calls, in the autumn of 2023.",
    "like": "He sends a note with each cut, so that we learn what to ask next time.",
    "trust": "He told us to drop the episode with our biggest customer because it was dull, and he was right.",
}


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def enter_by_password(page: Page, person: User) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()


def enter_by_code(page: Page, person: User) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="E-mail me a code").click()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="E-mail me a code").click()
    type_code(page, address=person.email)
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()


def type_code(page: Page, *, address: str) -> None:
    page.get_by_label("Code").fill(code_in(last_letter(to=address)))
    page.get_by_role("button", name="Go on").click()


def answer(page: Page, *, how: str = "", like: str = "", trust: str = "") -> None:
    """Type the three answers, or those that are given."""
    for label, words in (("When, and what on?", how), ("What do you like", like), ("Why do you trust", trust)):
        if words:
            page.get_by_label(label).fill(words)
