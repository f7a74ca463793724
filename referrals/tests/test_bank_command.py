"""`manage.py bank`: the proof of the ledger finds every fault we can think of, and says which."""

import json
from io import StringIO
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.tests.factories import make_curator, make_member
from referrals import proving
from referrals.bank import Kind
from referrals.models import Account, Entry


@pytest.fixture
def entries(transactional_db: None) -> list[Entry]:
    """Three introductions of one pair, the second reversed."""
    ada, ben = make_member(name="Ada"), make_member(name="Ben")
    made = []
    for number in (1, 2, 3):
        key = f"introduction:{number}:accepted"
        entry = Entry.objects.post(kind=Kind.INTRODUCTION, key=key, giver=ada, receiver=ben)
        assert entry
        made.append(entry)
        if number == 2:
            made.append(entry.reverse(by=make_curator(), reason="They never spoke."))
    return made


def verify(*options: str) -> tuple[bool, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("bank", "verify", *options, stdout=out, stderr=err)
    except CommandError:
        return False, out.getvalue()
    return True, out.getvalue()


def found() -> list[str]:
    """Differences, besides those of entries that no introduction stands for."""
    return [str(difference) for check in proving.CHECKS if check != proving.origins for difference in check()]


def tamper(statement: str, *values: Any) -> None:
    """What only the owner of the database can do, with the triggers asleep."""
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_right_ledger(entries: list[Entry]) -> None:
    assert [entry.amount for entry in entries] == [100, 50, -50, 50]
    assert found() == []


@pytest.mark.django_db
def test_an_empty_ledger_is_right() -> None:
    assert verify() == (True, "0 entries, and every one of them is right.\n")
    right, printed = verify("--json")
    assert (right, json.loads(printed)) == (True, {"ok": True, "entries": 0, "differences": []})


def test_a_changed_leg_is_named(entries: list[Entry]) -> None:
    first = entries[0]
    tamper("UPDATE referrals_leg SET amount = 101 WHERE entry_id = %s AND amount = 100", first.pk)
    assert found()[:2] == [f"legs: entry {first.pk} has legs that sum to 1, not 0", "total: all legs sum to 1, not 0"]
    assert [line.split(" sum")[0] for line in found()[2:]] == [
        *[f"balances: all balances in {days} days" for days in (0, 30, 365)],
        f"replay: entry {first.pk} moves 101 points, the rules say 100",
    ]


def test_both_legs_changed_alike_are_named(entries: list[Entry]) -> None:
    last = entries[-1]
    tamper("UPDATE referrals_leg SET amount = amount * 2 WHERE entry_id = %s", last.pk)
    assert found() == [f"replay: entry {last.pk} moves 100 points, the rules say 50"]


def test_a_leg_of_another_day_is_named(entries: list[Entry]) -> None:
    first, way = entries[0], "legs: entry {} has a leg of another account or another day"
    tamper(
        "UPDATE referrals_leg SET effective_at = effective_at - interval '30 days' WHERE entry_id = %s AND amount > 0",
        first.pk,
    )
    assert found()[0] == way.format(first.pk)
    assert len([line for line in found() if line.startswith("balances")]) == 3


def test_a_leg_of_another_account_is_named(entries: list[Entry]) -> None:
    first, other = entries[0], Account.objects.of(make_member())
    tamper("UPDATE referrals_leg SET account_id = %s WHERE entry_id = %s AND amount < 0", other.pk, first.pk)
    assert found() == [f"legs: entry {first.pk} has a leg of another account or another day"]


def test_a_third_leg_and_missing_legs_are_named(entries: list[Entry]) -> None:
    first, second = entries[:2]
    add = "INSERT INTO referrals_leg (entry_id, account_id, amount, effective_at) SELECT %s, %s, 5, now()"
    tamper(add, first.pk, Account.objects.of(make_member()).pk)
    tamper("DELETE FROM referrals_leg WHERE entry_id = %s", second.pk)
    lines = found()
    assert f"legs: entry {first.pk} has 3 legs, not 2" in lines
    assert f"legs: entry {second.pk} has 0 legs, not 2" in lines
    assert f"replay: entry {second.pk} moves 0 points, the rules say 50" in lines


def test_a_changed_day_is_named(entries: list[Entry]) -> None:
    first, _, reversal, last = entries
    for table, key in (("entry", "id"), ("leg", "entry_id")):
        earlier = "effective_at = effective_at - interval '400 days'"
        tamper(f"UPDATE referrals_{table} SET {earlier} WHERE {key} = %s", first.pk)
    lines = found()
    assert f"replay: entry {last.pk} moves 50 points, the rules say 100" in lines
    assert all(line.startswith("replay") for line in lines)
    assert reversal.pk not in lines


def test_a_reversal_of_something_else_is_named(entries: list[Entry]) -> None:
    first, second, reversal, _ = entries
    tamper("UPDATE referrals_entry SET reverses_id = %s WHERE id = %s", first.pk, reversal.pk)
    assert f"replay: entry {reversal.pk} moves -50 points, the rules say -100" in found()
    tamper("UPDATE referrals_entry SET reverses_id = %s WHERE id = %s", second.pk, reversal.pk)
    assert found() == []


def test_another_giver_is_named(entries: list[Entry]) -> None:
    first, other = entries[0], Account.objects.of(make_member())
    tamper("UPDATE referrals_entry SET giver_id = %s WHERE id = %s", other.pk, first.pk)
    tamper("UPDATE referrals_leg SET account_id = %s WHERE entry_id = %s AND amount > 0", other.pk, first.pk)
    assert f"replay: entry {first.pk} was posted for something else than it says" in found()


def test_entries_without_an_event_are_named(entries: list[Entry]) -> None:
    right, printed = verify("--json")
    report = json.loads(printed)
    assert (right, report["ok"], report["entries"]) == (False, False, 4)
    assert [(one["check"], one["entry"]) for one in report["differences"]] == [
        ("origins", entry.pk) for entry in entries if entry.kind == Kind.INTRODUCTION
    ]
    reversal = entries[2]
    tamper("UPDATE referrals_entry SET idempotency_key = 'reversal:0' WHERE id = %s", reversal.pk)
    right, printed = verify()
    assert not right
    assert f"origins: entry {reversal.pk} (reversal, reversal:0) has no event that says the same" in printed


@pytest.mark.django_db
def test_the_rating_of_a_member() -> None:
    tom, ann = make_member(name="Tom", email="tom@example.test"), make_member()
    for number in range(2):
        Entry.objects.post(kind=Kind.INTRODUCTION, key=f"{number}", giver=ann, receiver=tom)
    out = StringIO()
    call_command("bank", "rating", "Tom@example.test", stdout=out)
    lines = dict(line.split(maxsplit=1) for line in out.getvalue().splitlines() if line[:6] in ("Rating", "Balanc"))
    assert lines == {"Rating": "Overdrawn", "Balance": "-1.50"}
    assert "Received this year  1.50" in out.getvalue()
    with pytest.raises(CommandError, match="No member has the address nobody@"):
        call_command("bank", "rating", "nobody@example.test")
