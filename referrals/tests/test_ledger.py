"""The journal: what is posted, how it fades, what is refused. Day 0 of the examples is 1 January 2026."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_member
from directory.models import Conflict
from referrals import bank
from referrals.bank import Kind
from referrals.models import Account, CreditLine, Entry, IdempotencyConflict, Leg

pytestmark = pytest.mark.django_db

LATER = range(0, 1000, 73)


def day(number: float) -> dt.datetime:
    return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number)


def post(giver: User | None, receiver: User | None, on: float, *, kind: Kind = Kind.INTRODUCTION, key: str = "") -> Any:
    """Post on that day, as if it were that day."""
    key = key or f"introduction:{Entry.objects.count() + 1}:accepted"
    return Entry.objects.post(
        kind=kind, key=key, giver=giver, receiver=receiver, effective_at=day(on), posted_at=day(on)
    )


def balance(member: User, on: float) -> float:
    return round(Account.objects.of(member).balance(day(on)), 2)


def amounts(member: User) -> list[int]:
    return list(Account.objects.of(member).legs.order_by("entry_id").values_list("amount", flat=True))


def total(on: float) -> float:
    return sum(account.balance(day(on)) for account in Account.objects.all())


@pytest.fixture
def first(db: None) -> dict[str, Any]:
    """Ada introduces to Ben, who thanks; later she introduces to him again."""
    ada, ben = make_member(name="Ada"), make_member(name="Ben")
    first = post(ada, ben, 0, key="introduction:1:accepted")
    thanks = post(ada, ben, 10, kind=Kind.THANKS, key="introduction:1:thanks")
    return {"ada": ada, "ben": ben, "entries": [first, thanks, post(ada, ben, 20, key="introduction:2:accepted")]}


def test_an_introduction_a_thanks_and_a_second_introduction(first: dict[str, Any]) -> None:
    ada, ben = first["ada"], first["ben"]
    assert (amounts(ada), amounts(ben)) == ([100, 50, 50], [-100, -50, -50])
    assert (balance(ada, 20), balance(ben, 20), balance(ada, 385)) == (195.33, -195.33, 97.67)


def test_the_first_request_again_changes_nothing(first: dict[str, Any]) -> None:
    again = post(first["ada"], first["ben"], 30, key="introduction:1:accepted")
    assert again == first["entries"][0]
    assert (Entry.objects.count(), Leg.objects.count()) == (3, 6)


def test_a_reversal_leaves_nothing_of_the_entry_on_any_day(first: dict[str, Any]) -> None:
    entry, ada = first["entries"][0], first["ada"]
    reversal = entry.reverse(by=make_curator(), reason="They never spoke.")
    assert (balance(ada, 40), balance(ada, 385)) == (95.37, 49.53)
    assert amounts(ada) == [100, 50, 50, -100]
    assert (reversal.kind, reversal.reverses, reversal.effective_at) == (Kind.REVERSAL, entry, day(0))
    assert reversal.idempotency_key == f"reversal:{entry.pk}"
    both = Leg.objects.filter(entry__in=[entry, reversal])
    assert {both.filter(account=ada.account).balance(day(n)) for n in LATER} == {0.0}


def test_the_entry_after_a_reversal_counts_without_it(first: dict[str, Any]) -> None:
    first["entries"][0].reverse(by=None, reason="They never spoke.")
    assert post(first["ada"], first["ben"], 50).amount == 50  # after the second introduction alone
    assert post(first["ada"], first["ben"], 60, kind=Kind.THANKS).amount == 25  # kinds count apart


def test_a_reversal_is_made_once_and_never_of_a_reversal(first: dict[str, Any]) -> None:
    dana, entry = make_curator(), first["entries"][0]
    reversal = entry.reverse(by=dana, reason="They never spoke.")
    assert Entry.objects.get(pk=entry.pk).reverse(by=make_curator(), reason="Again.") == reversal
    assert (Entry.objects.count(), reversal.by, reversal.reason) == (4, dana, "They never spoke.")
    with pytest.raises(ValueError, match="Only an event"):
        reversal.reverse(by=dana, reason="No.")
    with pytest.raises(ValueError, match="with a reason"):
        first["entries"][1].reverse(by=dana, reason=" ")


@pytest.mark.parametrize("party", ["ada", "ben"])
def test_nobody_reverses_an_entry_of_their_own(first: dict[str, Any], party: str) -> None:
    with pytest.raises(Conflict):
        first["entries"][0].reverse(by=first[party], reason="I changed my mind.")
    assert Entry.objects.count() == 3


def test_four_introductions_to_one_who_gives_none() -> None:
    tom, givers = make_member(name="Tom"), [make_member() for _ in range(4)]
    User.objects.filter(pk=tom.pk).update(member_since=day(-100))
    account = Account.objects.of(User.objects.get(pk=tom.pk))
    for giver in givers:
        post(giver, tom, 0)
    expected = {
        0: (-400.00, "On notice"),
        29: (-378.57, "On notice"),
        30: (-377.85, "Insufficient funds"),
        151: (-300.28, "Insufficient funds"),
        152: (-299.71, "Overdrawn"),
    }
    assert {n: (balance(tom, n), account.rating(day(n)).label) for n in expected} == expected
    post(tom, givers[0], 35)
    assert (balance(tom, 35), account.rating(day(35)).label) == (-274.28, "Overdrawn")


def test_the_rating_thirty_days_ago_is_of_what_was_posted_by_then() -> None:
    tom, accepted = make_member(), timezone.now() - 2 * bank.NOTICE
    for giver in (make_member() for _ in range(4)):  # accepted long ago, posted now
        key = f"introduction:{giver.pk}:accepted"
        Entry.objects.post(kind=Kind.INTRODUCTION, key=key, giver=giver, receiver=tom, effective_at=accepted)
    account, before = tom.account, timezone.now() - bank.NOTICE
    assert account.balance(before) < account.balance() < -300
    assert account.balance(before, posted_by=before) == 0
    assert account.rating() == "notice"


def test_who_introduces_to_each_other_ten_times_gains_nothing() -> None:
    three = [make_member() for _ in range(3)]
    for round_ in range(10):
        for giver in three:
            for receiver in three:
                if giver != receiver:
                    post(giver, receiver, round_, key=f"{round_} {giver.pk} {receiver.pk}")
    assert [balance(member, n) for member in three for n in (9, 400)] == [0.0] * 6
    pair = Entry.objects.filter(giver__member=three[0], receiver__member=three[1])
    assert [entry.amount for entry in pair.order_by("pk")] == [100, 50, 25, 12, 6, 3, 1]
    assert sum(entry.amount for entry in pair) == 197
    assert Entry.objects.count() == 7 * 6


def test_the_eighth_in_a_year_moves_nothing_and_the_year_moves_on() -> None:
    ada, ben = make_member(), make_member()
    posted = [post(ada, ben, n, key=f"{n}") for n in (0, 10, 20, 30, 40, 50, 60, 70, 364.9, 365, 366)]
    assert [entry and entry.amount for entry in posted] == [100, 50, 25, 12, 6, 3, 1, None, None, 1, None]
    assert Entry.objects.count() == 8
    assert post(ada, ben, 375.5, key="later").amount == 1  # two have left the year, and one came back
    assert post(ben, ada, 70).amount == 100  # the other direction counts apart


def test_four_upheld_cases_of_a_pushy_follow_up() -> None:
    pat = make_member()
    for case in range(4):
        post(None, pat, 0, kind=Kind.PUSHY, key=f"pushy:{case}:upheld")
    assert amounts(pat) == [-100, -200, -400, -400]
    assert (balance(pat, 0), Account.objects.house().balance(day(0))) == (-1100, 1100)


def test_the_same_key_for_something_else_is_an_error(first: dict[str, Any]) -> None:
    ada, ben, cleo, key = first["ada"], first["ben"], make_member(), "introduction:1:accepted"
    for giver, receiver, kind in [
        (ben, ada, Kind.INTRODUCTION),
        (ada, cleo, Kind.INTRODUCTION),
        (cleo, ben, Kind.INTRODUCTION),
        (ada, ben, Kind.THANKS),
        (None, ben, Kind.INTRODUCTION),
    ]:
        with pytest.raises(IdempotencyConflict, match=key):
            post(giver, receiver, 0, kind=kind, key=key)
    assert (Entry.objects.count(), Leg.objects.count()) == (3, 6)


def test_every_entry_and_everything_together_is_nothing_on_any_day(first: dict[str, Any]) -> None:
    post(None, first["ben"], 25, kind=Kind.PUSHY)
    first["entries"][1].reverse(by=None, reason="A mistake.")
    for entry in Entry.objects.all():
        legs = list(entry.legs.all())
        assert [leg.effective_at for leg in legs] == [entry.effective_at] * 2
        assert sum(leg.amount for leg in legs) == 0
    assert sum(Leg.objects.values_list("amount", flat=True)) == 0
    assert [total(n) for n in LATER] == pytest.approx([0] * len(LATER), abs=1e-6)


def test_without_a_day_an_entry_is_of_now() -> None:
    before = timezone.now()
    entry = Entry.objects.post(kind=Kind.ANSWER, key="answer:1:helpful", giver=make_member(), receiver=make_member())
    assert entry
    assert before <= entry.effective_at == entry.posted_at <= timezone.now()
    assert entry.amount == 25


def test_one_is_never_paid_by_oneself(first: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="entry_is_never_with_oneself"), transaction.atomic():
        post(first["ada"], first["ada"], 0)
    with pytest.raises(KeyError):  # made by reverse() alone
        post(first["ada"], first["ben"], 0, kind=Kind.REVERSAL)


def test_an_account_is_opened_once_and_there_is_one_house(first: dict[str, Any]) -> None:
    assert Account.objects.of(first["ada"]) == Account.objects.of(first["ada"]) == first["ada"].account
    assert Account.objects.house() == Account.objects.get(member=None)
    assert str(Account.objects.house()) == "The house"
    with pytest.raises(IntegrityError, match="account_one_house"), transaction.atomic():
        Account.objects.create(member=None)
    with pytest.raises(ValueError, match="Only members"):
        Account.objects.house().rating()


def test_a_credit_line_is_set_with_a_reason_that_is_kept(first: dict[str, Any]) -> None:
    account, dana = first["ben"].account, make_curator()
    account.set_credit_line(1500, by=dana, reason=" Much in demand. ")
    account.refresh_from_db()
    kept = CreditLine.objects.get()
    assert (account.credit_line, kept.line, kept.by, kept.reason) == (1500, 1500, dana, "Much in demand.")
    for line, reason in [(1501, "More."), (-1, "Less."), (500, " ")]:
        with pytest.raises(ValueError, match="credit line"):
            account.set_credit_line(line, by=dana, reason=reason)
    with pytest.raises(Conflict):
        Account.objects.of(dana).set_credit_line(500, by=dana, reason="I need it.")
    assert CreditLine.objects.count() == 1


def test_what_posting_asks_of_the_database(first: dict[str, Any], django_assert_num_queries: Any) -> None:
    # Two accounts, a lock, the key twice, n, two inserts; the beginnings and ends of two transactions.
    with django_assert_num_queries(12):
        post(first["ada"], first["ben"], 30, key="introduction:3:accepted")
    with django_assert_num_queries(2):
        Account.objects.of(first["ada"]).balance()
