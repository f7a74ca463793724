"""What every test gets. Factories live beside the tests of each app."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from config import fonts

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
