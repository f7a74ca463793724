"""Experts as a file: a table that the import reads again, or everything about each as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder

from directory.formulas import disarm
from directory.importing import HEADER, called
from directory.models import Expert

AT_ONCE = 500


class Out(Protocol):
    def write(self, text: str, /) -> Any: ...


def experts() -> Iterator[Expert]:
    rows = Expert.objects.with_member().prefetch_related("chosen__category").order_by("pk")
    return rows.iterator(chunk_size=AT_ONCE)


def described(expert: Expert) -> dict[str, Any]:
    """Everything we keep of a listing, in the words of the import where that has a word."""
    place = expert.place
    return {
        "email": expert.member.email,
        "name": expert.name,
        "handle": expert.member.handle,
        "state": expert.state,
        "headline": expert.headline,
        "categories": [chosen.category.slug for chosen in expert.chosen.all()],
        "place": called(place) if place else "",
        "remote": expert.remote,
        "languages": expert.languages,
        "price_band": expert.price_band,
        "own_words": expert.own_words,
        "for_whom": expert.for_whom,
        "not_for_whom": expert.not_for_whom,
        "clients": expert.clients,
        "taking_clients": expert.taking_clients,
        "taking_until": expert.taking_until,
        "links": expert.links,
        "listed_at": expert.listed_at,
        "confirmed_at": expert.confirmed_at,
    }


def cell(value: Any) -> str:
    """One cell: several values joined by semicolons, and nothing that a spreadsheet program would run."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ";".join(entry.replace(";", "%3B") for entry in value)  # in a link; nothing else may contain one
    return disarm(value)


def write_csv(out: Out) -> int:
    """The columns of the import; the number of rows. Quoted as RFC 4180 says."""
    writer, number = csv.writer(out), 0
    writer.writerow(HEADER)
    for number, expert in enumerate(experts(), start=1):  # noqa: B007  counted
        row = described(expert)
        writer.writerow([cell(row[name]) for name in HEADER])
    return number


def write_json(out: Out) -> int:
    """A JSON list with one line for each expert; the number of lines."""
    number = 0
    out.write("[\n")
    for number, expert in enumerate(experts(), start=1):
        line = json.dumps(described(expert), cls=DjangoJSONEncoder, ensure_ascii=False)
        out.write(f"{',' if number > 1 else ''}{line}\n")
    out.write("]\n")
    return number
