"""Whatever is introduced, thanked, answered and reversed among some members, together they neither gain nor lose.

`make soak` tries as many histories as SOAK says.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import User
from accounts.tests.factories import make_member
from referrals import bank, proving
from referrals.bank import Kind
from referrals.models import Account, Entry, Leg
from referrals.models.statements import worth

INSIDE, OUTSIDE = 4, 2
PAID = [Kind.INTRODUCTION, Kind.THANKS, Kind.ANSWER]
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
pairs = st.permutations(range(INSIDE)).map(lambda order: order[:2])


class Bank(RuleBasedStateMachine):
    """Four members among themselves, two others and the house among themselves, and a second ledger kept in Python."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        people = list(User.objects.order_by("pk"))
        self.inside, self.outside = people[:INSIDE], people[INSIDE:]
        self.day = 0.0
        self.posted: list[dict[str, Any]] = []  # what is expected of every request so far

    def teardown(self) -> None:
        try:
            assert [str(each) for check in proving.CHECKS[:-1] for each in check()] == []  # there are no events here
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @property
    def now(self) -> dt.datetime:
        return START + dt.timedelta(days=self.day)

    def post(self, kind: Kind, giver: User | None, receiver: User | None, *, at: dt.datetime) -> None:
        same = [
            other["at"]
            for other in self.posted
            if (other["kind"], other["giver"], other["receiver"]) == (kind, giver, receiver)
            and other["entry"]
            and not other["reversed"]
        ]
        amount = bank.amount(kind, sum(at - bank.YEAR < earlier <= at for earlier in same))
        words = {"kind": kind, "giver": giver, "receiver": receiver, "key": f"{kind}:{len(self.posted)}"}
        entry = Entry.objects.post(**words, effective_at=at, posted_at=self.now)
        assert (entry is not None) == (amount > 0)  # how much is asked of the balances below
        self.posted.append({**words, "at": at, "amount": amount, "entry": entry, "reversed": False})

    @initialize()
    def accounts_are_open(self) -> None:
        for person in self.inside:
            Account.objects.of(person)

    @rule(days=st.sampled_from([0.01, 1, 30, 180, 364, 365]))
    def time_passes(self, days: float) -> None:
        self.day += days

    @rule(kind=st.sampled_from(PAID), pair=pairs)
    def one_inside_helps_another(self, kind: Kind, pair: list[int]) -> None:
        self.post(kind, self.inside[pair[0]], self.inside[pair[1]], at=self.now)

    @rule(kind=st.sampled_from(PAID), times=st.integers(2, 4))
    def two_inside_do_it_again_and_again(self, kind: Kind, times: int) -> None:
        for _ in range(times):
            self.post(kind, self.inside[0], self.inside[1], at=self.now)

    @rule(pair=pairs, days=st.integers(1, 180))
    def what_waited_is_posted(self, pair: list[int], days: int) -> None:
        self.post(Kind.INTRODUCTION, self.inside[pair[0]], self.inside[pair[1]], at=self.now - dt.timedelta(days=days))

    @rule(kind=st.sampled_from([*PAID, Kind.PUSHY]))
    def something_happens_outside(self, kind: Kind) -> None:
        giver = None if kind == Kind.PUSHY else self.outside[0]
        self.post(kind, giver, self.outside[1], at=self.now)

    @precondition(lambda self: any(one["entry"] for one in self.posted))
    @rule(choice=st.randoms(use_true_random=False))
    def somebody_asks_again(self, choice: Any) -> None:
        one = choice.choice([one for one in self.posted if one["entry"]])
        words = {name: one[name] for name in ("kind", "giver", "receiver", "key")}
        assert Entry.objects.post(**words, effective_at=self.now) == one["entry"]

    @precondition(lambda self: any(one["entry"] for one in self.posted))
    @rule(choice=st.randoms(use_true_random=False))
    def a_curator_reverses(self, choice: Any) -> None:
        one = choice.choice([one for one in self.posted if one["entry"]])
        reversal = one["entry"].reverse(by=None, reason="A mistake.")
        one["reversed"] = True
        both = Leg.objects.filter(entry__in=[one["entry"], reversal], account=one["entry"].giver)
        assert both.balance(self.now + dt.timedelta(days=self.day)) == 0.0

    @invariant()
    def together_they_have_nothing_and_each_what_the_second_ledger_says(self) -> None:
        at = self.now + dt.timedelta(days=self.day)
        balances = dict(Leg.objects.order_by().values_list("account__member").annotate(points=Sum(worth(at))))
        assert sum(balances.values()) == pytest.approx(0, abs=1e-6)
        assert sum(balances.get(person.pk, 0) for person in self.inside) == pytest.approx(0, abs=1e-6)
        expected = dict.fromkeys([None, *(person.pk for person in (*self.inside, *self.outside))], 0.0)
        for one in self.posted:
            if one["entry"] and not one["reversed"]:
                points = bank.faded(one["amount"], at - one["at"])
                expected[one["giver"] and one["giver"].pk] += points
                expected[one["receiver"].pk] -= points
        assert {key: balances.get(key, 0.0) for key in expected} == pytest.approx(expected, abs=1e-6)


class TestBank(TestCase, Bank.TestCase):  # type: ignore[name-defined, misc]
    settings = settings(
        max_examples=int(os.environ.get("SOAK", "200")),
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    @classmethod
    def setUpTestData(cls) -> None:
        for _ in range(INSIDE + OUTSIDE):
            make_member()
