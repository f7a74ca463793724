"""What a statement is made of: lines, sums, months, and with whom."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.tests.factories import make_member
from directory.paging import Page
from referrals import bank
from referrals.bank import Kind
from referrals.models import Account, Entry, Leg

pytestmark = pytest.mark.django_db


def post(giver: Any, receiver: Any, *, days: float, kind: Kind = Kind.INTRODUCTION) -> Any:
    """Something that happened so many days ago."""
    at, key = timezone.now() - dt.timedelta(days=days), f"{kind}:{Entry.objects.count()}"
    return Entry.objects.post(kind=kind, key=key, giver=giver, receiver=receiver, effective_at=at, posted_at=at)


@pytest.fixture
def people(db: None) -> list[Any]:
    """Ada gave twice to Ben and once to Cleo, received from Cleo, pitched once, and one of hers was reversed."""
    ada, ben, cleo = (make_member(name=name) for name in ("Ada", "Ben", "Cleo"))
    post(ada, ben, days=400)
    post(ada, ben, days=50, kind=Kind.THANKS)
    post(ada, cleo, days=40)
    post(cleo, ada, days=30, kind=Kind.ANSWER)
    post(None, ada, days=20, kind=Kind.PUSHY)
    post(ada, cleo, days=10).reverse(by=None, reason="They never spoke.")
    return [ada, ben, cleo]


def test_lines_newest_first_with_what_they_are_worth(people: list[Any], django_assert_num_queries: Any) -> None:
    account = Account.objects.of(people[0])
    with django_assert_num_queries(1):
        lines = [
            (line.entry.kind, str(line.other), line.is_given, line.points, bank.units(line.worth))
            for line in account.lines()
        ]
    assert lines == [
        ("reversal", "Cleo", True, -50, "-0.49"),
        ("introduction", "Cleo", True, 50, "0.49"),
        ("pushy", "The house", False, 100, "-0.96"),
        ("answer", "Cleo", False, 25, "-0.24"),
        ("introduction", "Cleo", True, 100, "0.93"),
        ("thanks", "Ben", True, 50, "0.45"),
        ("introduction", "Ben", True, 100, "0.47"),
    ]
    now = timezone.now()
    assert sum(line.worth for line in account.lines(now)) == pytest.approx(account.balance(now))


def test_lines_come_in_pages(people: list[Any]) -> None:
    lines = Account.objects.of(people[0]).lines()
    first = Page.of(lines, size=4)
    second = Page.of(lines, first.next, size=4)
    assert [*first.rows, *second.rows] == list(lines)
    assert (len(second.rows), second.next) == (3, "")


def test_a_line_knows_whether_it_was_reversed(people: list[Any], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        lines = list(Account.objects.of(people[0]).lines())
        assert [hasattr(line.entry, "reversal") for line in lines] == [False, True, *[False] * 5]


def test_given_and_received_without_what_was_reversed(people: list[Any]) -> None:
    ada, year = Account.objects.of(people[0]), timezone.now() - bank.YEAR
    assert ada.totals() == (250, 125)
    assert ada.totals(year) == (150, 125)
    assert Account.objects.of(people[1]).totals(year) == (0, 50)
    assert Account.objects.of(make_member()).totals() == (0, 0)


def test_by_month(people: list[Any]) -> None:
    ada = Account.objects.of(people[0])
    months = ada.by_month()
    today = timezone.localdate()
    assert [month.first.day for month in months] == [1] * 12
    assert (months[-1].first, months[0].first < today - dt.timedelta(days=330)) == (today.replace(day=1), True)
    assert sum(month.given for month in months) == 150
    assert sum(month.received for month in months) == 125
    assert months[-1].balance == pytest.approx(ada.balance(), abs=1e-3)
    before = timezone.make_aware(dt.datetime.combine(months[-1].first, dt.time()))
    assert months[-2].balance == pytest.approx(ada.balance(before))
    assert ada.by_month(1) == [months[-1]._replace(balance=pytest.approx(months[-1].balance, abs=1e-3))]


def test_with_whom_most(people: list[Any]) -> None:
    ada, ben, cleo = (Account.objects.of(person) for person in people)
    assert [(str(one), one.points) for one in ada.given_to_most()] == [("Ben", 150), ("Cleo", 100)]
    assert [(str(one), one.points) for one in ada.received_from_most()] == [("Cleo", 25)]
    assert [(str(one), one.points) for one in ben.received_from_most(1)] == [("Ada", 150)]
    assert list(ben.given_to_most()) == []
    assert [(str(one), one.points) for one in cleo.given_to_most()] == [("Ada", 25)]


def test_the_number_of_queries_does_not_grow(people: list[Any], django_assert_num_queries: Any) -> None:
    account = Account.objects.of(people[0])
    for _ in range(5):
        post(make_member(), people[0], days=3)
    assert Leg.objects.filter(account=account).count() == 12
    with django_assert_num_queries(6):
        list(account.lines())
        account.totals()
        account.by_month()
        [str(each) for each in (*account.given_to_most(), *account.received_from_most())]
