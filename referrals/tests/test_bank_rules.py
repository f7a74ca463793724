"""The bank's arithmetic, without a database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals import bank
from referrals.bank import Kind, Rating

JOINED = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def rated(now: float, before: float = 0, *, line: int = 300, days: float = 365) -> str:
    at = JOINED + dt.timedelta(days=days)
    return bank.rating(balance=now, balance_30_days_ago=before, credit_line=line, member_since=JOINED, at=at).label


def test_the_tariff() -> None:
    moved = {kind: [bank.amount(kind, n) for n in range(9)] for kind in (*bank.FIRST, Kind.PUSHY)}
    assert moved == {
        Kind.INTRODUCTION: [100, 50, 25, 12, 6, 3, 1, 0, 0],
        Kind.THANKS: [50, 25, 12, 6, 3, 1, 0, 0, 0],
        Kind.ANSWER: [25, 12, 6, 3, 1, 0, 0, 0, 0],
        Kind.PUSHY: [100, 200, 400, 400, 400, 400, 400, 400, 400],
    }
    assert sum(moved[Kind.INTRODUCTION]) == 197


@given(st.sampled_from(list(bank.FIRST)), st.integers(0, 10_000))
def test_nothing_moves_more_than_what_came_before(kind: Kind, n: int) -> None:
    assert 0 <= bank.amount(kind, n + 1) <= bank.amount(kind, n) // 2 + 1 <= bank.FIRST[kind] // 2 + 1


def test_points_halve_in_a_year() -> None:
    assert [bank.faded(100, n * bank.YEAR) for n in (0, 1, 2)] == [100, 50, 25]
    assert round(bank.faded(-400, dt.timedelta(days=30)), 2) == -377.85


@pytest.mark.parametrize(
    ("points", "written"), [(195.33, "1.95"), (0, "0.00"), (-0.4, "0.00"), (-0.6, "-0.01"), (-1100, "-11.00")]
)
def test_two_decimals_and_no_negative_nothing(points: float, written: str) -> None:
    assert bank.units(points) == written


@pytest.mark.parametrize(
    ("now", "before", "word"),
    [
        (300, 0, "Generous giver"),
        (299.99, 0, "In good standing"),
        (-100, -500, "In good standing"),
        (-100.01, -500, "Overdrawn"),
        (-300, -500, "Overdrawn"),
        (-300.01, -300, "On notice"),
        (-300.01, -300.01, "Insufficient funds"),
    ],
)
def test_the_word_for_a_balance(now: float, before: float, word: str) -> None:
    assert rated(now, before) == word


def test_a_credit_line_moves_the_lowest_words_only() -> None:
    assert [rated(-1400, -1400, line=line) for line in (300, 1399, 1400, 1500)] == [
        *["Insufficient funds"] * 2,
        *["Overdrawn"] * 2,
    ]
    assert [rated(now, now, line=0) for now in (-100, -101)] == ["In good standing", "Insufficient funds"]


def test_the_first_ninety_days_know_no_insufficient_funds() -> None:
    assert [rated(-400, -400, days=days) for days in (1, 89.9, 90)] == ["New account"] * 2 + ["Insufficient funds"]
    assert rated(-200, days=1) == "Overdrawn"


@given(st.floats(-3000, 3000), st.floats(-3000, 3000), st.integers(0, 1500), st.floats(0, 400))
def test_more_is_never_worse(now: float, before: float, line: int, days: float) -> None:
    order = [Rating.INSUFFICIENT, Rating.NOTICE, Rating.NEW, Rating.OVERDRAWN, Rating.GOOD, Rating.GENEROUS]
    labels = [rating.label for rating in order]
    assert sorted(labels) == sorted(Rating.labels)
    assert labels.index(rated(now, before, line=line, days=days)) <= labels.index(
        rated(now + 1, before + 1, line=line, days=days)
    )
