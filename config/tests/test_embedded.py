"""The embedded server survives what happens to servers on people's machines."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from config.embedded import PACKAGE, Server, ServerError


def ask(server: Server, sql: str, *, user: str = "book_app") -> Any:
    """The first value that a statement gives, or None."""
    connection = psycopg2.connect(
        host=str(server.socket_folder), port=5432, dbname="book", user=user, connect_timeout=3
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def kill_hard(server: Server) -> None:
    os.kill(postmaster(server), signal.SIGKILL)


def remember(server: Server) -> None:
    ask(server, "CREATE TABLE kept (what text); INSERT INTO kept VALUES ('this')", user="book_owner")


def remembers(server: Server) -> bool:
    return bool(ask(server, "SELECT what FROM kept", user="book_owner") == "this")


def test_fresh_start_makes_two_modest_roles(server: Server) -> None:
    server.ensure()
    rights = "SELECT bool_or(rolsuper OR rolcreaterole OR rolbypassrls) FROM pg_roles WHERE rolname LIKE 'book%'"
    assert ask(server, rights) is False
    assert ask(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'book'") == "book_owner"
    assert ask(server, "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'book_app'") is False
    assert ask(server, "SET ROLE book_app; SELECT current_user", user="book_owner") == "book_app"
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(server, "CREATE TABLE mine (id int)")


def test_extensions_need_no_superuser(server: Server) -> None:
    server.ensure()
    for name in ("unaccent", "pg_trgm", "btree_gin"):
        ask(server, f"CREATE EXTENSION {name}", user="book_owner")


def test_letters_with_accents_whatever_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server.ensure()
    assert ask(server, "SELECT 'ÉCOLE' ILIKE 'école'") is True


def test_no_tcp_and_a_private_socket(server: Server) -> None:
    server.ensure()
    assert ask(server, "SHOW listen_addresses") == ""
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700


def test_stop_and_start_keeps_the_data(server: Server) -> None:
    server.ensure()
    remember(server)
    server.stop()
    assert not server.ready()
    server.ensure()
    assert remembers(server)


def test_kill_hard_then_start(server: Server) -> None:
    server.ensure()
    remember(server)
    kill_hard(server)
    server.ensure()
    assert remembers(server)


@pytest.mark.parametrize("content", ["", "not a number\n", "0\n"])
def test_damaged_pid_file(server: Server, content: str) -> None:
    server.ensure()
    server.stop()
    (server.data / "postmaster.pid").write_text(content)
    server.ensure()
    assert server.ready()


def test_pid_used_again_by_another_process(server: Server) -> None:
    server.ensure()
    remember(server)
    content = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    who = {"user": server.account.pw_uid} if server.account else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **who) as other:
        (server.data / "postmaster.pid").write_text("\n".join([str(other.pid), *content[1:]]))
        server.ensure()
        other.kill()
    assert remembers(server)


def test_interrupted_first_start(server: Server) -> None:
    (server.home / "data.new" / "base").mkdir(parents=True)
    (server.home / "data.new" / "PG_VERSION").write_text("18")
    server.ensure()
    assert server.ready()


@pytest.mark.parametrize("name", ["with space", "it's $HOME", 'a "quote", a comma', "x" * 120])
def test_odd_folders(place: Path, name: str) -> None:
    server = Server(place / name / "postgres", shelter=place / "shelter")
    try:
        server.ensure()
        assert ask(server, "SHOW data_directory", user="postgres") == str(server.data)
        assert len(os.fsencode(server.socket_folder)) <= 80
    finally:
        server.leave()


def test_eight_processes_at_once(place: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from config.embedded import Server\n"
        "server = Server(Path(sys.argv[1])); server.ensure(); print(server.ready()); sys.stdin.read()"
    )

    def start(_: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, str(place / "postgres")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes)  # type: ignore[call-overload,no-any-return]

    with ThreadPoolExecutor(8) as pool:
        processes = list(pool.map(start, range(8)))
    assert [process.stdout.readline().strip() for process in processes if process.stdout] == ["True"] * 8
    for process in processes:
        process.communicate()
    assert not Server(place / "postgres").ready()


def test_whoever_leaves_last_stops_the_server(server: Server) -> None:
    second = Server(server.wanted_home, shelter=server.shelter.parent)
    server.ensure()
    second.ensure()
    second.leave()
    assert server.ready()
    server.leave()
    assert not server.ready()


def test_a_guest_does_not_stop_what_others_use(place: Path, python: Any) -> None:
    server = Server(place / "var" / "postgres")
    server.ensure()
    assert python("manage.py", "showmigrations", "--plan").returncode == 0
    assert server.ready()
    server.leave()


def test_root_lends_an_account(server: Server) -> None:
    server.ensure()
    owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
    assert owner == server.data.stat().st_uid != 0
    if os.geteuid() == 0:
        assert owner == pwd.getpwnam("nobody").pw_uid


def test_folder_that_only_root_may_enter(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    server = Server(closed / "postgres", shelter=place / "shelter")
    try:
        server.ensure()
        said = capfd.readouterr().err
        assert closed.stat().st_mode & 0o777 == 0o700
        if os.geteuid() == 0:
            assert server.home.is_relative_to(place / "shelter")
            assert str(server.home) in said
        else:
            assert server.home == closed / "postgres"
    finally:
        server.leave()


def test_clone_that_only_root_may_enter(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for part in (PACKAGE, PACKAGE.with_name(f"{PACKAGE.name}.libs")):
        shutil.copytree(part, closed / part.name)
    server = Server(closed / "postgres", shelter=place / "shelter", package=closed / PACKAGE.name)
    try:
        server.ensure()
        program = Path(f"/proc/{postmaster(server)}/exe").resolve()
        assert program.is_relative_to(place / "shelter" if os.geteuid() == 0 else closed)
    finally:
        server.leave()


def test_data_of_somebody_else(server: Server) -> None:
    server.ensure()
    server.stop()
    if server.account:  # only root can make such a folder
        os.chown(server.home, 12345, 12345)
        with pytest.raises(ServerError, match="belongs to another user"):
            server.ensure()
        os.chown(server.home, server.account.pw_uid, server.account.pw_gid)


def test_start_is_quick(server: Server) -> None:
    server.ensure()
    server.stop()
    started = time.monotonic()
    server.ensure()
    assert time.monotonic() - started < 5
