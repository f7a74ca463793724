"""What the sample people say: sentences per trade, from words/<part>.json, and lines that fit any trade."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.models import Relationship

HERE = Path(__file__).parent
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
CLIENTS_UP_TO = 8  # the first so many sentences of `how` are a client's
HIRED = re.compile(r"\b(hired|used|paid|booked|commissioned|engaged)\b")
TOGETHER = re.compile(
    r"with \{(obj|name)\}|\{(sub|Sub|name|obj)\} and I\b|\bI and \{name\}|\b(we|shared|together|colleagues?)\b"
)


@dataclass(frozen=True)
class Trade:
    """The sentences of one category. All of them carry {name}, {sub}, {obj} and {pos}."""

    headlines: list[str]
    own_words: list[str]
    for_whom: list[str]
    not_for_whom: list[str]
    how: list[str]
    like: list[str]
    trust: list[str]


@functools.cache
def trades() -> dict[str, Trade]:
    """By the slug of the category."""
    parts = [json.loads(path.read_text("utf-8")) for path in sorted((HERE / "words").glob("*.json"))]
    return {slug: Trade(**words) for part in parts for slug, words in part["categories"].items()}


@functools.cache
def lines() -> dict[str, Any]:
    """Sentences that fit any trade: answers, reasons, invitations."""
    content: dict[str, Any] = json.loads((HERE / "lines.json").read_text("utf-8"))
    return content


def say(template: str, *, name: str, she: bool) -> str:
    """A sentence about somebody, with the first name and the right pronouns."""
    sub, obj, pos = ("she", "her", "her") if she else ("he", "him", "his")
    return template.format(
        name=name.split()[0], sub=sub, Sub=sub.title(), obj=obj, Obj=obj.title(), pos=pos, Pos=pos.title()
    )


def years(how: str) -> list[int]:
    return [int(year) for year in YEAR.findall(how)]


def relationship(trade: Trade, number: int) -> Relationship:
    """The relation that a sentence of `how` speaks of."""
    how = trade.how[number]
    if number < CLIENTS_UP_TO or HIRED.search(how):
        return Relationship.CLIENT
    return Relationship.COLLEAGUE if TOGETHER.search(how) else Relationship.SEEN
