"""What both say came of it, what that proves, and thanks."""

import pytest

from accounts.models import Notice, User
from config.demo import factory
from referrals.models import (
    Account,
    Entry,
    Introduction,
    NotAllowed,
    Outcome,
    Recommendation,
    Refusal,
    Stage,
    Thanks,
    WrongStage,
)
from referrals.tests.introducing import ask, by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db


def report(introduction: Introduction, by: User, kind: str) -> Outcome:
    outcome: Outcome = Outcome.objects.report(introduction=introduction, by=by, kind=kind)
    return outcome


@pytest.fixture
def brought(alice: User, bob: User, gwen: User) -> Introduction:
    """gwen came to alice by bob's recommendation, and both agreed."""
    factory.make_pick(expert=alice.expert)
    introduction = by_recommendation(Recommendation.objects.get(author=bob), prospect=gwen)
    introduction.say_yes(by=alice)
    return introduction


def test_business_that_both_report_proves_the_recommendation(brought: Introduction, alice: User, gwen: User) -> None:
    report(brought, gwen, "engaged")
    assert brought.engaged_at is None
    report(brought, alice, "engaged")
    assert brought.engaged_at is not None
    assert brought.stage == Stage.INTRODUCED
    assert brought.recommendation.proven_by == brought
    assert Entry.objects.count() == 1  # it moves nothing: honest reporting must cost nothing


def test_a_later_word_counts_instead_of_the_former(brought: Introduction, alice: User, gwen: User) -> None:
    report(brought, gwen, "engaged")
    report(brought, gwen, "met")
    report(brought, alice, "engaged")
    assert brought.engaged_at is None


def test_business_inside_a_firm_proves_nothing(alice: User, bob: User, gwen: User) -> None:
    User.objects.filter(pk__in=(bob.pk, gwen.pk)).update(organisation="Ray Ltd")
    introduction = by_recommendation(Recommendation.objects.get(author=bob), prospect=gwen)
    introduction.say_yes(by=alice)
    for person in (gwen, alice):
        report(introduction, person, "engaged")
    assert introduction.engaged_at is not None
    assert Recommendation.objects.get(author=bob).proven_by is None


def test_the_introducer_is_told_every_outcome(brought: Introduction, alice: User, bob: User, gwen: User) -> None:
    for by, kind in ((gwen, "met"), (alice, "met"), (gwen, "engaged")):
        report(brought, by, kind)
    told = Notice.objects.filter(recipient=bob, letter="intro_outcome").order_by("pk")
    assert [(note.words["what"], note.words["by"]) for note in told] == [
        ("introduced", ""),
        ("met", gwen.name),
        ("met", alice.name),
        ("engaged", gwen.name),
    ]
    assert all("need" not in note.words for note in told)


@pytest.mark.parametrize("kind", ["not-needed", "did-not-happen", "no-contact", "declined"])
def test_what_ends_it(brought: Introduction, gwen: User, kind: str) -> None:
    report(brought, gwen, kind)
    assert brought.stage == Stage.DONE


def test_choosing_someone_else_is_a_no(brought: Introduction, alice: User, gwen: User) -> None:
    report(brought, gwen, "chose-another")
    assert brought.stage == Stage.REFUSED
    assert Refusal.objects.stands_between(prospect=gwen, expert=alice.expert)


def test_only_the_two_report(brought: Introduction, bob: User, charlie: User) -> None:
    for person in (bob, charlie):
        with pytest.raises(NotAllowed):
            report(brought, person, "met")


def test_nothing_came_of_what_did_not_begin(alice: User, gwen: User) -> None:
    with pytest.raises(WrongStage):
        report(ask(prospect=gwen, expert=alice.expert), gwen, "met")


def test_an_offered_guide_that_was_enough_is_a_good_end(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.offer_better(factory.make_expert())
    introduction.guide_was_enough()
    assert introduction.stage == Stage.DONE
    assert introduction.outcomes.get().kind == "not-needed"


def test_the_experts_thanks_moves_half_and_the_prospects_nothing(
    brought: Introduction, alice: User, bob: User, gwen: User
) -> None:
    Thanks.objects.say(introduction=brought, by=gwen, text="Thank you, Bob.")
    assert Entry.objects.count() == 1
    for _ in range(2):
        Thanks.objects.say(introduction=brought, by=alice, text="Thank you for gwen.")
    assert Entry.objects.filter(kind="thanks").count() == 1
    assert Account.objects.of(bob).balance() == pytest.approx(150, abs=0.01)
    assert Notice.objects.filter(recipient=bob, letter="intro_thanks").count() == 2


def test_nobody_to_thank(alice: User, gwen: User) -> None:
    with pytest.raises(NotAllowed):
        Thanks.objects.say(introduction=introduced(prospect=gwen, expert=alice.expert), by=gwen, text="Thanks.")
