"""The rules of the referral bank as plain arithmetic: what an event moves, how it fades, what a balance is called.

One introduction is 1.00, which is 100 points. Only whole points are ever posted; only faded balances are ever shown.
"""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import models

POINTS = 100  # one introduction
YEAR = dt.timedelta(days=365)  # points halve in it, and repetitions within it count for less
NOTICE = dt.timedelta(days=30)
OPENING = dt.timedelta(days=90)
CREDIT_LINE = 3 * POINTS
LARGEST_LINE = 15 * POINTS
GENEROUS = 3 * POINTS
IN_DEBT = -1 * POINTS


class Kind(models.TextChoices):
    INTRODUCTION = "introduction", "Introduction"
    THANKS = "thanks", "Thanks"
    ANSWER = "answer", "Answer that helped"
    PUSHY = "pushy", "Follow-up after a no"
    REVERSAL = "reversal", "Reversal"


class Rating(models.TextChoices):
    GENEROUS = "generous", "Generous giver"
    GOOD = "good", "In good standing"
    OVERDRAWN = "overdrawn", "Overdrawn"
    NOTICE = "notice", "On notice"
    INSUFFICIENT = "insufficient", "Insufficient funds"
    NEW = "new", "New account"


FIRST = {Kind.INTRODUCTION: POINTS, Kind.THANKS: POINTS // 2, Kind.ANSWER: POINTS // 4}


def amount(kind: str, n: int) -> int:
    """Points an event moves when n of its kind came before it between the same two within a year: each counts half of
    the one before. Following up after a no costs twice as much each time, at most 4.00. For 0 nothing is posted."""
    if kind == Kind.PUSHY:
        return POINTS << min(n, 2)
    return FIRST[Kind(kind)] >> n


def series(kind: str) -> list[int]:
    """What the first, the second and so on move between the same two within a year, until nothing is left."""
    return list(itertools.takewhile(bool, (amount(kind, n) for n in itertools.count())))


def faded(points: float, age: dt.timedelta) -> float:
    """What points are worth so long after the day they count from."""
    return points * 0.5 ** (age / YEAR)


def units(points: float) -> str:
    """As screens write it: 195.33 points are 1.95."""
    return f"{round(points / POINTS, 2) + 0.0:.2f}"  # adding zero keeps "-0.00" away


def lowest(credit_line: int) -> int:
    """How low a balance may be. A credit line shorter than what good standing allows gives no less than that."""
    return min(-credit_line, IN_DEBT)


def rating(
    *, balance: float, balance_30_days_ago: float, credit_line: int, member_since: dt.datetime, at: dt.datetime
) -> Rating:
    """The word for a balance."""
    floor = lowest(credit_line)
    if balance >= GENEROUS:
        return Rating.GENEROUS
    if balance >= IN_DEBT:
        return Rating.GOOD
    if balance >= floor:
        return Rating.OVERDRAWN
    if at < member_since + OPENING:
        return Rating.NEW
    return Rating.INSUFFICIENT if balance_30_days_ago < floor else Rating.NOTICE
