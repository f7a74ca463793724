"""Which introductions earn, and when: the gate before the ledger (rules A1 of the bank)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from config.demo import factory
from referrals import standing
from referrals.models import Account, Entry, Introduction, Recommendation, Thanks
from referrals.models.deposits import WAITS, waiting_for
from referrals.tests.introducing import by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db


def accepted(*, introducer: User, expert: User, prospect: User) -> Introduction:
    introduction = introduce(introducer=introducer, expert=expert.expert, prospect=prospect)
    introduction.say_yes(by=expert)
    introduction.say_yes(by=prospect)
    return introduction


def test_a_promise_is_no_deposit(alice: User, bob: User, gwen: User) -> None:
    factory.make_pick(expert=alice.expert)
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.say_yes(by=alice)
    assert not Entry.objects.exists()
    introduction.say_yes(by=gwen)
    assert Entry.objects.get().effective_at == introduction.introduced_at


def test_a_direct_enquiry_moves_nothing(alice: User, gwen: User) -> None:
    factory.make_pick(expert=alice.expert)
    introduced(prospect=gwen, expert=alice.expert)
    assert not Entry.objects.exists()


def test_a_recommendation_moves_nothing_and_earns_when_it_brings_somebody(alice: User, bob: User, gwen: User) -> None:
    factory.make_pick(expert=alice.expert)
    assert not Entry.objects.exists()  # I8: bob has recommended alice
    by_recommendation(Recommendation.objects.get(author=bob), prospect=gwen).say_yes(by=alice)
    assert Account.objects.of(bob).balance() == pytest.approx(100, abs=0.01)


def test_the_honest_no_earns_like_an_introduction(alice: User, erin: User, gwen: User) -> None:
    factory.make_pick(expert=erin.expert)
    onward = introduced_elsewhere(alice, erin, gwen)
    assert onward.giver == alice
    assert Account.objects.of(alice).balance() == pytest.approx(100, abs=0.01)


def introduced_elsewhere(first: User, better: User, prospect: User) -> Introduction:
    from referrals.tests.introducing import ask

    introduction = ask(prospect=prospect, expert=first.expert)
    introduction.offer_better(better.expert)
    onward = introduction.meet_better()
    onward.say_yes(by=better)
    return onward


def test_e5_an_unestablished_account_pays_nobody(alice: User, bob: User, gwen: User) -> None:
    accepted(introducer=bob, expert=alice, prospect=gwen)
    assert not Entry.objects.exists()
    assert Account.objects.of(bob).balance() == 0
    assert len(waiting_for(alice.expert)) == 1


def test_what_waited_is_posted_once_when_the_payer_is_established_oldest_first(
    alice: User, bob: User, gwen: User, charlie: User
) -> None:
    first = accepted(introducer=bob, expert=alice, prospect=gwen)
    second = accepted(introducer=bob, expert=alice, prospect=charlie)
    Thanks.objects.say(introduction=first, by=alice, text="Thank you.")
    factory.make_pick(expert=alice.expert)
    entries = Entry.objects.order_by("pk")
    assert [(entry.kind, entry.effective_at, entry.amount) for entry in entries] == [
        ("introduction", first.introduced_at, 100),
        ("introduction", second.introduced_at, 50),
        ("thanks", first.thanks.get().at, 50),
    ]
    standing.write(alice.expert.locked())
    assert Entry.objects.count() == 3
    assert waiting_for(alice.expert) == []


def test_what_waited_180_days_is_never_posted(alice: User, bob: User, gwen: User) -> None:
    accepted(introducer=bob, expert=alice, prospect=gwen)
    long_ago = timezone.now() - WAITS - dt.timedelta(minutes=1)
    Introduction.objects.update(prospect_yes_at=long_ago, expert_yes_at=long_ago, introduced_at=long_ago)
    factory.make_pick(expert=alice.expert)
    assert not Entry.objects.exists()


def test_two_recommendations_by_hand_picked_people_establish(alice: User, bob: User, erin: User) -> None:
    assert standing.established([alice.pk]) == set()
    backers = [factory.make_expert() for _ in range(2)]
    for number, backer in enumerate(backers, 1):
        factory.make_recommendation(author=backer.member, expert=alice.expert)
        factory.make_pick(expert=backer)
        assert (alice.pk in standing.established([alice.pk, erin.pk])) == (number == 2)
    assert standing.established(backer.pk for backer in backers) == {backer.pk for backer in backers}


@pytest.mark.parametrize("why", ["organisation", "disclosed", "household"])
def test_never_earns(alice: User, bob: User, gwen: User, why: str) -> None:
    factory.make_pick(expert=alice.expert)
    if why == "organisation":
        User.objects.filter(pk__in=(alice.pk, bob.pk)).update(organisation="Vell & Co")
    elif why == "disclosed":
        Recommendation.objects.filter(author=bob).update(same_company=True)
    else:
        Recommendation.objects.filter(author=bob).update(relationship="friend")
    for person in (alice, bob):
        person.refresh_from_db()
    accepted(introducer=bob, expert=User.objects.get(pk=alice.pk), prospect=gwen)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("paid", ["expert", "prospect"])
def test_i14_who_confirms_is_never_paid(alice: User, gwen: User, paid: str) -> None:
    giver = {"expert": alice, "prospect": gwen}[paid]
    with pytest.raises(IntegrityError, match="introduction_giver_is_a_third"), transaction.atomic():
        Introduction.objects.create(
            prospect=gwen, expert=alice.expert, giver=giver, route="member", need="Listeners.", prospect_name="Gwen"
        )
