"""The rules of the bank as pages print them: every figure is computed by the rules themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from referrals import bank
from referrals.bank import Kind, Rating, units
from referrals.models.deposits import WAITS


class Price(NamedTuple):
    event: str
    says_so: str  # who
    moves: str
    again: str


class Band(NamedTuple):
    rating: str
    rule: str
    effect: str


class Example(NamedTuple):
    day: int
    event: str
    moved: str
    then: str  # worth on the day of the last one
    later: str  # and a year after it


AGAIN = "the next between the same two within a year"
CURATOR = "a curator who has no part in it"


def prices() -> list[Price]:
    introduced, thanked = ([units(points) for points in bank.series(kind)] for kind in (Kind.INTRODUCTION, Kind.THANKS))
    first, second, further = (units(bank.amount(Kind.PUSHY, n)) for n in range(3))
    fee = f"paid by whoever followed up; within a year {second} for the next and {further} for each after it"
    return [
        Price(
            "An introduction is accepted",
            "the expert who receives it, after the prospect said yes",
            introduced[0],
            f"{AGAIN} {_words(introduced[1:])}, then nothing",
        ),
        Price(
            "The expert thanks for an introduction",
            "the expert, who may and need not",
            thanked[0],
            f"{AGAIN} {_words(thanked[1:])}, then nothing",
        ),
        Price("A follow-up after a no is upheld", CURATOR, first, fee),
        Price("A line is corrected", CURATOR, "what it moved", "taken back, from the same day"),
    ]


def _words(amounts: list[str]) -> str:
    return f"{', '.join(amounts[:-1])} and {amounts[-1]}"


def bands() -> list[Band]:
    good, generous, line = units(bank.IN_DEBT), units(bank.GENEROUS), units(-bank.CREDIT_LINE)
    notice, opening = bank.NOTICE.days, bank.OPENING.days
    closed = "You cannot ask for yourself until you have given. Members about to introduce somebody to you read it."
    return [
        Band(Rating.GENEROUS.label, f"{generous} and more", "Nothing. Nobody else sees it."),
        Band(Rating.GOOD.label, f"from {good} to {generous}", "Nothing."),
        Band(Rating.OVERDRAWN.label, f"below {good}, down to the credit line of {line}", "It is your turn to give."),
        Band(Rating.NOTICE.label, f"below the credit line, and {notice} days ago not", "You get one dated letter."),
        Band(Rating.INSUFFICIENT.label, f"below the credit line, {notice} days ago and now", closed),
        Band(Rating.NEW.label, f"below the credit line in the first {opening} days of membership", "As overdrawn."),
    ]


EVENTS = [(0, Kind.INTRODUCTION, 0, "Ada introduces somebody to Ben"), (10, Kind.THANKS, 0, "Ben thanks her")]
EVENTS += [(20, Kind.INTRODUCTION, 1, "Ada introduces somebody else to Ben")]


def example() -> dict[str, Any]:
    """What a statement says on the day of the last of three events, and a year later."""
    then = EVENTS[-1][0]
    later = then + bank.YEAR.days
    rows, sums = [], [0.0, 0.0]
    for day, kind, n, event in EVENTS:
        points = bank.amount(kind, n)
        worth = [bank.faded(points, dt.timedelta(days=on - day)) for on in (then, later)]
        sums = [total + each for total, each in zip(sums, worth, strict=True)]
        rows.append(Example(day, event, units(points), *map(units, worth)))
    return {"rows": rows, "then": then, "later": later, "sums": [units(total) for total in sums]}


def rules() -> dict[str, Any]:
    """Everything the page of the rules prints."""
    return {
        "prices": prices(),
        "bands": bands(),
        "example": example(),
        "most": units(sum(bank.series(Kind.INTRODUCTION))),
        "line": units(bank.CREDIT_LINE),
        "largest": units(bank.LARGEST_LINE),
        "year": bank.YEAR.days,
        "waits": WAITS.days,
        "notice": bank.NOTICE.days,
        "opening": bank.OPENING.days,
    }
