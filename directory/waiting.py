"""What waits for somebody, in one line above the search of the first page. Apps above register what they know of."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from accounts.models import User


class NextThing(NamedTuple):
    said: str
    act: str
    path: str


Known = Callable[[User], NextThing | None]
_known: list[Known] = []


def registered(known: Known) -> None:
    """Ask this too: the first one that knows of something is heard."""
    if known not in _known:
        _known.append(known)


def next_thing(user: User) -> NextThing | None:
    return next((thing for known in _known if (thing := known(user))), None)
