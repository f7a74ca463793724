"""The thread: what each may write, seven touches at most, and the first reply."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notice, User
from referrals.models import Introduction, NotAllowed, Outcome, Stage, TooMany, Touch, WrongStage
from referrals.tests.introducing import ask, introduced

pytestmark = pytest.mark.django_db
LINK = "It is about listeners, not posts. See https://alice.example/listeners and alice.example.com."


@pytest.fixture
def thread(alice: User, gwen: User) -> Introduction:
    return introduced(prospect=gwen, expert=alice.expert)


def write(thread: Introduction, author: User, body: str = "A word.") -> Touch:
    touch: Touch = Touch.objects.write(introduction=thread, author=author, body=body)
    return touch


def body_told(to: User) -> str:
    note = Notice.objects.filter(recipient=to, letter="intro_message").latest("pk")
    return str(note.words["body"])


def test_the_first_reply_holds_links_back_until_the_prospect_writes(
    thread: Introduction, alice: User, gwen: User
) -> None:
    touch = write(thread, alice, LINK)
    assert touch.is_reflection
    assert not thread.links_are_open
    assert "alice.example" not in body_told(gwen)
    write(thread, gwen, "Not quite.")
    assert thread.links_are_open
    assert not write(thread, alice, LINK).is_reflection
    assert "https://alice.example/listeners" in body_told(gwen)


def test_seven_touches_and_no_eighth_before_the_prospect_writes(thread: Introduction, alice: User, gwen: User) -> None:
    for number in range(1, 8):
        touch = write(thread, alice)
        assert touch.number == number
        assert thread.is_late == (5 <= number < 7)
    with pytest.raises(TooMany, match="seven times"):
        write(thread, alice)
    write(thread, gwen)
    assert write(thread, alice).number == 1


def test_outside_contacts_count_too_and_tell_nobody(thread: Introduction, alice: User, gwen: User) -> None:
    before = Notice.objects.filter(recipient=gwen).count()
    Touch.objects.note(
        introduction=thread, author=alice, channel="phone", on=timezone.localdate(), body="Rang her.", gave="answer"
    )
    assert thread.touches == 1
    assert Notice.objects.filter(recipient=gwen).count() == before
    assert write(thread, alice).is_reflection  # a call is no first reply
    with pytest.raises(NotAllowed):
        Touch.objects.note(introduction=thread, author=gwen, channel="phone", on=dt.date(2026, 1, 1), body="I rang.")


def test_the_prospects_messages_are_not_counted(thread: Introduction, gwen: User) -> None:
    for _ in range(9):
        assert write(thread, gwen).number is None
    assert thread.touches == 0


def test_nobody_else_writes(thread: Introduction, bob: User, charlie: User) -> None:
    for person in (bob, charlie):
        with pytest.raises(NotAllowed):
            write(thread, person)
        with pytest.raises(DatabaseError), transaction.atomic():
            Touch.objects.create(introduction=thread, author=person, body="Hello.", round=0, number=7)


def test_nobody_writes_before_both_agreed(alice: User, gwen: User) -> None:
    asked = ask(prospect=gwen, expert=alice.expert)
    for person in (alice, gwen):
        with pytest.raises(WrongStage):
            write(asked, person)
        with pytest.raises(DatabaseError), transaction.atomic():
            Touch.objects.create(introduction=asked, author=person, body="Hello.", round=0)


def test_a_message_of_the_prospect_takes_up_what_was_done(thread: Introduction, alice: User, gwen: User) -> None:
    Outcome.objects.report(introduction=thread, by=gwen, kind="did-not-happen")
    assert thread.stage == Stage.DONE
    with pytest.raises(WrongStage):
        write(thread, alice)
    write(thread, gwen)
    assert thread.stage == Stage.INTRODUCED


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 8, "round": 0}, "touch_seven_at_most"),
        ({"number": 1, "round": 0}, "touch_each_number_once"),
        ({"number": 2, "round": 0, "is_reflection": True}, "touch_one_reflection"),
        ({"number": 2, "round": 0, "body": ""}, "touch_message_says_something"),
    ],
)
def test_the_database_counts_too(thread: Introduction, alice: User, fields: dict[str, object], constraint: str) -> None:
    write(thread, alice)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Touch.objects.create(introduction=thread, author=alice, **{"body": "More.", **fields})
