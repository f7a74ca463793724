import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from config.processes import await_port, follow_parent, leave_on_signals

Child = subprocess.Popen[bytes]
Children = dict[str, Child]  # by the name of their command


class Command(BaseCommand):
    help = "Set up, then serve with a worker until Ctrl-C: the whole book in one command."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill the book with sample people first")
        parser.add_argument("--follow", action="store_true", help="stop when the process that started this one ends")

    def handle(self, *, demo: bool, follow: bool, **options: Any) -> None:
        leave_on_signals()
        if follow:
            follow_parent()
        children: Children = {}
        try:
            await_port(settings.HOST, settings.PORT)
            call_command("setup", demo=demo, stdout=self.stdout)
            connections.close_all()
            for name in ("serve", "worker"):
                children[name] = start(name)
            await_answer(children)
            self.stdout.write(f"\nThe book is open at {settings.SITE_URL}/  (Ctrl-C closes it)")
            self.stdout.flush()
            while True:
                all_run(children)
                time.sleep(0.3)
        except KeyboardInterrupt:
            self.stdout.write("\nClosing the book.")
        finally:
            stop(children.values())


def start(name: str) -> Child:
    """One of our commands in a process group of its own, so that Ctrl-C reaches it through us, once."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), name, "--follow"]
    return subprocess.Popen(command, process_group=0)


def all_run(children: Children) -> None:
    """Raise CommandError when a child has ended: the book does not run on with half of its processes."""
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"`{name}` ended with code {child.returncode}.")


def await_answer(children: Children, *, patience: float = 60) -> None:
    """Return when the server answers; raise CommandError when it ends or stays silent."""
    host = "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST  # noqa: S104
    address = f"http://{host}:{settings.PORT}{settings.SITE.path}/healthz/live"
    question = urllib.request.Request(address, headers={"Host": settings.SITE.host})
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(question, timeout=2).close()  # noqa: S310
            return
        all_run(children)
        time.sleep(0.2)
    raise CommandError(f"The server does not answer at {address}.")


def stop(children: Iterable[Child], *, patience: float = 15) -> None:
    """Ask each child to end, then make sure that nothing of its group is left."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + patience
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
