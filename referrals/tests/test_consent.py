"""Yes, not now, no; the expert's three answers, and what the prospect says to them."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import signed_in
from directory.models import Paper
from directory.tests.guides import make_guide
from referrals.models import Introduction, Outcome, Refusal, Route, Stage, WrongStage
from referrals.tests.introducing import ask, introduce

pytestmark = pytest.mark.django_db
ACTS = ("yes", "not-now", "no", "offer-guide", "offer-expert", "enough", "still", "better")
OF_EXPERT = ("offer-guide", "offer-expert")
OF_PROSPECT = ("enough", "still", "better")


@pytest.fixture
def asked(alice: User, gwen: User) -> Introduction:
    return ask(prospect=gwen, expert=alice.expert)


@pytest.fixture
def brought(alice: User, bob: User, gwen: User) -> Introduction:
    """By a member: neither has answered."""
    return introduce(introducer=bob, expert=alice.expert, prospect=gwen)


@pytest.fixture
def guide(alice: User) -> Paper:
    return make_guide(alice.expert)


def send(person: User, introduction: Introduction, act: str, **data: str) -> int:
    """The status of the answer; the introduction is as it is afterwards."""
    response = signed_in(person).post(f"{introduction.get_absolute_url()}{act}/", data)
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/introductions/")
    introduction.refresh_from_db()
    return int(response.status_code)


@pytest.mark.parametrize("act", ACTS)
def test_they_answer_posts_of_parties_alone(
    asked: Introduction, gwen: User, alice: User, charlie: User, act: str
) -> None:
    path = f"{asked.get_absolute_url()}{act}/"
    assert Client().get(path).status_code == signed_in(gwen).get(path).status_code == 405
    assert Client().post(path).headers["Location"] == f"/sign-in/login/?next={asked.get_absolute_url()}"
    assert send(charlie, asked, act) == 404
    assert send(gwen if act in OF_EXPERT else alice, asked, act) == (404 if act in OF_EXPERT + OF_PROSPECT else 302)


@pytest.mark.parametrize("act", ACTS)
def test_whoever_introduced_them_answers_for_neither(brought: Introduction, bob: User, act: str) -> None:
    assert send(bob, brought, act) == 404
    assert brought.stage == Stage.ASKED


def test_both_say_yes_in_either_order_and_twice_is_once(brought: Introduction, alice: User, gwen: User) -> None:
    send(gwen, brought, "yes")
    send(gwen, brought, "yes")
    assert brought.stage == Stage.ASKED
    html = signed_in(gwen).get(brought.get_absolute_url()).content.decode()
    assert "It is Alice’s turn" in html
    send(alice, brought, "yes")
    send(alice, brought, "yes")
    assert brought.stage == Stage.INTRODUCED
    assert brought.steps.filter(act="said-yes").count() == 2


def test_a_prospects_no_is_final_and_twice_is_once(brought: Introduction, alice: User, gwen: User) -> None:
    for _ in range(2):
        assert send(gwen, brought, "no") == 302
    assert brought.stage == Stage.REFUSED
    assert Refusal.objects.get().kind == "no"
    send(alice, brought, "yes")
    assert brought.stage == Stage.REFUSED


@pytest.mark.parametrize("kind", ["no", "never", "chose-another"])
def test_a_no_in_the_words_of_the_button(asked: Introduction, gwen: User, kind: str) -> None:
    send(gwen, asked, "no", kind=kind)
    assert Refusal.objects.get().kind == kind


def test_nobody_else_can_be_taken_off_by_the_button(asked: Introduction, gwen: User) -> None:
    for kind in ("take-me-off", "not-now", "x"):
        assert send(gwen, asked, "no", kind=kind) == 422
    assert asked.stage == Stage.ASKED


def test_not_now_until_a_day_or_for_a_month(asked: Introduction, gwen: User) -> None:
    today = timezone.localdate()
    send(gwen, asked, "not-now")
    assert Refusal.objects.get().until == today + dt.timedelta(days=30)
    assert asked.stage == Stage.PAUSED
    send(gwen, asked, "reopen")
    assert asked.stage == Stage.ASKED
    send(gwen, asked, "not-now", until=(today + dt.timedelta(days=7)).isoformat())
    assert Refusal.objects.standing().get().until == today + dt.timedelta(days=7)


@pytest.mark.parametrize("until", ["yesterday", "2001-02-03", "9999-12-31"])
def test_a_day_that_is_none_comes_back(asked: Introduction, gwen: User, until: str) -> None:
    path = f"{asked.get_absolute_url()}not-now/"
    response = signed_in(gwen).post(path, {"until": until})
    assert response.status_code == 422
    html = response.content.decode()
    assert "There is a problem" in html
    assert f'value="{until}"' in html
    assert "<title>Error: " in html


def test_not_now_is_taken_back_by_a_yes(brought: Introduction, alice: User, gwen: User) -> None:
    """Also where the expert had said yes meanwhile: then the two are introduced."""
    send(gwen, brought, "not-now")
    assert brought.stage == Stage.PAUSED
    send(gwen, brought, "yes")
    assert brought.stage == Stage.ASKED
    assert brought.prospect_yes_at
    assert not Refusal.objects.standing().exists()
    send(alice, brought, "yes")
    assert brought.stage == Stage.INTRODUCED


def test_a_not_now_after_the_experts_yes_goes_on_to_the_introduction(
    brought: Introduction, alice: User, gwen: User
) -> None:
    send(alice, brought, "yes")
    send(gwen, brought, "not-now")
    send(gwen, brought, "yes")
    assert brought.stage == Stage.INTRODUCED


def test_the_experts_not_now_and_no(asked: Introduction, alice: User, gwen: User) -> None:
    send(alice, asked, "not-now")
    assert asked.stage == Stage.PAUSED
    send(gwen, asked, "still")
    assert asked.stage == Stage.ASKED
    send(alice, asked, "no")
    send(alice, asked, "no")
    assert asked.stage == Stage.DECLINED
    assert not Refusal.objects.exists()


def test_something_free_and_that_was_it(asked: Introduction, alice: User, gwen: User, guide: Paper) -> None:
    page = signed_in(alice).get(asked.get_absolute_url()).content.decode()
    assert guide.title in page
    send(alice, asked, "offer-guide", **{"free-guide": str(guide.pk), "free-words": "Page two."})
    assert (asked.stage, asked.paper, asked.offer_words) == (Stage.OFFERED, guide, "Page two.")
    html = signed_in(gwen).get(asked.get_absolute_url()).content.decode()
    assert "Page two." in html
    assert guide.get_absolute_url() in html
    send(gwen, asked, "enough")
    assert asked.stage == Stage.DONE
    assert Outcome.objects.get().kind == "not-needed"


def test_thank_you_and_still(asked: Introduction, alice: User, gwen: User, guide: Paper) -> None:
    send(alice, asked, "offer-guide", **{"free-guide": str(guide.pk)})
    send(gwen, asked, "still")
    send(gwen, asked, "still")
    assert asked.stage == Stage.ASKED


def test_a_guide_of_somebody_else_or_none(asked: Introduction, alice: User, erin: User) -> None:
    other = make_guide(erin.expert)
    for pk in (str(other.pk), "", "x", "9" * 30):
        assert send(alice, asked, "offer-guide", **{"free-guide": pk, "free-words": "Kept words."}) == 422
    response = signed_in(alice).post(f"{asked.get_absolute_url()}offer-guide/", {"free-words": "Kept words."})
    assert asked.stage == Stage.ASKED
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("words", ["Write to a@b.example", "+49 30 1234567", "https://a.example/x"])
def test_no_address_goes_with_an_offer(asked: Introduction, alice: User, erin: User, words: str) -> None:
    answer = send(alice, asked, "offer-expert", **{"better-who": erin.name, "better-words": words})
    assert (answer, asked.stage) == (422, Stage.ASKED)


def test_somebody_better_by_name_or_address(asked: Introduction, alice: User, erin: User, gwen: User) -> None:
    for who in (erin.name.upper(), erin.handle):
        send(alice, asked, "offer-expert", **{"better-who": str(who), "better-words": "Her trade."})
        assert (asked.stage, asked.better) == (Stage.OFFERED, erin.expert)
        send(gwen, asked, "still")
    send(alice, asked, "offer-expert", **{"better-who": erin.name})
    assert send(gwen, asked, "better") == 302
    assert send(gwen, asked, "better") == 302
    assert asked.stage == Stage.PASSED_ON
    onward = Introduction.objects.get(expert=erin.expert)
    assert (onward.route, onward.giver, onward.prospect) == (Route.EXPERT, alice, gwen)


def test_a_name_that_is_not_clear_is_asked_about(asked: Introduction, alice: User, erin: User) -> None:
    path = f"{asked.get_absolute_url()}offer-expert/"
    response = signed_in(alice).post(path, {"better-who": erin.first_name, "better-words": "Her trade."})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Choose whom you mean." in html
    assert "Her trade." in html
    send(alice, asked, "offer-expert", **{"better-who": erin.first_name, "better-expert": str(erin.handle)})
    assert asked.better == erin.expert


@pytest.mark.parametrize("who", ["", "z", "Nobody Here", "alice", "x" * 500])
def test_nobody_who_is_not_in_print_and_not_oneself(asked: Introduction, alice: User, who: str) -> None:
    assert send(alice, asked, "offer-expert", **{"better-who": who}) == 422
    assert asked.stage == Stage.ASKED


def test_what_has_moved_on_is_said(asked: Introduction, alice: User, gwen: User) -> None:
    """Where an act comes too late, the page says so and nothing happens."""
    send(alice, asked, "yes")
    client = signed_in(alice)
    for act in ("no", "not-now"):
        answer = client.post(f"{asked.get_absolute_url()}{act}/", follow=True)
        assert answer.status_code == 200
        assert "This has moved on" in answer.content.decode()
    for act in OF_PROSPECT:
        assert send(gwen, asked, act) == 302
    assert asked.stage == Stage.INTRODUCED


# The verbs behind it.


def test_going_on_is_for_what_rests_or_was_answered_otherwise(asked: Introduction, alice: User) -> None:
    with pytest.raises(WrongStage):
        Introduction.objects.go_on(asked)
    asked.say_yes(by=alice)
    with pytest.raises(WrongStage):
        Introduction.objects.go_on(asked)


def test_asking_anew_after_a_not_now_goes_on(asked: Introduction, alice: User, gwen: User) -> None:
    asked.say_yes(by=alice)
    until = timezone.localdate() + dt.timedelta(days=9)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="not-now", until=until)
    assert ask(prospect=gwen, expert=alice.expert) == asked
    asked.refresh_from_db()
    assert asked.stage == Stage.INTRODUCED
    assert not Refusal.objects.standing().exists()


def test_a_not_now_leaves_alone_what_is_done(asked: Introduction, alice: User, gwen: User) -> None:
    asked.say_yes(by=alice)
    Outcome.objects.report(introduction=asked, by=gwen, kind="not-needed")
    until = timezone.localdate() + dt.timedelta(days=9)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="not-now", until=until)
    asked.refresh_from_db()
    assert asked.stage == Stage.DONE
