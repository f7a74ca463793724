"""What every test gets. Factories live beside the tests of each app."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser
from pytest_django import Settings

from accounts.models import User
from config import fonts
from config.demo import factory

# Playwright keeps an event loop in the main thread, where Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture(autouse=True)
def own_media(settings: Settings, tmp_path: Path) -> None:
    """Uploads of a test end with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, and the fonts that pages will ask for."""
    from django.conf import settings

    fonts.build(settings.BUILT_DIR / "fonts")
    return {
        "executable_path": shutil.which("chromium"),
        "chromium_sandbox": False,
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each server has an address of its own. (pytest 9 warns of the fixture that pytest-playwright brings.)"""


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Iterator[Browser]:
    """Beside Playwright's event loop Django keeps another connection: closed before the test database is dropped."""
    yield browser
    connections.close_all()


# The people of the sample community. Each is there only in a test that asks for them.


@pytest.fixture
def alice(db: None) -> User:
    """Listed in podcasting."""
    member = factory.make_member(**factory.named("alice"))
    factory.make_expert(member=member)
    return member


@pytest.fixture
def bob(alice: User) -> User:
    """Recommends alice, in print."""
    member = factory.make_member(**factory.named("bob"))
    factory.make_recommendation(author=member, expert=alice.expert)
    return member


@pytest.fixture
def charlie(db: None) -> User:
    """A member, party to nothing."""
    return factory.make_member(**factory.named("charlie"))


@pytest.fixture
def dana(db: None) -> User:
    """A curator."""
    return factory.make_curator(**factory.named("dana"))


@pytest.fixture
def erin(db: None) -> User:
    """Listed where alice is, and not recommended by bob."""
    member = factory.make_member(**factory.named("erin"))
    factory.make_expert(member=member)
    return member


@pytest.fixture
def frank(db: None) -> User:
    """A member who gave nothing."""
    return factory.make_member(**factory.named("frank"))


@pytest.fixture
def gwen(db: None) -> User:
    """A guest."""
    return factory.make_guest(**factory.named("gwen"))
