"""What waits at the desk. Each app adds its own queues when the apps are ready: the desk imports none of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.timesince import timesince

from directory.models import Decision
from directory.paging import Page


@dataclass(frozen=True)
class Load:
    """How many wait, and since when the first of them does."""

    number: int
    since: dt.datetime | None = None

    @classmethod
    def of(cls, queue: QuerySet[Any], *, since: str) -> Load:
        """The load of a queue whose rows wait since the moment in that field. One query."""
        return cls(**queue.order_by().aggregate(number=Count("pk"), since=Min(since)))


@dataclass(frozen=True)
class Tab:
    name: str  # "Submissions"
    one: str  # "submission", as in "1 submission waits"
    many: str
    url: str  # the name of its page
    load: Callable[[], Load] | None  # none where nothing ever waits
    order: int


_tabs: list[Tab] = []


def register(tab: Tab) -> None:
    """Put a queue on the desk; the same one twice is one."""
    if tab.url not in {known.url for known in _tabs}:
        _tabs.append(tab)
        _tabs.sort(key=lambda known: known.order)


def loads() -> list[tuple[Tab, Load | None]]:
    """Every queue and what waits in it: one query each."""
    return [(tab, tab.load() if tab.load else None) for tab in _tabs]


def waited(since: dt.datetime) -> str:
    """ "3 days", "an hour": as long as something waits, roughly."""
    if timezone.now() - since < dt.timedelta(minutes=1):
        return "less than a minute"
    return timesince(since, depth=1).replace("\xa0", " ")


def sentence(all_loads: list[tuple[Tab, Load | None]]) -> str:
    """ "7 submissions, oldest 3 days. 1 change, oldest 2 hours." Empty when nothing waits."""
    parts = []
    for tab, load in all_loads:
        if load and load.number:
            oldest = f", oldest {waited(load.since)}" if load.since else ""
            parts.append(f"{load.number}\xa0{tab.one if load.number == 1 else tab.many}{oldest}.")
    return " ".join(parts)


def context(page: Page[Any]) -> dict[str, Any]:
    """What every page of the desk shows around its rows. The last decision is told when nothing waits."""
    all_loads = loads()
    said = sentence(all_loads)
    last = None if said else Decision.objects.filter(by__isnull=False).first()
    return {"page": page, "loads": all_loads, "sentence": said, "last": last}
