"""A storm of acceptances by many browsers at once, while processes die: what was acknowledged is written down."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

BROWSERS = 8
KILLS = 8  # about as many in a storm
PATIENCE = 45  # seconds for one click to be acknowledged
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')

# Runs in a process of its own: people, and introductions that everybody has still to answer.
SCENE = """
import json, django
django.setup()
from config.demo import factory
from referrals.letters.introductions import page
from referrals.models import Introduction
experts = [factory.make_expert() for _ in range(4)]
for expert in experts:
    factory.make_pick(expert=expert)
links = []
for number in range({number}):
    introduction = Introduction.objects.introduce(
        introducer=factory.make_member(), expert=experts[number % 4], name="Hana Sato",
        email=f"hana{{number}}@example.test", need="Nobody listens to my show.",
    )
    links += [page(introduction, introduction.prospect), page(introduction, introduction.expert.member)]
print(json.dumps(links))
"""


@dataclass
class Storm:
    """Everybody says yes by the link in the letter, some twice, until the book has acknowledged it."""

    port: int
    links: list[str]
    chance: random.Random
    acknowledged: list[str] = field(default_factory=list)
    failures: int = 0  # answers that were none, because something had just died

    def rage(self, *, kill: Callable[[], None]) -> None:
        """Clicks that are never acknowledged, because the book does not recover, are missing afterwards."""
        clicks = [*self.links, *self.chance.sample(self.links, len(self.links) // 3)]
        self.chance.shuffle(clicks)
        todo, over = iter(clicks), threading.Event()
        lock = threading.Lock()

        def browse() -> None:
            for link in taken(todo, lock):
                self.click(f"{link}yes/", link)

        def strike() -> None:
            """Again once the book has answered a few clicks: on a slow machine it needs longer to get up."""
            survived, calm = 0, max(2, len(clicks) // KILLS)
            while not over.wait(self.chance.uniform(0.1, 0.5)):
                if len(self.acknowledged) >= survived:
                    kill()
                    survived = len(self.acknowledged) + self.chance.randint(calm // 2, calm)

        browsers = [threading.Thread(target=browse) for _ in range(BROWSERS)]
        killer = threading.Thread(target=strike)
        for one in (*browsers, killer):
            one.start()
        for one in browsers:
            one.join()
        over.set()
        killer.join()

    def click(self, act: str, page: str) -> None:
        """Open the page and press the button, again and again until there is an answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if self.pressed(act, page):
                    self.acknowledged.append(page)
                    return
            except (OSError, http.client.HTTPException):
                pass_on = 0.05
            else:
                pass_on = 0.2
            self.failures += 1
            time.sleep(pass_on)

    def pressed(self, act: str, page: str) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=8)
        try:
            line.request("GET", page)
            answer = line.getresponse()
            cookie, text = answer.headers.get("Set-Cookie", ""), answer.read().decode()
            token = TOKEN.search(text)
            if answer.status != 200:
                return False
            if token is None:  # nothing left to press: this yes is known already
                return True
            headers = {"Cookie": cookie.split(";")[0], "Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", act, f"csrfmiddlewaretoken={token[1]}", headers)
            return line.getresponse().status == 302
        finally:
            line.close()


def taken(clicks: Iterator[str], lock: threading.Lock) -> Iterator[str]:
    while True:
        with lock:
            click = next(clicks, None)
        if click is None:
            return
        yield click


def web_workers(place: Path) -> list[int]:
    """The processes that answer requests: children of `serve` of the installation in this folder."""
    mark, found = f"DATA_DIR={place / 'var'}\0".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def postmaster(place: Path) -> int | None:
    try:
        return int((place / "var" / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):  # it is just dying, or just being born
        return None


@dataclass
class Killer:
    """kill -9 of a web worker and of the database, in turn. A worker that dies again within 5.5 seconds ends granian,
    as a crash loop should: then a supervisor's restart is due, which is not what is tried here."""

    place: Path
    spared_until: float = 0

    def __call__(self) -> None:
        workers, database = web_workers(self.place), postmaster(self.place)
        if workers and time.monotonic() > self.spared_until:
            self.spared_until = time.monotonic() + 7
            victim = workers[0]
        elif database:
            victim = database
        else:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def scene(number: int) -> str:
    return SCENE.format(number=number)


def links_of(output: str) -> list[str]:
    found: list[str] = json.loads(output.strip().splitlines()[-1])
    return found
