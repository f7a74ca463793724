import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded import Server

Manage = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are for one account only."""
    folder = Path(tempfile.mkdtemp(prefix="book-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(place: Path) -> Iterator[Server]:
    """A server that is not started yet and is stopped at the end."""
    server = Server(place / "postgres", shelter=place / "shelter")
    yield server
    server.leave()


@pytest.fixture
def environment(place: Path) -> dict[str, str]:
    """The environment of a fresh installation that has its data in `place`."""
    kept = ("PATH", "HOME", "LANG", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "DATA_DIR": str(place / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@pytest.fixture
def python(environment: dict[str, str]) -> Manage:
    """Run Python in the project's folder, as a process of its own; variables by keyword."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=environment | variables,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def static_files_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the static files in it: building them takes seconds."""
    folder = tmp_path_factory.mktemp("static")
    script = "import django; django.setup(); from config import static; static.build()"
    environment = os.environ | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, check=True)
    return folder


@pytest.fixture
def static_files(static_files_once: Path, place: Path) -> None:
    """The static files of the installation in `place` are up to date."""
    for part in ("built", "static"):
        shutil.copytree(static_files_once / part, place / "var" / part)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
