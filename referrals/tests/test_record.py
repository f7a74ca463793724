"""What an expert's page says of how people who asked were answered, and what came of it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_guest
from referrals import jobs, record
from referrals.models import Introduction, Outcome, Recommendation
from referrals.tests.introducing import ask, by_recommendation, introduce

pytestmark = pytest.mark.django_db


def ago(introduction: Introduction, *, asked: float, answered: float | None = None) -> None:
    """Move the days on which it was asked and answered."""
    now = timezone.now()
    days = {"asked_at": now - dt.timedelta(days=asked)}
    if answered is not None:
        days["answered_at"] = now - dt.timedelta(days=answered)
    Introduction.objects.filter(pk=introduction.pk).update(**days)


def test_who_was_answered_how_soon_and_what_came_of_it(alice: User, bob: User) -> None:
    said = Recommendation.objects.get(author=bob)
    brought = by_recommendation(said, prospect=make_guest())
    brought.say_yes(by=alice)
    for person in (brought.prospect, alice):
        Outcome.objects.report(introduction=brought, by=person, kind="engaged")
    ago(brought, asked=20, answered=19.5)
    direct = ask(prospect=make_guest(), expert=alice.expert)
    direct.say_yes(by=alice)
    ago(direct, asked=20, answered=18.5)
    refused = ask(prospect=make_guest(), expert=alice.expert)
    refused.expert_says_no()
    ago(refused, asked=9, answered=4)
    silent = ask(prospect=make_guest(), expert=alice.expert)
    ago(silent, asked=11)
    Introduction.objects.tell_of_silence()
    ask(prospect=make_guest(), expert=alice.expert)  # may still be answered
    introduce(introducer=bob, expert=alice.expert, prospect=make_guest())  # has not agreed to it
    long_ago = ask(prospect=make_guest(), expert=alice.expert)
    long_ago.say_yes(by=alice)
    ago(long_ago, asked=366, answered=366)
    assert record.of(alice.expert, now=timezone.now()) == {
        "asked": 4,
        "answered": 3,
        "days": 2,
        "introduced": 2,
        "by_referral": 1,
        "engaged": 1,
    }


def test_nobody_asked(alice: User) -> None:
    assert set(record.of(alice.expert, now=timezone.now()).values()) == {0}


@pytest.mark.parametrize(("number", "is_said"), [(4, False), (5, True)])
def test_the_page_says_it_from_five_on(alice: User, client: Client, number: int, is_said: bool) -> None:
    for _ in range(number):
        ask(prospect=make_guest(), expert=alice.expert).say_yes(by=alice)
    jobs.write_lists.call()
    page = client.get(alice.expert.get_absolute_url()).content.decode()
    assert (f"{number} of {number} who asked within a year, usually within a day" in page) == is_said
    assert (f"0 of {number} came by referral, 0 became business" in page) == is_said
