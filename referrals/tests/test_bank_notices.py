"""The dated letter to whoever is on notice: once for each time the balance goes below the line."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Notice, User
from accounts.tests.factories import make_member
from referrals.jobs import SCHEDULE, send_bank_notices
from referrals.letters.introductions import day
from referrals.models import Account

from .statements import post

pytestmark = pytest.mark.django_db


def received(member: User, *, number: int, days: float) -> None:
    for _ in range(number):
        post(make_member(), member, days=days)


def letters() -> list[Any]:
    return list(Notice.objects.filter(letter="bank_notice").order_by("pk"))


def test_one_letter_with_both_days(charlie: User) -> None:
    received(charlie, number=4, days=3)
    for _ in range(3):
        send_bank_notices.call()
    (notice,) = letters()
    since = timezone.now() - dt.timedelta(days=3)
    assert notice.recipient == charlie
    assert notice.path == "/bank/"
    assert notice.words["balance"] == "-3.98"
    assert notice.words["day"] == day(since)
    assert notice.words["until"] == day(since + dt.timedelta(days=30))


def test_the_next_time_is_another_letter(charlie: User, frank: User) -> None:
    """Below, up again by a gift of their own, and below once more."""
    received(charlie, number=4, days=20)
    send_bank_notices.call()
    post(charlie, frank, days=15)
    received(charlie, number=2, days=2)
    send_bank_notices.call()
    assert [notice.words["day"] for notice in letters()] == [
        day(timezone.now() - dt.timedelta(days=ago)) for ago in (20, 2)
    ]


@pytest.mark.parametrize("case", ["above", "long ago", "new", "left", "wide line", "house"])
def test_nobody_else_is_written_to(charlie: User, case: str) -> None:
    received(charlie, number=2 if case == "above" else 4, days=40 if case == "long ago" else 3)
    if case == "new":
        User.objects.filter(pk=charlie.pk).update(member_since=timezone.now() - dt.timedelta(days=50))
    elif case == "left":
        User.objects.filter(pk=charlie.pk).update(is_active=False)
    elif case == "wide line":
        Account.objects.filter(member=charlie).update(credit_line=1500)
    elif case == "house":
        Account.objects.filter(member=charlie).update(credit_line=1500)
        for _ in range(5):
            post(make_member(), None, days=2)
    send_bank_notices.call()
    assert letters() == []


def test_who_is_not_low_costs_nothing(charlie: User, django_assert_num_queries: Any) -> None:
    for _ in range(30):
        post(make_member(), make_member(), days=1)
    with django_assert_num_queries(1):
        assert Account.objects.tell_of_notice() == 0
    received(charlie, number=4, days=1)
    assert Account.objects.tell_of_notice() == 1


def test_it_is_daily() -> None:
    assert (send_bank_notices, dt.timedelta(days=1)) in SCHEDULE
