"""The page of one introduction: for whom it is there, what it says to each, and what it never says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_member, signed_in
from config.demo.factory import make_expert
from directory.models import Expert
from directory.tests.guides import make_guide
from referrals.models import Introduction, Outcome, Recommendation, Refusal, Stage, Thanks, Touch
from referrals.tests.introducing import NEED, ask, by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db


def read(person: User, introduction: Introduction, query: str = "") -> str:
    """What the page says to somebody, without the frame that all pages share."""
    response = signed_in(person).get(introduction.get_absolute_url() + query)
    assert response.status_code == 200
    html: str = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def led_to(stage: str, introduction: Introduction) -> Introduction:
    """By the acts that lead there."""
    expert, prospect, later = introduction.expert, introduction.prospect, timezone.localdate().replace(year=2099)
    refuse = {"prospect": prospect, "expert": expert}
    acts: dict[str, Callable[[], Any]] = {
        "yes": lambda: introduction.say_yes(by=expert.member),
        "guide": lambda: introduction.offer_guide(make_guide(expert)),
        "better": lambda: introduction.offer_better(make_expert()),
        "meet": introduction.meet_better,
        "rest": lambda: Refusal.objects.refuse(**refuse, kind="not-now", until=later),
        "done": lambda: Outcome.objects.report(introduction=introduction, by=prospect, kind="not-needed"),
        "decline": introduction.expert_says_no,
        "withdraw": lambda: introduction.withdraw(by=prospect),
        "no": lambda: Refusal.objects.refuse(**refuse, kind="no"),
    }
    ways = {
        Stage.ASKED: "",
        Stage.OFFERED: "guide",
        Stage.PAUSED: "rest",
        Stage.INTRODUCED: "yes",
        Stage.DONE: "yes done",
        Stage.PASSED_ON: "better meet",
        Stage.DECLINED: "decline",
        Stage.WITHDRAWN: "yes withdraw",
        Stage.REFUSED: "yes no",
    }
    for act in ways[Stage(stage)].split():
        acts[act]()
    return Introduction.objects.with_people().get(pk=introduction.pk)


@pytest.mark.parametrize("stage", Stage.values)
def test_every_stage_says_where_it_stands(alice: User, gwen: User, bob: User, stage: str) -> None:
    """With one thing to do at most, and the expert reads nothing where it is over."""
    asked = by_recommendation(Recommendation.objects.get(), prospect=gwen, success="A hundred listeners.")
    introduction = led_to(stage, asked)
    for person in (alice, gwen, bob):
        html = read(person, introduction)
        assert f"<h1>{gwen.name} and {alice.name}</h1>" in html
        assert html.count('class="btn"') <= 1
        assert "Step by step" in html
    over = stage in (Stage.PASSED_ON, Stage.DECLINED, Stage.WITHDRAWN, Stage.REFUSED)
    assert (NEED in read(alice, introduction)) is not over
    assert NEED in read(gwen, introduction)
    assert NEED not in read(bob, introduction)


def test_it_is_there_for_its_parties_alone(
    alice: User, bob: User, gwen: User, dana: User, charlie: User, erin: User
) -> None:
    introduction = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    for person in (charlie, dana, erin):
        assert signed_in(person).get(introduction.get_absolute_url()).status_code == 404
    response = Client().get(introduction.get_absolute_url())
    assert response.headers["Location"] == f"/sign-in/login/?next={introduction.get_absolute_url()}"
    assert signed_in(gwen).post(introduction.get_absolute_url()).status_code == 405


def addresses(html: str) -> int:
    return html.count("@")


def test_addresses_are_shown_while_the_two_are_introduced_and_to_them_alone(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    for person in (alice, bob, gwen):
        assert addresses(read(person, introduction)) == 0
    introduction.say_yes(by=gwen)
    for person in (alice, bob, gwen):
        assert addresses(read(person, introduction)) == 0
    introduction.say_yes(by=alice)
    assert gwen.email in read(alice, introduction)
    assert alice.email in read(gwen, introduction)
    assert addresses(read(bob, introduction)) == 0
    Refusal.objects.refuse(
        prospect=gwen, expert=alice.expert, kind="not-now", until=timezone.localdate().replace(year=2099)
    )
    for person in (alice, bob, gwen):
        assert addresses(read(person, introduction)) == 0


@pytest.mark.parametrize("kind", ["no", "never", "chose-another"])
def test_after_a_no_the_expert_has_no_form_and_no_address(alice: User, gwen: User, kind: str) -> None:
    introduction = introduced(prospect=gwen, expert=alice.expert)
    Touch.objects.write(introduction=introduction, author=gwen, body="Ring me: +351 912 345 678.")
    signed_in(alice).post(f"{introduction.get_absolute_url()}notes/", {"note": f"Ask again: {gwen.email}"})
    assert "912" in read(alice, introduction)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind=kind)
    html = read(alice, introduction)
    assert html.count("<form") + html.count("<button") == 0
    assert addresses(html) == 0
    assert "912" not in html
    assert "said no on" in html
    assert "That is final" in html
    assert "Thank you" in html
    assert "Take it back" in read(gwen, introduction)


def test_neither_learns_of_the_others_no_before_both_said_yes(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.say_yes(by=alice)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    refused = read(alice, introduction)
    assert "said no" not in refused
    assert "<form" not in refused


def test_the_expert_paused_and_the_prospect_is_still_asked(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.expert_not_now()
    assert "Yes, introduce me" in read(gwen, introduction)


def test_a_member_reads_again_what_they_wrote_and_nothing_of_the_rest(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    introduction.say_yes(by=gwen)
    introduction.say_yes(by=alice)
    Touch.objects.write(introduction=introduction, author=alice, body="You need listeners.")
    html = read(bob, introduction)
    assert "She means it." in html
    assert "She helped me." in html
    assert "You need listeners." not in html
    assert "She helped me." not in read(alice, introduction)
    assert "She means it." not in read(gwen, introduction)


def test_the_giver_reads_outcome_and_thanks(alice: User, bob: User, gwen: User) -> None:
    introduction = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    introduction.say_yes(by=alice)
    Outcome.objects.report(introduction=introduction, by=alice, kind="chose-another")
    Outcome.objects.report(introduction=introduction, by=gwen, kind="engaged")
    Thanks.objects.say(introduction=introduction, by=gwen, text="Thank you, Bob.")
    html = read(bob, introduction)
    assert f"{alice.first_name}: {gwen.first_name} chose someone else" in html
    assert f"{gwen.first_name}: It became business" in html
    assert "Thank you, Bob." in html


def test_after_ten_days_of_silence_the_next_experts_are_offered(alice: User, erin: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    assert erin.name not in read(gwen, introduction)
    introduction.note_silence()
    assert erin.get_short_name() in read(gwen, introduction)
    assert erin.name not in read(alice, introduction)


def many(expert: Expert, gwen: User, number: int) -> Introduction:
    introduction = introduced(prospect=gwen, expert=expert)
    Touch.objects.write(introduction=introduction, author=expert.member, body="Message zero.")
    for each in range(1, number):
        Touch.objects.write(introduction=introduction, author=gwen, body=f"Message {each}.")
    return introduction


@pytest.mark.parametrize("number", [1, 120])
def test_the_number_of_queries_does_not_grow(
    alice: User, gwen: User, number: int, django_assert_num_queries: Any
) -> None:
    introduction = many(alice.expert, gwen, number)
    clients = {person: signed_in(person) for person in (alice, gwen)}
    with django_assert_num_queries(9):
        clients[alice].get(introduction.get_absolute_url())
    with django_assert_num_queries(9):
        clients[gwen].get(introduction.get_absolute_url())


def test_the_newest_fifty_and_the_way_to_older_ones(alice: User, gwen: User) -> None:
    introduction = many(alice.expert, gwen, 60)
    html = read(gwen, introduction)
    assert html.count('id="touch-') == 50
    assert html.index("Message 10.") < html.index("Message 59.")
    older = html[html.index("?before=") : html.index("#thread")]
    before = read(gwen, introduction, older)
    assert before.count('id="touch-') == 10
    assert "Message zero." in before
    assert "Newest messages" in before
    assert read(gwen, introduction, "?before=nonsense").count('id="touch-') == 50


def test_somebody_who_is_two_of_these_reads_each_by_itself(alice: User, erin: User) -> None:
    """Erin, an expert, asks Alice: there she is the prospect."""
    introduction = introduced(prospect=erin, expert=alice.expert)
    assert "What you need" in read(erin, introduction)
    assert signed_in(make_member()).get(introduction.get_absolute_url()).status_code == 404
