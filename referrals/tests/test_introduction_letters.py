"""What goes out about introductions, through a mail server, and that it holds nobody's address too early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import letters
from accounts.models import Notice, User
from accounts.tests.factories import send_letters, signed_in
from accounts.tests.mail_server import MailServer, html_of, text_of
from config.demo import factory
from referrals import jobs
from referrals.letters import introductions as about
from referrals.models import Introduction, Outcome, Recommendation, Refusal, Thanks, Touch
from referrals.tests.introducing import NEED, ask, by_recommendation, introduce, introduced

pytestmark = pytest.mark.django_db
LARGEST = 20 * 1024  # bytes of HTML
OUTCOMES = ["introduced", "passed-on", "expert-cannot", "silent", "withdrawn", *Outcome.Kind.values]
OUTCOMES += [f"prospect-{kind}" for kind in Refusal.Kind.values]


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes everything."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    server.controller.start()
    yield server
    server.controller.stop(no_assert=True)


def letters_to(post: MailServer, person: User) -> list[Any]:
    send_letters()
    return [letter for letter in post.letters if letter["To"] == person.email]


def whole(letter: Any) -> str:
    return f"{letter['Subject']}\n{letter['From']}\n{letter['Reply-To']}\n{text_of(letter)}\n{html_of(letter)}"


def of(letter: str, to: User) -> Notice:
    notice: Notice = Notice.objects.get(letter=letter, recipient=to)
    return notice


def test_asking_writes_to_the_expert_and_to_nobody_else(alice: User, gwen: User, post: MailServer) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert, tried="Posting.", success="A hundred.", timing="week")
    (letter,) = letters_to(post, alice)
    assert letter["Subject"] == "Gwen is looking for help. Shall we introduce you?"
    assert [each["To"] for each in post.letters if each["Subject"] == letter["Subject"]] == [alice.email]
    for words in (NEED, "Posting.", "A hundred.", "This week", about.page(introduction, alice)):
        assert words in text_of(letter)
        assert words in html_of(letter)
    assert gwen.email not in whole(letter)


def test_a_member_s_letters_come_in_the_member_s_name(alice: User, bob: User, gwen: User, post: MailServer) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen, category=alice.expert.categories[0])
    (to_alice,), (to_gwen,) = letters_to(post, alice)[-1:], letters_to(post, gwen)
    assert to_alice["Subject"] == "Gwen is looking for help with podcasting. Shall I introduce you?"
    assert to_gwen["Subject"] == "Alice helped me with that. Shall I introduce you?"
    assert all(str(each["From"]).startswith(f"{bob.name} via ") for each in (to_alice, to_gwen))
    assert "She means it." in text_of(to_alice)
    assert "She helped me." not in text_of(to_alice)
    assert "She helped me." in text_of(to_gwen)
    assert "She means it." not in text_of(to_gwen)
    assert about.page(introduction, gwen) in text_of(to_gwen)
    assert "List-Unsubscribe" in to_gwen
    assert "List-Unsubscribe" not in to_alice


def test_addresses_only_after_both_yes_and_to_both(alice: User, bob: User, gwen: User, post: MailServer) -> None:
    User.objects.filter(pk=gwen.pk).update(email="kanarie-g@example.test")
    User.objects.filter(pk=alice.pk).update(email="kanarie-a@example.test")
    gwen.refresh_from_db(), alice.refresh_from_db(), alice.expert.refresh_from_db()
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    Introduction.objects.update(asked_at=timezone.now() - dt.timedelta(days=6))
    jobs.follow_introductions.call()
    introduction.say_yes(by=alice)
    send_letters()
    before = list(post.letters)
    assert len(before) >= 4
    for letter in before:
        off = letter["To"] == gwen.email and "kanarie-a" not in whole(letter)
        assert off or "kanarie" not in whole(letter)
    introduction.say_yes(by=gwen)
    send_letters()
    after = {each["To"]: each for each in post.letters[len(before) :] if each["Subject"] == "Gwen, meet Alice"}
    assert set(after) == {alice.email, gwen.email}
    for letter in after.values():
        for part in (text_of(letter), html_of(letter)):
            assert alice.email in part
            assert gwen.email in part
    to_bob = letters_to(post, bob)[-1]
    assert to_bob["Subject"] == "Gwen and Alice are introduced"
    assert "kanarie" not in whole(to_bob)


def everything_that_can_happen(alice: User, bob: User, gwen: User, erin: User) -> None:
    """Each letter is written at least once."""
    said = Recommendation.objects.get(author=bob, expert=alice.expert)
    first = by_recommendation(said, prospect=gwen, answers=[{"question": "How many?", "answer": "Twelve."}])
    first.say_yes(by=alice)
    touch = Touch.objects.write(introduction=first, author=alice, body="You need listeners: https://a.example/x")
    Thanks.objects.say(introduction=first, by=gwen, text="She was worth it.")
    Introduction.objects.filter(pk=first.pk).update(introduced_at=timezone.now() - dt.timedelta(days=15))
    jobs.follow_introductions.call()
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    Introduction.objects.get(pk=first.pk).reopen()
    Introduction.objects.get(pk=first.pk).withdraw(by=gwen)
    hana, zoe = factory.make_guest(name="Hana Sato"), factory.make_guest(name="Zoë Marsh")
    ask(prospect=hana, expert=alice.expert).offer_better(erin.expert, words="She does only this.")
    ask(prospect=zoe, expert=alice.expert).expert_says_no()
    waits = introduce(introducer=bob, expert=erin.expert, prospect=zoe)
    waits.say_yes(by=zoe)
    Introduction.objects.filter(pk=waits.pk).update(asked_at=timezone.now() - dt.timedelta(days=11))
    jobs.follow_introductions.call()
    report = touch.reports.create(introduction=first, about=alice, by=gwen, kind="pitched")
    report.decide(by=factory.make_curator(), upheld=True, reason="It sells.")
    about.on_notice(bob, balance="-3.20", day="1 March 2026", until="31 March 2026")


def test_every_letter_says_the_same_twice_and_is_small(alice: User, bob: User, gwen: User, erin: User) -> None:
    everything_that_can_happen(alice, bob, gwen, erin)
    ours = Notice.objects.exclude(letter__startswith="recommendation").exclude(letter="account")
    written = set(ours.values_list("letter", flat=True))
    assert written >= {
        "intro_ask_expert", "intro_ask_prospect", "introduction", "intro_offered", "intro_not_possible", "intro_silent",
        "intro_message", "intro_prospect_no", "intro_reopened", "intro_ended", "intro_outcome", "how_did_it_go",
        "intro_thanks", "intro_reminder", "report_decided", "report_upheld", "bank_notice",
    }  # fmt: skip
    people = User.objects.values_list("email", flat=True)
    for notice in ours:
        message = letters.compose(notice)
        page = str(message.alternatives[0][0])
        assert 5 < len(message.subject) < 120
        assert len(page.encode()) < LARGEST
        assert letters.absolute(notice.path) in message.body
        assert page.count('class="button"') == 1
        assert "{{" not in message.body + page
        assert "\n\n\n" not in message.body
        if notice.letter != "introduction":
            assert not any(email in message.body + message.subject + page for email in people), notice.letter


@pytest.mark.parametrize("what", OUTCOMES)
def test_the_introducer_hears_every_outcome_in_words(what: str, alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    about.outcome(introduction, what=what, by=gwen if what in Outcome.Kind.values else None)
    message = letters.compose(of("intro_outcome", bob))
    first, *rest = message.body.split("\n\n")
    assert first == f"You introduced {gwen.name} to {alice.name}."
    assert len(rest[0]) > 20
    assert "Open the introduction" not in rest[0]
    assert message.subject
    assert rest[0] in str(message.alternatives[0][0])


def test_what_is_typed_is_text_in_both_parts(alice: User, gwen: User) -> None:
    ask(prospect=gwen, expert=alice.expert, need="<i data-x> & 'so' on")
    message = letters.compose(of("intro_ask_expert", alice))
    assert "<i data-x> & 'so' on" in message.body
    assert "&lt;i data-x&gt; &amp; " in str(message.alternatives[0][0])


def test_a_name_cannot_write_headers(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="Bob\r\nBcc: eve@example.test")
    bob.refresh_from_db()
    Introduction.objects.introduce(
        introducer=bob, expert=alice.expert, name="Hana\r\nBcc: x@x.test", email="h@example.test", need=NEED
    )
    for notice in Notice.objects.filter(letter__startswith="intro_ask"):
        message = letters.compose(notice).message()
        assert message["Bcc"] is None
        assert "\n" not in str(message["Subject"])


def test_the_one_reminder_goes_to_whoever_has_not_answered(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    jobs.follow_introductions.call()
    assert not Notice.objects.filter(letter="intro_reminder").exists()
    introduction.say_yes(by=gwen)
    Introduction.objects.update(asked_at=timezone.now() - dt.timedelta(days=5, minutes=1))
    for _ in range(2):
        jobs.follow_introductions.call()
    reminder = Notice.objects.get(letter="intro_reminder")
    assert reminder.recipient == alice
    assert reminder.subject == "Gwen still hopes for a word from you"
    assert "This is the one reminder." in letters.compose(reminder).body
    assert introduction.steps.filter(act="reminded").count() == 1


def test_nobody_is_reminded_who_said_yes_or_no(alice: User, gwen: User) -> None:
    answered = introduced(prospect=gwen, expert=alice.expert)
    declined = ask(prospect=factory.make_guest(), expert=alice.expert)
    declined.expert_says_no()
    Introduction.objects.update(asked_at=timezone.now() - dt.timedelta(days=9))
    jobs.follow_introductions.call()
    assert not Notice.objects.filter(letter="intro_reminder").exists()
    assert answered.pk != declined.pk


def test_links_in_letters_change_nothing(alice: User, bob: User, gwen: User) -> None:
    introduction = introduce(introducer=bob, expert=alice.expert, prospect=gwen)
    for person in (alice, gwen):
        assert Client().get(about.page(introduction, person)).status_code == 200
    introduction.refresh_from_db()
    assert (introduction.stage, introduction.expert_yes_at, introduction.prospect_yes_at) == ("asked", None, None)


def test_the_introduced_in_the_list_of_letters(alice: User, gwen: User) -> None:
    introduced(prospect=gwen, expert=alice.expert)
    page = signed_in(gwen).get("/notifications/").content.decode()
    assert f"{gwen.first_name}, meet {alice.first_name}" in page
