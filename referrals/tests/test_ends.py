"""How it went, thanks, closing, and taking a no back: on the page of an introduction."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import signed_in
from referrals.models import Introduction, Outcome, Recommendation, Refusal, Stage, Thanks
from referrals.tests.introducing import ask, by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db
ACTS = ("outcome", "thanks", "withdraw", "reopen")


@pytest.fixture
def met(alice: User, bob: User, gwen: User) -> Introduction:
    introduction = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    introduction.say_yes(by=alice)
    return introduction


def send(person: User, introduction: Introduction, act: str, **data: str) -> int:
    response = signed_in(person).post(f"{introduction.get_absolute_url()}{act}/", data)
    introduction.refresh_from_db()
    return int(response.status_code)


def read(person: User, introduction: Introduction) -> str:
    return str(signed_in(person).get(introduction.get_absolute_url()).content.decode())


@pytest.mark.parametrize("act", ACTS)
def test_they_answer_posts_of_parties_alone(met: Introduction, gwen: User, charlie: User, dana: User, act: str) -> None:
    path = f"{met.get_absolute_url()}{act}/"
    assert Client().get(path).status_code == signed_in(gwen).get(path).status_code == 405
    assert Client().post(path).status_code == 302
    for stranger in (charlie, dana):
        assert send(stranger, met, act, kind="met", thanks="x") == 404


def test_seven_outcomes_and_the_latest_word_counts(met: Introduction, alice: User, gwen: User) -> None:
    html = read(gwen, met)
    assert all(label in html for label in Outcome.Kind.labels)
    assert f"{gwen.first_name} chose someone else" in read(alice, met)
    for kind in ("met", "met", "engaged"):
        assert send(gwen, met, "outcome", kind=kind) == 302
    assert [said.kind for said in Outcome.objects.all()] == ["met", "engaged"]
    assert "You said: It became business." in read(gwen, met)
    send(alice, met, "outcome", kind="engaged")
    assert met.engaged_at


def test_outcomes_that_are_none(met: Introduction, bob: User, gwen: User) -> None:
    for kind in ("", "rich", "x" * 500):
        assert send(gwen, met, "outcome", kind=kind) == 422
    assert send(bob, met, "outcome", kind="met") == 404
    assert not Outcome.objects.exists()


def test_i_chose_someone_else_is_a_no(met: Introduction, gwen: User) -> None:
    send(gwen, met, "outcome", kind="chose-another")
    assert met.stage == Stage.REFUSED
    assert Refusal.objects.get().kind == "chose-another"


def test_the_expert_saying_so_is_not(met: Introduction, alice: User) -> None:
    send(alice, met, "outcome", kind="chose-another")
    assert met.stage == Stage.DONE
    assert not Refusal.objects.exists()


def test_done_it_can_be_taken_up_again_by_a_word_of_the_prospect(met: Introduction, alice: User, gwen: User) -> None:
    send(alice, met, "outcome", kind="did-not-happen")
    assert "/write/" not in read(alice, met)
    assert send(alice, met, "write", body="But") == 302
    assert not met.thread.exists()
    send(gwen, met, "write", body="One question more.")
    assert met.stage == Stage.INTRODUCED


def test_an_outcome_before_they_met_is_said_to_be_too_early(alice: User, gwen: User) -> None:
    asked = ask(prospect=gwen, expert=alice.expert)
    assert send(gwen, asked, "outcome", kind="met") == 302
    assert not Outcome.objects.exists()


def test_thanks_once_each(met: Introduction, alice: User, bob: User, gwen: User) -> None:
    assert "Thank Bob" in read(gwen, met)
    for words in ("Thank you,\nBob.", "Again."):
        assert send(gwen, met, "thanks", thanks=words) == 302
    send(alice, met, "thanks", thanks="A good match.")
    assert [said.text for said in Thanks.objects.all()] == ["Thank you, Bob.", "A good match."]
    html = read(gwen, met)
    assert "/thanks/" not in html
    assert "Thank you, Bob." in html
    assert "A good match." in read(bob, met)
    assert send(bob, met, "thanks", thanks="Myself") == 404


@pytest.mark.parametrize("words", ["", "  ", "x" * 301])
def test_thanks_that_are_none(met: Introduction, gwen: User, words: str) -> None:
    response = signed_in(gwen).post(f"{met.get_absolute_url()}thanks/", {"thanks": words})
    assert response.status_code == 422
    assert words.strip() in response.content.decode()
    assert not Thanks.objects.exists()


def test_nobody_to_thank(alice: User, gwen: User) -> None:
    direct = introduced(prospect=gwen, expert=alice.expert)
    html = read(gwen, direct)
    assert "/thanks/" not in html
    assert "Thanks" not in html
    response = signed_in(gwen).post(f"{direct.get_absolute_url()}thanks/", {"thanks": "You"}, follow=True)
    assert "There is nobody to thank here." in response.content.decode()


def test_either_closes_it_without_a_reason(met: Introduction, alice: User, gwen: User) -> None:
    for _ in range(2):
        assert send(alice, met, "withdraw") == 302
    assert met.stage == Stage.WITHDRAWN
    assert met.steps.filter(act="withdrawn").count() == 1
    assert "It is closed." in read(gwen, met)
    assert "<form" not in read(alice, met)


def test_a_member_closes_what_they_began_until_both_said_yes(alice: User, bob: User, gwen: User) -> None:
    brought = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    assert "Close this introduction" in read(bob, brought)
    brought.say_yes(by=gwen)
    brought.say_yes(by=alice)
    assert "Close this introduction" not in read(bob, brought)
    send(bob, brought, "withdraw")
    assert brought.stage == Stage.INTRODUCED


def test_an_author_whose_words_were_named_closes_nothing(bob: User, gwen: User) -> None:
    asked = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    assert "<form" not in read(bob, asked).split("For yourself")[0]
    send(bob, asked, "withdraw")
    assert asked.stage == Stage.ASKED


def test_only_the_prospect_takes_a_no_back(met: Introduction, alice: User, bob: User, gwen: User) -> None:
    send(gwen, met, "no", kind="never")
    html = read(gwen, met)
    assert "Take it back" in html
    assert "/no/" not in html
    for other in (alice, bob):
        assert "Take it back" not in read(other, met)
        assert send(other, met, "reopen") == 404
    for _ in range(2):
        assert send(gwen, met, "reopen") == 302
    assert met.stage == Stage.INTRODUCED
    assert not Refusal.objects.standing().exists()
    assert gwen.email in read(alice, met)


def test_nothing_to_take_back(alice: User, gwen: User) -> None:
    """The expert's "not now" is not the prospect's to take back: there is another act for asking once more."""
    asked = ask(prospect=gwen, expert=alice.expert)
    asked.expert_not_now()
    assert send(gwen, asked, "reopen") == 302
    assert asked.stage == Stage.PAUSED


def test_a_no_can_be_said_after_it_ended_otherwise(met: Introduction, alice: User, gwen: User) -> None:
    send(alice, met, "withdraw")
    assert send(gwen, met, "no", kind="never") == 302
    assert Refusal.objects.standing().get().kind == "never"
    assert "Take it back" in read(gwen, met)
    send(gwen, met, "reopen")
    assert not Refusal.objects.standing().exists()
    assert met.stage == Stage.WITHDRAWN
