"""The picture of some months: where each bar, point and number stands. A template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from referrals.bank import units
from referrals.models.statements import Month

COLUMN, BAR = 50, 30
ZERO, TALLEST = 100, 76  # of the bars: what is given stands above the line, what is received hangs below it
TOP, DEPTH = 250, 50  # of the balance, which has a scale of its own
NAMES, HEIGHT = 338, 346


@dataclass(frozen=True)
class Bar:
    y: float
    height: float
    number: str
    at: float  # where the number stands


@dataclass(frozen=True)
class Column:
    name: str
    left: float
    middle: float
    given: Bar | None
    received: Bar | None
    dot: float
    balance: str
    at: float  # where its number stands
    month: Month


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    nothing: float  # where the balance is 0
    name: str  # tells two pictures on one page apart

    width_of_bar = BAR
    zero = ZERO
    height = HEIGHT
    names = NAMES
    caption = TOP - 36

    @property
    def width(self) -> int:
        return COLUMN * len(self.columns)

    @property
    def line(self) -> str:
        """The balance from month to month, as an SVG polyline has it."""
        return " ".join(f"{column.middle},{column.dot}" for column in self.columns)

    @property
    def words(self) -> str:
        """What it shows, for those who do not see it."""
        return " ".join(
            f"{column.month.first:%B %Y}: given {units(column.month.given)}, received {units(column.month.received)}, "
            f"balance {column.balance}."
            for column in self.columns
        )


def draw(months: Sequence[Month], *, name: str) -> Chart:
    """Given and received share one scale; the balance has its own, with 0 on it."""
    most = max(1, *(max(month.given, month.received) for month in months))
    balances = [0.0, *(month.balance for month in months)]
    highest, span = max(balances), (max(balances) - min(balances)) or 1.0

    def bar(points: int, *, up: bool) -> Bar | None:
        height = round(TALLEST * points / most, 1)
        if points <= 0:
            return None
        y, at = (ZERO - height, ZERO - height - 6) if up else (ZERO, ZERO + height + 17)
        return Bar(y, height, units(points), at)

    def depth(balance: float) -> float:
        return round(TOP + DEPTH * (highest - balance) / span, 1)

    columns = [
        Column(
            name=f"{month.first:%b}",
            left=place * COLUMN + (COLUMN - BAR) / 2,
            middle=place * COLUMN + COLUMN / 2,
            given=bar(month.given, up=True),
            received=bar(month.received, up=False),
            dot=depth(month.balance),
            balance=units(month.balance),
            at=depth(month.balance) + (17 if month.balance < 0 else -8),
            month=month,
        )
        for place, month in enumerate(months)
    ]
    return Chart(columns, depth(0.0), name)
