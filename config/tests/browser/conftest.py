"""A browser in front of a running book. What a file of tests looks at is built once and thrown away at its end."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import PASSWORD, make_user
from config.tests.policy.town import Town, settle
from directory.models import Expert
from referrals.letters import nomination_token

from . import lively

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    return str(Axe().axe_script)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def own_media(settings: Settings, pictures: Path) -> None:
    """Portraits stay as long as the people of a file do: longer than a test."""
    settings.MEDIA_ROOT = pictures


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are looked at here, on purpose, and Django logs each."""
    for name in ("django.request", "django.server", "django.security"):
        caplog.set_level(logging.CRITICAL, logger=name)


@pytest.fixture(scope="module")
def book(django_db_setup: None, django_db_blocker: Any, browser: Browser, pictures: Path) -> Iterator[LiveServer]:
    """A server. All that its file puts into the book stays there until the file ends: pytest-django's own server
    empties the database after each test. What a test itself writes, the server cannot see."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=pictures):
        server = LiveServer("localhost")
        yield server
        server.stop()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def town(book: LiveServer) -> Town:
    """Everything has happened here once."""
    town = settle()
    for person in (make_user(name="Nell Ortiz"), make_user(name="Noel Baptiste")):
        Expert.objects.nominate(person=person, by=None).choose(town.categories[:1])
    town.things["no invitation"] = {"token": "nonsense"}
    town.things["question to alice"] = {"token": nomination_token(town.expert("alice"))}
    return town


@pytest.fixture(scope="module")
def written(book: LiveServer) -> LiveServer:
    """A good deal is written here."""
    lively.write()
    return book


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """Which page has which title: no two have the same."""
    return {}


@pytest.fixture(scope="module")
def keys(book: LiveServer) -> dict[str, Any]:
    """The cookies of those who have signed in, by their addresses."""
    return {}


@pytest.fixture
def visit(book: LiveServer, keys: dict[str, Any], new_context: Any) -> Visit:
    """visit(email="dana@dana.test"): a fresh browser, of a visitor or of somebody signed in."""

    def begin(*, email: str = "", **options: Any) -> Page:
        context = new_context(base_url=book.url, reduced_motion="reduce", **options)
        if email and email not in keys:
            sign_in(context, email=email)
            keys[email] = context.cookies()
        context.add_cookies(keys.get(email, []))
        return opened(context)

    return begin


@pytest.fixture
def arrive(live_server: LiveServer, new_context: Any) -> Visit:
    """The same on a server whose book is as empty as the database, for stories in which much is written."""

    def begin(*, email: str = "", **options: Any) -> Page:
        context = new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        if email:
            sign_in(context, email=email)
        return opened(context)

    return begin


def opened(context: BrowserContext) -> Page:
    context.set_default_timeout(10_000)
    return context.new_page()


def sign_in(context: BrowserContext, *, email: str) -> None:
    """By password, as at the door; only the typing is left out."""
    door = reverse("account_login")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', context.request.get(door).text())
    assert token
    form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert context.request.post(door, form=form, max_redirects=0).status == 302
