"""How an introduction begins and how both agree to it, as the models hold it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notice, Suppression, User
from config.demo import factory
from directory.models import State
from referrals import jobs
from referrals.models import (
    Account,
    Entry,
    InsufficientFunds,
    Introduction,
    NotAllowed,
    Recommendation,
    Refusal,
    Stage,
    WrongStage,
)
from referrals.tests.introducing import NEED, ask, by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db


def letters(to: User) -> list[str]:
    return list(Notice.objects.filter(recipient=to).order_by("pk").values_list("letter", flat=True))


def steps(introduction: Introduction) -> list[tuple[str, str]]:
    return list(introduction.steps.values_list("act", "after"))


def test_a_prospect_asks(alice: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    assert introduction.stage == Stage.ASKED
    assert introduction.giver is None
    assert introduction.prospect_yes_at is not None
    assert not introduction.addresses_are_open
    assert "intro_ask_expert" in letters(alice)
    assert steps(introduction) == [("asked", "asked")]


def test_asking_again_while_it_is_open_leads_to_what_is_open(alice: User, gwen: User) -> None:
    assert ask(prospect=gwen, expert=alice.expert) == ask(prospect=gwen, expert=alice.expert, need="Again.")
    assert letters(alice).count("intro_ask_expert") == 1


def test_the_author_of_the_named_recommendation_is_the_giver(alice: User, bob: User, gwen: User) -> None:
    said = Recommendation.objects.get(author=bob, expert=alice.expert)
    assert by_recommendation(said, prospect=gwen).giver == bob


def test_naming_ones_own_recommendation_earns_nothing(alice: User, bob: User) -> None:
    said = Recommendation.objects.get(author=bob, expert=alice.expert)
    introduction = by_recommendation(said, prospect=bob)
    assert introduction.giver is None
    assert introduction.route == "direct"


def test_a_recommendation_out_of_print_or_of_another_cannot_be_named(
    alice: User, bob: User, erin: User, gwen: User
) -> None:
    said = Recommendation.objects.get(author=bob, expert=alice.expert)
    with pytest.raises(NotAllowed):
        ask(prospect=gwen, expert=erin.expert, recommendation=said)
    said.withdraw()
    with pytest.raises(NotAllowed):
        by_recommendation(said, prospect=gwen)


def test_nobody_asks_for_oneself_or_for_somebody_out_of_print(alice: User, gwen: User) -> None:
    with pytest.raises(NotAllowed):
        ask(prospect=alice, expert=alice.expert)
    resting = factory.make_expert(state=State.RESTING)
    with pytest.raises(NotAllowed):
        ask(prospect=gwen, expert=resting)


def test_the_eleventh_first_contact_of_a_day_waits(gwen: User) -> None:
    for _ in range(10):
        ask(prospect=gwen, expert=factory.make_expert())
    eleventh = factory.make_expert()
    with pytest.raises(NotAllowed, match="ten introductions today"):
        ask(prospect=gwen, expert=eleventh)
    Introduction.objects.update(asked_at=timezone.now() - dt.timedelta(days=1, hours=1))
    ask(prospect=gwen, expert=eleventh)


def test_insufficient_funds_closes_asking_and_nothing_else(alice: User, bob: User, erin: User, gwen: User) -> None:
    then = timezone.now() - dt.timedelta(days=40)
    User.objects.filter(pk=erin.pk).update(member_since=then - dt.timedelta(days=100))
    for number in range(4):
        giver = factory.make_member()
        Entry.objects.post(
            kind="introduction", key=f"test:{number}", giver=giver, receiver=erin, effective_at=then, posted_at=then
        )
    assert Account.objects.of(User.objects.get(pk=erin.pk)).rating() == "insufficient"
    with pytest.raises(InsufficientFunds):
        ask(prospect=User.objects.get(pk=erin.pk), expert=alice.expert)
    received = ask(prospect=gwen, expert=erin.expert)
    received.say_yes(by=erin)  # I11: accepting always succeeds
    assert received.stage == Stage.INTRODUCED
    given = introduce(introducer=erin, expert=alice.expert, prospect=gwen)
    assert given.giver == erin


def test_a_member_introduces_and_both_are_asked(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    assert introduction.giver == bob
    assert introduction.prospect_yes_at is None
    assert "intro_ask_expert" in letters(alice)
    assert "intro_ask_prospect" in letters(gwen)


def test_a_stranger_is_met_by_an_introduction_without_a_password(alice: User, bob: User) -> None:
    introduction = Introduction.objects.introduce(
        introducer=bob, expert=alice.expert, name="Hana Sato", email="Hana@Sato.test", need=NEED
    )
    hana = User.objects.get(email="hana@sato.test")
    assert introduction.prospect == hana
    assert not hana.is_member
    assert not hana.has_usable_password()


def test_the_name_of_a_known_address_stays_hidden_until_its_owner_agrees(alice: User, bob: User, gwen: User) -> None:
    introduction = Introduction.objects.introduce(
        introducer=bob, expert=alice.expert, name="G", email=gwen.email, need=NEED
    )
    assert introduction.prospect_called == "G"
    introduction.say_yes(by=gwen)
    assert introduction.prospect_called == gwen.name


@pytest.mark.parametrize("who", ["guest", "oneself as expert", "oneself as prospect"])
def test_who_cannot_introduce(alice: User, bob: User, gwen: User, who: str) -> None:
    pairs = {"guest": (gwen, bob), "oneself as expert": (alice, gwen), "oneself as prospect": (bob, bob)}
    introducer, prospect = pairs[who]
    with pytest.raises(NotAllowed):
        introduce(introducer=introducer, expert=alice.expert, prospect=prospect)


def test_refused_suppressed_and_taken_look_the_same_to_the_introducer(
    alice: User, bob: User, erin: User, frank: User, gwen: User, charlie: User
) -> None:
    said = set()
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    Suppression.objects.add_address(charlie.email)
    introduce(introducer=erin, expert=alice.expert, prospect=frank)
    for prospect in (gwen, charlie, frank, alice):
        with pytest.raises(NotAllowed) as refused:
            introduce(introducer=bob, expert=alice.expert, prospect=prospect)
        said.add(str(refused.value).replace(prospect.first_name, "-"))
    assert len(said) == 1


def test_both_yes_open_both_addresses_at_one_moment(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.say_yes(by=alice)
    introduction.say_yes(by=alice)
    assert introduction.stage == Stage.ASKED
    assert not introduction.addresses_are_open
    introduction.say_yes(by=gwen)
    assert introduction.addresses_are_open
    told = Notice.objects.filter(letter="introduction")
    assert {(note.recipient, note.words["other_email"]) for note in told} == {(alice, gwen.email), (gwen, alice.email)}
    assert [act for act, _ in steps(introduction)] == ["introduced-by", "said-yes", "said-yes", "introduced"]


def test_nobody_else_can_say_yes(alice: User, bob: User, gwen: User, charlie: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    for person in (bob, charlie):
        with pytest.raises(NotAllowed):
            introduction.say_yes(by=person)


def test_a_yes_after_the_end_is_told_so(alice: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    introduction.withdraw(by=gwen)
    with pytest.raises(WrongStage):
        introduction.say_yes(by=alice)


def test_the_database_refuses_an_introduction_without_two_yes(alice: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=introduction.pk).update(stage=Stage.INTRODUCED, introduced_at=timezone.now())


def test_an_experts_no_is_not_told_to_a_prospect_who_has_not_answered(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.expert_says_no()
    assert introduction.stage == Stage.DECLINED
    assert letters(gwen) == ["intro_ask_prospect"]
    assert "intro_outcome" in letters(bob)


def test_an_experts_no_offers_the_prospect_who_asked_the_next_one(alice: User, erin: User, gwen: User) -> None:
    ask(prospect=gwen, expert=alice.expert).expert_says_no()
    note = Notice.objects.get(recipient=gwen, letter="intro_not_possible")
    assert [other["name"] for other in note.words["others"]] == [erin.name]


def test_sent_on_to_somebody_better_makes_the_sender_the_giver(alice: User, erin: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    introduction.offer_better(erin.expert, words="She does nothing else.")
    assert introduction.stage == Stage.OFFERED
    assert letters(erin).count("intro_ask_expert") == 0
    onward = introduction.meet_better()
    assert introduction.stage == Stage.PASSED_ON
    assert (onward.giver, onward.expert, onward.came_from) == (alice, erin.expert, introduction)
    assert introduction.meet_better() == onward


def test_ten_days_of_silence_offer_the_next_expert_once(alice: User, erin: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    jobs.follow_introductions.call()
    assert "intro_silent" not in letters(gwen)
    Introduction.objects.update(asked_at=timezone.now() - dt.timedelta(days=10, minutes=1))
    jobs.follow_introductions.call()
    jobs.follow_introductions.call()
    assert letters(gwen).count("intro_silent") == 1
    introduction.refresh_from_db()
    introduction.say_yes(by=alice)  # late, and still welcome
    assert introduction.stage == Stage.INTRODUCED


def test_how_did_it_go_at_14_and_at_45_days_and_never_again(alice: User, gwen: User) -> None:
    introduced(prospect=gwen, expert=alice.expert)
    for days, letters_by_then in ((13, 0), (14, 1), (20, 1), (45, 2), (200, 2)):
        then = timezone.now() - dt.timedelta(days=days, minutes=1)
        Introduction.objects.update(asked_at=then, prospect_yes_at=then, expert_yes_at=then, introduced_at=then)
        jobs.follow_introductions.call()
        assert letters(gwen).count("how_did_it_go") == letters_by_then
        assert letters(alice).count("how_did_it_go") == letters_by_then


def test_sixteen_equal_yes_make_one_introduction_and_one_entry(alice: User, bob: User, gwen: User) -> None:
    factory.make_pick(expert=alice.expert)
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    for _ in range(8):
        introduction.say_yes(by=gwen)
        introduction.say_yes(by=alice)
    assert Entry.objects.count() == 1
    assert Notice.objects.filter(letter="introduction").count() == 2
