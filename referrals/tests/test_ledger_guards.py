"""What the database refuses by itself, whoever asks and however."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_member
from referrals.bank import Kind
from referrals.models import Account, CreditLine, Entry, Leg

pytestmark = pytest.mark.django_db

TABLES = [model._meta.db_table for model in (Entry, Leg, CreditLine)]


@pytest.fixture
def entry(db: None) -> Entry:
    member = make_member()
    Account.objects.of(member).set_credit_line(500, by=make_curator(), reason="Much in demand.")
    posted = Entry.objects.post(kind=Kind.INTRODUCTION, key="k", giver=make_member(), receiver=member)
    assert posted
    return posted


@pytest.fixture
def as_app(entry: Entry) -> Iterator[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
        yield entry
        cursor.execute("RESET ROLE")


def run(statement: str, *values: Any) -> None:
    """As a transaction of its own: what waits for the end of one is asked now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def add(former: Entry, *, legs: list[tuple[int, int]], **changes: Any) -> None:
    """A copy of an entry with such changes and such legs, (account, amount) each, by plain SQL."""
    row = {
        **{name: getattr(former, name) for name in ("kind", "giver_id", "receiver_id", "effective_at", "posted_at")},
        **{"idempotency_key": "another", "reason": "", "payload_hash": "", "reverses_id": None, **changes},
    }
    day = row.pop("legs_on", row["effective_at"])
    new = f"INSERT INTO referrals_entry ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING id"
    rows = ", ".join(["((SELECT id FROM entry), %s, %s, %s)"] * len(legs))
    leg = f"INSERT INTO referrals_leg (entry_id, account_id, amount, effective_at) VALUES {rows}"
    values = [value for account, amount in legs for value in (account, amount, day)]
    run(f"WITH entry AS ({new}) {leg}" if legs else new, *row.values(), *values)


@pytest.mark.parametrize("table", TABLES)
def test_no_line_is_changed_or_deleted(entry: Entry, table: str) -> None:
    column = {"referrals_creditline": "line", "referrals_entry": "reason", "referrals_leg": "amount"}[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="Cannot update or delete"):
            run(statement)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        entry.save()


@pytest.mark.parametrize("table", [*TABLES, "referrals_account"])
def test_the_app_s_own_role_may_add_only(as_app: Entry, table: str) -> None:
    statements = [f"TRUNCATE {table} CASCADE"]
    if table in TABLES:
        statements += [f"DELETE FROM {table}", f"UPDATE {table} SET {'entry_id = 0' if 'leg' in table else 'id = 0'}"]
    for statement in statements:
        with pytest.raises(DatabaseError, match="permission denied"):
            run(statement)


def test_the_app_s_own_role_may_do_what_the_bank_does(as_app: Entry) -> None:
    ada, ben = make_member(), make_member()
    posted = Entry.objects.post(kind=Kind.THANKS, key="t", giver=ada, receiver=ben)
    assert posted
    assert posted.reverse(by=make_curator(), reason="A mistake.").amount == -50
    Account.objects.of(ada).set_credit_line(700, by=make_curator(), reason="Much in demand.")
    assert Account.objects.of(ada).rating() == "good"
    run("SELECT 1")  # with everything that is asked at the end of a transaction


def test_an_entry_without_its_two_legs_is_refused(entry: Entry) -> None:
    giver, receiver, other = entry.giver_id, entry.receiver_id, Account.objects.of(make_member()).pk
    for legs in (
        [],
        [(giver, 100)],
        [(giver, 100), (receiver, -99)],
        [(giver, -100), (receiver, 100)],
        [(giver, 100), (other, -100)],
        [(giver, 100), (receiver, -50), (other, -50)],
    ):
        with pytest.raises(IntegrityError, match="does not balance"):
            add(entry, legs=legs)
    with pytest.raises(IntegrityError, match="does not balance"):
        add(entry, legs=[(giver, 100), (receiver, -100)], legs_on=timezone.now())
    with pytest.raises(IntegrityError, match="leg_moves_something"):
        add(entry, legs=[(giver, 0), (receiver, 0)])
    add(entry, legs=[(giver, 100), (receiver, -100)])


def test_a_late_leg_is_refused(entry: Entry) -> None:
    other, statement = Account.objects.of(make_member()).pk, "INSERT INTO referrals_leg VALUES (%s, %s, %s, %s)"
    columns = [column.name for column in connection.introspection.get_table_description(connection.cursor(), TABLES[1])]
    values = {"entry_id": entry.pk, "account_id": other, "amount": 1, "effective_at": entry.effective_at}
    with pytest.raises(IntegrityError, match="does not balance"):
        run(statement, *(values[column] for column in columns))


def test_a_reversal_mirrors_its_entry(entry: Entry) -> None:
    giver, receiver, other = entry.giver_id, entry.receiver_id, Account.objects.of(make_member()).pk
    mirror = [(giver, -100), (receiver, 100)]
    words = {"kind": "reversal", "reverses_id": entry.pk, "reason": "A mistake."}
    for changes, legs in (
        ({}, [(giver, -50), (receiver, 50)]),
        ({}, [(giver, 100), (receiver, -100)]),
        ({"giver_id": other}, [(other, -100), (receiver, 100)]),
        ({"giver_id": receiver, "receiver_id": giver}, mirror),
        ({"effective_at": timezone.now()}, mirror),
    ):
        with pytest.raises(IntegrityError, match="does not balance"):
            add(entry, legs=legs, **{**words, **changes})
    for changes in ({"kind": "thanks"}, {"reverses_id": None}, {"reason": ""}):
        with pytest.raises(IntegrityError, match="entry_reversal_says_of_what_and_why"):
            add(entry, legs=mirror, **{**words, **changes})
    add(entry, legs=mirror, **words)
    with pytest.raises(IntegrityError, match="reverses_id"):
        add(entry, legs=mirror, **words, idempotency_key="a third")
    reversal = Entry.objects.get(kind="reversal")
    with pytest.raises(IntegrityError, match="does not balance"):
        add(
            entry,
            legs=[(giver, 100), (receiver, -100)],
            **{**words, "reverses_id": reversal.pk, "idempotency_key": "x"},
        )


def test_limits_of_an_account(entry: Entry) -> None:
    for statement, constraint in [
        ("UPDATE referrals_account SET credit_line = 1501", "account_line_is_at_most_15"),
        ("UPDATE referrals_account SET credit_line = -1", "credit_line"),
        ("UPDATE referrals_account SET member_id = NULL", "account_one_house"),
        ("INSERT INTO referrals_account (credit_line) VALUES (300), (300)", "account_one_house"),
    ]:
        with pytest.raises(IntegrityError, match=constraint):
            run(statement)


def test_whoever_has_an_account_is_not_deleted(entry: Entry) -> None:
    """Leaving makes a person nameless; the other halves of their entries belong to others."""
    with pytest.raises(IntegrityError):
        entry.receiver.member.delete()
    with pytest.raises(IntegrityError):
        run("DELETE FROM accounts_user WHERE id = %s", entry.receiver.member_id)
    assert User.objects.filter(pk=entry.receiver.member_id).exists()
