"""The thread on the page: the first reply, the count, contacts elsewhere, reports, private notes."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import signed_in
from referrals.models import (
    Introduction,
    NotAllowed,
    PrivateNote,
    Recommendation,
    Refusal,
    Report,
    Touch,
    WrongStage,
)
from referrals.tests.introducing import by_recommendation, introduced

pytestmark = pytest.mark.django_db
LINK = "You need listeners. See https://alice.example/listeners"
ACTS = ("write", "confirm", "contact", "notes")


@pytest.fixture
def met(alice: User, gwen: User) -> Introduction:
    return introduced(prospect=gwen, expert=alice.expert)


def send(person: User, introduction: Introduction, act: str, **data: str) -> int:
    response = signed_in(person).post(f"{introduction.get_absolute_url()}{act}/", data)
    introduction.refresh_from_db()
    return int(response.status_code)


def read(person: User, introduction: Introduction) -> str:
    return str(signed_in(person).get(introduction.get_absolute_url()).content.decode())


@pytest.mark.parametrize("act", ACTS)
def test_they_answer_posts_of_parties_alone(met: Introduction, gwen: User, charlie: User, act: str) -> None:
    path = f"{met.get_absolute_url()}{act}/"
    assert Client().get(path).status_code == signed_in(gwen).get(path).status_code == 405
    assert Client().post(path).status_code == 302
    assert send(charlie, met, act, body="x") == 404


def test_the_giver_has_stepped_out(alice: User, bob: User, gwen: User) -> None:
    met = by_recommendation(Recommendation.objects.get(), prospect=gwen)
    met.say_yes(by=alice)
    touch = Touch.objects.write(introduction=met, author=alice, body="A word.")
    for act in ("write", "confirm", "contact", f"report/{touch.pk}"):
        assert send(bob, met, act, body="x") == 404
    assert send(bob, met, "notes", note="Ask again in May.") == 302


def test_the_first_reply_says_the_need_again_and_its_links_wait(met: Introduction, alice: User, gwen: User) -> None:
    assert f"In your own words: what does {gwen.first_name} need?" in read(alice, met)
    send(alice, met, "write", body=LINK)
    html = read(gwen, met)
    assert "alice.example" not in html
    assert "A link is held back until you answer." in html
    assert "alice.example" in read(alice, met)
    assert "Yes, that is it" in html
    for _ in range(2):
        assert send(gwen, met, "confirm") == 302
    assert met.steps.filter(act="confirmed").count() == 1
    html = read(gwen, met)
    assert "https://alice.example/listeners" in html
    assert "Yes, that is it" not in html


def test_to_correct_it_is_an_answer_too(met: Introduction, alice: User, gwen: User) -> None:
    send(alice, met, "write", body=LINK)
    send(gwen, met, "write", body="Not quite.")
    assert "https://alice.example/listeners" in read(gwen, met)
    assert (met.touches, met.round) == (0, 1)


def test_nothing_to_confirm(met: Introduction, alice: User, gwen: User) -> None:
    assert send(gwen, met, "confirm") == 302
    assert met.confirmed_at is None
    assert send(alice, met, "confirm") == 404
    with pytest.raises(NotAllowed):
        Touch.objects.confirm(introduction=met, by=alice)
    with pytest.raises(WrongStage):
        Touch.objects.confirm(introduction=met, by=gwen)


def test_the_count_warns_at_five_and_ends_at_seven(met: Introduction, alice: User, gwen: User) -> None:
    for number in range(1, 8):
        assert send(alice, met, "write", body=f"Word {number}.") == 302
        html = read(alice, met)
        assert (f"{number} of 7. The next one should give something." in html) == (number < 5)
        assert ("Two left. Is it time to let it rest?" in html) == (number == 5)
    assert "/write/" not in html
    assert "/contact/" not in html
    assert "You were in touch seven times without an answer" in html
    response = signed_in(alice).post(f"{met.get_absolute_url()}write/", {"body": "An eighth."}, follow=True)
    assert "seven times without an answer" in response.content.decode()
    assert met.thread.count() == 7
    send(gwen, met, "write", body="Here I am.")
    assert "/write/" in read(alice, met)


def test_nothing_typed_is_lost(met: Introduction, alice: User) -> None:
    response = signed_in(alice).post(f"{met.get_absolute_url()}write/", {"body": "Long. " * 400})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Cut it to 2000 characters." in html
    assert html.count("Long. ") == 400
    assert send(alice, met, "write", body=" ") == 422


def test_a_contact_elsewhere_counts(met: Introduction, alice: User, gwen: User) -> None:
    today = timezone.localdate().isoformat()
    rang = {"channel": "phone", "on": today, "gave": "answer", "useful": "Told her about rates."}
    assert send(alice, met, "contact", **rang) == 302
    assert met.touches == 1
    html = read(gwen, met)
    assert "telephone on" in html
    assert "Told her about rates." in html
    assert send(gwen, met, "contact", **rang) == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "tomorrow"), ("on", "9999-12-31"), ("on", ""), ("channel", "book"), ("channel", ""), ("gave", "x")],
)
def test_a_contact_that_cannot_be(met: Introduction, alice: User, field: str, value: str) -> None:
    rang = {"channel": "phone", "on": timezone.localdate().isoformat(), "gave": "answer", "useful": "Rates."}
    path = f"{met.get_absolute_url()}contact/"
    response = signed_in(alice).post(path, rang | {field: value})
    assert response.status_code == 422
    assert "Rates." in response.content.decode()
    assert not Touch.objects.exists()


def test_a_message_after_a_no_is_refused(met: Introduction, alice: User, gwen: User) -> None:
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    for act, data in (("write", {"body": "But"}), ("contact", {"channel": "email"})):
        assert send(alice, met, act, **data) in (302, 422)
    assert not Touch.objects.exists()
    assert "But" not in read(alice, met)


# Reports.


def test_a_message_of_the_other_one_is_reported_once(met: Introduction, alice: User, gwen: User) -> None:
    touch = Touch.objects.write(introduction=met, author=alice, body="Buy my course.")
    html = read(gwen, met)
    assert "I was pitched" in html
    for kind in ("pitched", "other"):
        line = {f"report-{touch.pk}-kind": kind, f"report-{touch.pk}-words": "She sells."}
        assert send(gwen, met, f"report/{touch.pk}", **line) == 302
    report = Report.objects.get()
    assert (report.kind, report.words, report.about, report.by) == ("pitched", "She sells.", alice, gwen)
    assert "You reported this" in read(gwen, met)
    assert "I was pitched" not in read(alice, met)


def test_reports_that_cannot_be(met: Introduction, alice: User, gwen: User, charlie: User) -> None:
    touch = Touch.objects.write(introduction=met, author=alice, body="A word.")
    kind = {f"report-{touch.pk}-kind": "pitched"}
    assert send(alice, met, f"report/{touch.pk}", **kind) == 302  # one's own: the page says why not
    assert send(charlie, met, f"report/{touch.pk}", **kind) == 404
    assert send(gwen, met, "report/999999999", **kind) == 404
    long = {f"report-{touch.pk}-words": "She sells."}
    response = signed_in(gwen).post(f"{met.get_absolute_url()}report/{touch.pk}/", long)
    assert response.status_code == 422
    assert "She sells." in response.content.decode()
    assert not Report.objects.exists()


def test_a_message_can_be_reported_after_the_no(met: Introduction, alice: User, gwen: User) -> None:
    touch = Touch.objects.write(introduction=met, author=alice, body="A word.")
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    assert "I was contacted after my no" in read(gwen, met)
    assert send(gwen, met, f"report/{touch.pk}", **{f"report-{touch.pk}-kind": "after-no"}) == 302
    assert Report.objects.get().kind == "after-no"


# Private notes.


def test_a_note_is_for_oneself_alone(met: Introduction, alice: User, gwen: User) -> None:
    send(alice, met, "notes", note="Ask again in May.")
    send(alice, met, "notes", note="Ask again in June.")
    assert PrivateNote.objects.get().text == "Ask again in June."
    assert "Ask again in June." in read(alice, met)
    assert "Ask again" not in read(gwen, met)
    path = f"{met.get_absolute_url()}notes.txt"
    response = signed_in(alice).get(path)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="introduction-{met.pk}.txt"'
    assert "Ask again in June." in response.content.decode()
    assert signed_in(gwen).get(path).status_code == 404
    assert signed_in(alice).post(path).status_code == 405


def test_an_empty_note_is_deleted_and_a_long_one_comes_back(met: Introduction, gwen: User) -> None:
    send(gwen, met, "notes", note="Ask her about rates.")
    assert send(gwen, met, "notes", note="x" * 2001) == 422
    send(gwen, met, "notes", note=" ")
    send(gwen, met, "notes", note="")
    assert not PrivateNote.objects.exists()


def test_touches_have_days(met: Introduction, alice: User) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Touch.objects.note(introduction=met, author=alice, channel="email", on=yesterday, body="")
    assert f"{yesterday:%-d %B %Y}" in read(alice, met)


def test_a_message_written_after_the_session_ended_waits_behind_the_sign_in(alice: User, gwen: User) -> None:
    thread = introduced(prospect=gwen, expert=alice.expert)
    browser = Client()
    asked = browser.post(f"{thread.get_absolute_url()}write/", {"body": "Long and carefully written."})
    assert asked.status_code == 302
    session = dict(browser.session)
    browser.force_login(alice)
    kept = browser.session
    kept.update({name: value for name, value in session.items() if name.startswith("words")})
    kept.save()
    assert "Long and carefully written." in browser.get(thread.get_absolute_url()).content.decode()
    browser.post(f"{thread.get_absolute_url()}write/", {"body": "Long and carefully written."})
    assert browser.get(thread.get_absolute_url()).content.decode().count("Long and carefully written.") == 1
