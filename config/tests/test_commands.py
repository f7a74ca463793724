"""The operators' commands, as processes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded import Server
from config.tests.conftest import Manage


def processes_of(place: Path) -> list[str]:
    """The command lines of all processes that belong to the installation in this folder."""
    mark, found = f"DATA_DIR={place / 'var'}\0".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def answer(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return int(response.status)
    except urllib.error.URLError:
        return 0


@contextmanager
def running(environment: dict[str, str], port: int) -> Iterator["subprocess.Popen[str]"]:
    """`manage.py run`, from when the book is open; within, the test ends it."""
    with subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        env=environment | {"PORT": str(port), "WEB_CONCURRENCY": "1"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "The book is open" in line:
                break
        else:
            raise AssertionError("".join(said))
        yield process
        process.wait(20)


def await_end(place: Path) -> list[str]:
    """What still runs after a while."""
    deadline = time.monotonic() + 15
    while processes_of(place) and time.monotonic() < deadline:
        time.sleep(0.2)
    return processes_of(place)


@pytest.mark.usefixtures("static_files")
def test_run_serves_and_leaves_nothing_behind(place: Path, environment: dict[str, str], free_port: int) -> None:
    with running(environment, free_port) as process:
        assert answer(free_port, "/healthz/ready") == 200
        assert answer(free_port, "/static/css/book.css") == 200
        os.kill(process.pid, signal.SIGINT)
    assert process.returncode == 0
    assert await_end(place) == []


@pytest.mark.usefixtures("static_files")
def test_run_killed_hard_starts_clean(place: Path, environment: dict[str, str], free_port: int) -> None:
    with running(environment, free_port) as process:
        process.kill()
    assert await_end(place) == []

    with running(environment, free_port) as process:
        os.kill(postmaster(place), signal.SIGKILL)
        assert answer(free_port, "/healthz/ready") == 200
        process.terminate()
    assert process.returncode == 0
    assert await_end(place) == []


def postmaster(place: Path) -> int:
    return int((place / "var" / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def test_port_that_is_taken(python: Manage, environment: dict[str, str], free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        done = python("manage.py", "run", PORT=str(free_port))
    assert done.returncode == 1
    assert f"Port {free_port} on 127.0.0.1 is not free" in done.stderr


@pytest.mark.usefixtures("static_files")
def test_setup_speaks_json_and_obeys_database_url(place: Path, python: Manage) -> None:
    outside = Server(place / "elsewhere" / "postgres")
    outside.ensure()
    try:
        folder = str(outside.socket_folder).replace("/", "%2F")
        addresses = {
            "DATABASE_URL": f"postgresql://book_app@{folder}:5432/book",
            "DATABASE_OWNER_URL": f"postgresql://book_owner@{folder}:5432/book",
        }
        done = python("manage.py", "setup", "--json", **addresses)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["database"] == "outside"
        assert "/join/" in told["owner_link"]
        assert not (place / "var" / "postgres").exists()

        again = python("manage.py", "setup", **addresses)
        assert "unchanged" in again.stdout
        pending = python("manage.py", "migrate", "--check", **addresses)
        assert pending.returncode == 0, pending.stdout

        deploy = python("manage.py", "check", "--deploy", "--database", "default", **addresses)
        assert "config.E001" not in deploy.stderr
        superuser = {"DATABASE_URL": f"postgresql://postgres@{folder}:5432/book"}
        deploy = python("manage.py", "check", "--deploy", "--database", "default", **superuser)
        assert "config.E001" in deploy.stderr
    finally:
        outside.leave()


def test_command_stops_the_server_that_it_started(place: Path, python: Manage) -> None:
    assert python("manage.py", "showmigrations", "config").returncode == 0
    server = Server(place / "var" / "postgres")
    assert (server.data / "PG_VERSION").exists()
    assert not server.ready()


@pytest.mark.parametrize("command", ["setup", "serve", "worker", "run", "migrate"])
def test_commands_explain_themselves(python: Manage, command: str) -> None:
    done = python("manage.py", command, "--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5
