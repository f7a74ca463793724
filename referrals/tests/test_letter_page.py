"""What a letter about an introduction opens without signing in: short, and answered by buttons alone."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.tests.factories import signed_in
from directory.tests.guides import make_guide
from referrals.letters import introductions as letters
from referrals.models import Introduction, Outcome, PrivateNote, Recommendation, Refusal, Stage, Thanks, Touch
from referrals.tests.introducing import NEED, ask, by_recommendation, introduce

pytestmark = pytest.mark.django_db
BY_EITHER_DOOR = ("yes", "not-now", "no", "enough", "still", "better", "outcome", "thanks", "withdraw", "reopen")
SIGNED_IN = ("offer-guide", "offer-expert", "write", "confirm", "contact", "notes", "report/1")


@pytest.fixture
def brought(alice: User, bob: User, gwen: User) -> Introduction:
    return introduce(introducer=bob, expert=alice.expert, prospect=gwen)


@pytest.fixture
def met(alice: User, bob: User, gwen: User) -> Introduction:
    """With words in the thread, and notes."""
    introduction = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    introduction.say_yes(by=alice)
    Touch.objects.write(introduction=introduction, author=alice, body="You need listeners.")
    for person in (alice, gwen):
        PrivateNote.objects.create(introduction=introduction, author=person, text="Ask again in May.")
    return introduction


def read(introduction: Introduction, person: User, client: Client | None = None) -> str:
    response = (client or Client()).get(letters.page(introduction, person))
    assert response.status_code == 200
    return str(response.content.decode())


def send(introduction: Introduction, person: User, act: str, client: Client | None = None, **data: str) -> int:
    response = (client or Client()).post(f"{letters.page(introduction, person)}{act}/", data)
    introduction.refresh_from_db()
    if response.status_code == 302:
        assert response.headers["Location"] == letters.page(introduction, person)
    return int(response.status_code)


def test_looking_changes_nothing_and_nobody_keeps_a_copy(brought: Introduction, gwen: User) -> None:
    """Programs that check mail follow links."""
    response = Client().get(letters.page(brought, gwen))
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.content.decode()
    for act in BY_EITHER_DOOR:
        assert Client().get(f"{letters.page(brought, gwen)}{act}/").status_code == 405
    brought.refresh_from_db()
    assert (brought.stage, brought.prospect_yes_at) == (Stage.ASKED, None)


def test_it_says_the_need_and_one_s_own_note(brought: Introduction, alice: User, gwen: User) -> None:
    for person, mine, others in ((gwen, "She helped me.", "She means it."), (alice, "She means it.", "She helped me.")):
        html = read(brought, person)
        assert NEED in html
        assert mine in html
        assert others not in html
        assert "@" not in html[html.index("<main") :]


def test_neither_thread_nor_addresses_nor_private_notes(met: Introduction, alice: User, bob: User, gwen: User) -> None:
    for person in (alice, bob, gwen):
        html = read(met, person)
        assert "You need listeners." not in html
        assert "Ask again in May." not in html
        assert "@" not in html[html.index("<main") :]
    assert f"/sign-in/login/?next={met.get_absolute_url()}" in read(met, gwen)
    assert "Sign in to read and write messages" in read(met, gwen)
    assert NEED not in read(met, bob)


def test_a_key_that_is_not_ours_or_of_a_mailbox_given_up(met: Introduction, gwen: User, charlie: User) -> None:
    old, foreign = letters.page(met, gwen), letters.page(met, charlie)
    User.objects.filter(pk=gwen.pk).update(email="new@example.test")
    for path in (old, foreign, "/introductions/letter/nonsense/", f"{old[:-2]}/"):
        assert Client().get(path).status_code == 404
        assert Client().post(f"{path}no/").status_code == 404
    gwen.refresh_from_db()
    assert Client().get(letters.page(met, gwen)).status_code == 200
    User.objects.filter(pk=gwen.pk).update(is_active=False)
    assert Client().get(letters.page(met, gwen)).status_code == 404


def test_a_yes_by_letter_proves_the_mailbox(brought: Introduction, alice: User, gwen: User) -> None:
    EmailAddress.objects.filter(user=gwen).update(verified=False)
    for _ in range(2):
        assert send(brought, gwen, "yes") == 302
    assert brought.prospect_yes_at
    assert EmailAddress.objects.get(user=gwen).verified
    assert "It is Alice’s turn" in read(brought, gwen)
    assert send(brought, alice, "yes") == 302
    assert brought.stage == Stage.INTRODUCED


def test_a_no_by_letter_is_final_and_can_be_taken_back(brought: Introduction, alice: User, gwen: User) -> None:
    assert "No, thank you. That is final." in read(brought, gwen)
    for _ in range(2):
        assert send(brought, gwen, "no") == 302
    assert brought.stage == Stage.REFUSED
    assert "said no" not in read(brought, alice)
    assert "<form" not in read(brought, alice)
    assert send(brought, gwen, "reopen") == 302
    assert brought.stage == Stage.ASKED


def test_not_now_by_letter(brought: Introduction, alice: User, gwen: User) -> None:
    response = Client().post(f"{letters.page(brought, gwen)}not-now/", {"until": "2001-02-03"})
    assert response.status_code == 422
    assert "2001-02-03" in response.content.decode()
    send(brought, gwen, "not-now")
    assert brought.stage == Stage.PAUSED
    assert Refusal.objects.get().kind == "not-now"


def test_the_experts_answers_by_letter(alice: User, gwen: User) -> None:
    asked = ask(prospect=gwen, expert=alice.expert)
    html = read(asked, alice)
    assert "I can help" in html
    assert "Sign in to offer something free" in html
    assert send(asked, alice, "no") == 302
    assert asked.stage == Stage.DECLINED


def test_what_was_offered_is_answered_by_letter(alice: User, erin: User, gwen: User) -> None:
    asked = ask(prospect=gwen, expert=alice.expert)
    guide = make_guide(alice.expert)
    asked.offer_guide(guide, words="Page two.")
    html = read(asked, gwen)
    assert guide.title in html
    assert "Page two." in html
    send(asked, gwen, "still")
    assert asked.stage == Stage.ASKED
    asked.offer_better(erin.expert)
    assert erin.name in read(asked, gwen)
    send(asked, gwen, "better")
    assert asked.stage == Stage.PASSED_ON


def test_outcome_and_thanks_by_letter(met: Introduction, alice: User, bob: User, gwen: User) -> None:
    assert send(met, gwen, "outcome", kind="met") == 302
    assert send(met, gwen, "outcome", kind="x") == 422
    assert Outcome.objects.get().by == gwen
    assert send(met, alice, "thanks", thanks="Thank you, Bob.") == 302
    assert send(met, gwen, "thanks", thanks="") == 422
    assert Thanks.objects.get().by == alice
    assert "Thank you, Bob." in read(met, bob)


@pytest.mark.parametrize("act", SIGNED_IN)
def test_what_needs_a_sign_in_is_not_behind_the_key(met: Introduction, alice: User, act: str) -> None:
    assert Client().post(f"{letters.page(met, alice)}{act}/", {"body": "x"}).status_code == 404


def test_the_giver_answers_for_neither(brought: Introduction, bob: User) -> None:
    for act in ("yes", "no", "not-now", "outcome", "thanks", "reopen"):
        assert send(brought, bob, act) == 404
    assert "Close this introduction" in read(brought, bob)
    assert send(brought, bob, "withdraw") == 302
    assert brought.stage == Stage.WITHDRAWN


def test_signed_in_it_leads_to_the_whole_page(met: Introduction, gwen: User) -> None:
    response = signed_in(gwen).get(letters.page(met, gwen))
    assert response.headers["Location"] == met.get_absolute_url()


def test_somebody_else_answers_nothing(met: Introduction, charlie: User, gwen: User) -> None:
    client = signed_in(charlie)
    html = read(met, gwen, client)
    assert "This letter was written to somebody else" in html
    assert NEED not in html
    assert gwen.name not in html
    for act in BY_EITHER_DOOR:
        assert send(met, gwen, act, client, kind="met", thanks="x") == 302
    assert met.stage == Stage.INTRODUCED
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("stage", ["asked", "introduced", "done", "refused"])
def test_the_number_of_queries_is_small(
    alice: User, bob: User, gwen: User, stage: str, django_assert_max_num_queries: object
) -> None:
    introduction = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    if stage != "asked":
        introduction.say_yes(by=alice)
    if stage == "done":
        Outcome.objects.report(introduction=introduction, by=gwen, kind="not-needed")
    if stage == "refused":
        Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        Client().get(letters.page(introduction, gwen))
