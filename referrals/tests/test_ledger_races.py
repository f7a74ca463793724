"""Many at once: one row is locked per posting, so n is exact and nobody waits in a circle."""

import random
from collections import Counter

import pytest
from django.db import connection, transaction

from accounts.tests.factories import make_member
from referrals.bank import Kind, amount
from referrals.models import Account, Entry, Leg

from .test_sign import at_once

pytestmark = pytest.mark.django_db(transaction=True)

IN_TURN = [100, 50, 25, 12, 6, 3, 1]


def moved(entries: object) -> list[int]:
    return [entry.amount for entry in entries]  # type: ignore[attr-defined]


def test_sixteen_equal_postings_make_one_entry() -> None:
    ada, ben = make_member(), make_member()  # without accounts: opened at the same moment
    made: list[Entry | None] = []

    def act(_: int) -> None:
        made.append(Entry.objects.post(kind=Kind.INTRODUCTION, key="introduction:1:accepted", giver=ada, receiver=ben))

    assert at_once(16, act) == []
    assert set(made) == {Entry.objects.get()}
    assert (Leg.objects.count(), Account.objects.filter(member__isnull=False).count()) == (2, 2)


def test_one_key_for_two_things_at_once_makes_one_entry() -> None:
    people = [make_member() for _ in range(6)]

    def act(place: int) -> None:
        giver, receiver = people[place % 6], people[(place + 1) % 6]
        Entry.objects.post(kind=Kind.INTRODUCTION, key="introduction:1:accepted", giver=giver, receiver=receiver)

    wrong = at_once(12, act)
    assert {type(error).__name__ for error in wrong} == {"IdempotencyConflict"}
    assert (len(wrong), Entry.objects.count(), Leg.objects.count()) == (10, 1, 2)


def test_twenty_postings_of_one_pair_at_once_halve_in_turn() -> None:
    ada, ben = make_member(), make_member()

    def act(place: int) -> None:
        Entry.objects.post(kind=Kind.INTRODUCTION, key=f"introduction:{place}:accepted", giver=ada, receiver=ben)

    assert at_once(20, act) == []
    entries = Entry.objects.order_by("effective_at")
    assert moved(entries) == IN_TURN
    assert list(entries) == list(entries.order_by("pk"))


def test_two_who_pay_each_other_do_not_wait_for_ever() -> None:
    ada, ben = make_member(), make_member()

    def act(place: int) -> None:
        giver, receiver = (ada, ben) if place % 2 else (ben, ada)
        Entry.objects.post(kind=Kind.THANKS, key=f"introduction:{place}:thanks", giver=giver, receiver=receiver)

    assert at_once(16, act) == []
    assert Account.objects.of(ada).balance() == pytest.approx(0, abs=1e-3)
    assert Entry.objects.count() == 12


def test_sixteen_reversals_at_once_make_one() -> None:
    entry = Entry.objects.post(kind=Kind.ANSWER, key="answer:1:helpful", giver=make_member(), receiver=make_member())
    assert entry
    assert at_once(16, lambda _: Entry.objects.get(pk=entry.pk).reverse(by=None, reason="A mistake.") and None) == []
    assert Entry.objects.filter(kind=Kind.REVERSAL).count() == 1


def test_a_reversal_waits_for_whoever_posts_at_the_same_payer() -> None:
    """Else the order of entries would not tell what was counted."""
    entry = Entry.objects.post(kind=Kind.ANSWER, key="answer:1:helpful", giver=make_member(), receiver=make_member())
    assert entry

    def act(_: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        entry.reverse(by=None, reason="A mistake.")

    with transaction.atomic():
        Account.objects.locked().get(pk=entry.receiver_id)
        wrong = at_once(1, act)
    assert ["lock timeout" in str(error) for error in wrong] == [True]


def test_eight_threads_on_twenty_accounts() -> None:
    people = [make_member() for _ in range(20)]

    def act(place: int) -> None:
        chance = random.Random(place)
        for number in range(30):
            giver, receiver = chance.sample(people[: 4 if number % 2 else 20], 2)
            kind = chance.choice([Kind.INTRODUCTION, Kind.THANKS, Kind.ANSWER])
            entry = Entry.objects.post(kind=kind, key=f"{kind}:{place}:{number}", giver=giver, receiver=receiver)
            if entry and chance.random() < 0.1:
                entry.reverse(by=None, reason="A mistake.")
            if chance.random() < 0.1:
                Entry.objects.post(kind=Kind.PUSHY, key=f"pushy:{place}:{number}", giver=None, receiver=receiver)

    assert at_once(8, act) == []
    counted: Counter[tuple[str, int, int]] = Counter()
    for entry in Entry.objects.order_by("pk").select_related("reverses"):
        undone = entry.reverses or entry
        series = (undone.kind, undone.giver_id, undone.receiver_id)
        if entry.reverses:
            counted[series] -= 1
        else:
            assert entry.amount == amount(entry.kind, counted[series])
            counted[series] += 1
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
