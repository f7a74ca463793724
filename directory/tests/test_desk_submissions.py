"""Putting a submission in print, sending it back, declining it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice
from accounts.tests.factories import make_curator, make_guest, make_member, send_letters
from directory.models import Decision, Expert, State
from directory.tests.desk import (
    address,
    make_curators,
    make_printed,
    make_submission,
    make_words,
    read_submission,
    sit,
    state_of,
)
from directory.tests.listings import make_listing

pytestmark = pytest.mark.django_db
PRINT, BACK, DECLINE = "print_submission", "send_submission_back", "decline_submission"
ACTS = [(PRINT, State.LISTED, "put-in-print"), (BACK, State.DRAFT, "sent-back"), (DECLINE, State.DECLINED, "declined")]


@pytest.mark.parametrize(("act", "after", "logged"), ACTS)
def test_the_decision_is_made_logged_and_told(act: str, after: str, logged: str, mailoutbox: list[Any]) -> None:
    dana, expert = make_curator(), make_submission()
    answer = sit(dana).post(address(act, expert), read_submission(expert, reason="I heard her talk in May."))
    assert answer.status_code == 302
    assert state_of(expert) == after
    line = Decision.objects.get(expert=expert, act=logged)
    assert (line.by, line.before, line.reason, line.conflicted) == (
        dana,
        "submitted",
        "I heard her talk in May.",
        False,
    )
    send_letters()
    assert [letter.to for letter in mailoutbox] == [[expert.member.email]]
    assert "I heard her talk in May." in mailoutbox[0].body
    assert "I heard her talk in May." in mailoutbox[0].alternatives[0].content


def test_a_letter_that_declines_names_no_curator(mailoutbox: list[Any]) -> None:
    dana, expert = make_curator(), make_submission()
    sit(dana).post(address(DECLINE, expert), read_submission(expert, reason="Not the reader's problem."))
    send_letters()
    assert "Dana" not in mailoutbox[0].body


@pytest.mark.parametrize("act", [PRINT, BACK, DECLINE])
def test_only_curators_decide(act: str) -> None:
    expert = make_submission()
    typed = read_submission(expert, reason="Because.")
    for stranger in (make_guest(), make_member(name="Charlie Stone"), expert.member):
        assert sit(stranger).post(address(act, expert), typed).status_code == 403
    assert Client().post(address(act, expert), typed).status_code == 302
    assert state_of(expert) == State.SUBMITTED


@pytest.mark.parametrize("act", [PRINT, BACK, DECLINE])
def test_a_decision_is_only_posted(act: str) -> None:
    expert = make_submission()
    assert sit(make_curator()).get(address(act, expert)).status_code == 405


@pytest.mark.parametrize("act", [PRINT, BACK, DECLINE])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_reason_is_asked_for_and_nothing_typed_is_lost(act: str, reason: str) -> None:
    expert = make_submission()
    answer = sit(make_curator()).post(address(act, expert), read_submission(expert, reason=reason))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "<title>Error: " in page
    assert reason.strip() in page
    assert state_of(expert) == State.SUBMITTED
    assert not Notice.objects.exists()


@pytest.mark.parametrize("act", [PRINT, BACK, DECLINE])
def test_nobody_there_is_nobody_there(act: str) -> None:
    client = sit(make_curator())
    assert client.post(f"/desk/submissions/nobody/{act.split('_')[0]}/", {"reason": "x"}).status_code == 404
    assert client.get("/desk/submissions/nobody/").status_code == 404
    assert client.get("/desk/submissions/a%00b/").status_code in (400, 404)
    assert client.get(f"/desk/submissions/{'a' * 5000}/").status_code == 404


def test_a_note_to_start_from_needs_no_words_of_ones_own() -> None:
    dana, expert = make_curator(), make_submission()
    sit(dana).post(address(BACK, expert), read_submission(expert, start="selling", reason=""))
    assert Decision.objects.get(act="sent-back").reason.startswith("Your own words read like an advertisement.")


def test_a_note_to_start_from_goes_before_ones_own_words() -> None:
    dana, expert = make_curator(), make_submission()
    sit(dana).post(address(BACK, expert), read_submission(expert, start="links", reason="It is the second."))
    assert Decision.objects.get(act="sent-back").reason.endswith("somebody else.\n\nIt is the second.")


@pytest.mark.parametrize("typed", [{"start": "nonsense", "reason": "x"}, {"start": "links", "reason": "x" * 990}])
def test_a_note_that_is_none_or_too_long_is_refused(typed: dict[str, str]) -> None:
    expert = make_submission()
    answer = sit(make_curator()).post(address(BACK, expert), read_submission(expert, **typed))
    assert answer.status_code == 422
    assert typed["reason"] in answer.content.decode()


def test_the_case_shows_the_proof_the_evidence_and_earlier_decisions() -> None:
    dana, lena = make_curators(2)
    expert = make_submission(own_words="I cut <b>boring</b> parts.", links=["https://erin.example/"])
    make_words(author=make_member(name="Bob Ferris", organisation="Vell"), expert=expert)
    expert.send_back(by=lena, reason="Say whom you help.")
    expert.submit()
    page = sit(dana).get(address("desk_submission", expert)).content.decode()
    for words in (
        "I cut &lt;b&gt;boring&lt;/b&gt; parts.",
        "Bob Ferris",
        "different",
        "Lena Ortiz",
        "Say whom you help.",
    ):
        assert words in page
    assert 'href="https://erin.example/" rel="nofollow ugc' in page
    assert expert.member.email not in page


def test_words_that_changed_since_they_were_read_are_read_again() -> None:
    dana, expert = make_curator(), make_submission()
    old = read_submission(expert, reason="I heard her talk in May.")
    expert.take_back()
    Expert.objects.filter(pk=expert.pk).update(own_words="Buy now")
    expert.submit()
    answer = sit(dana).post(address(PRINT, expert), old)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "have changed since you opened this page" in page
    assert "Buy now" in page
    assert "I heard her talk in May." in page
    assert state_of(expert) == State.SUBMITTED
    again = {**old, "read": answer.context["print_form"].data["read"]}
    assert sit(dana).post(address(PRINT, expert), again).status_code == 302
    assert state_of(expert) == State.LISTED


def test_without_the_fingerprint_nothing_is_decided() -> None:
    expert = make_submission()
    answer = sit(make_curator()).post(address(PRINT, expert), {"reason": "I heard her talk."})
    assert answer.status_code == 422
    assert state_of(expert) == State.SUBMITTED


def test_the_second_curator_is_told_who_decided_what_and_keeps_the_words() -> None:
    dana, lena = make_curators(2)
    expert = make_submission()
    typed = read_submission(expert, reason="I would have declined it.")
    sit(dana).post(address(PRINT, expert), {**typed, "reason": "I heard her talk in May."})
    answer = sit(lena).post(address(DECLINE, expert), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Dana Whitfield</strong> put in print" in page
    assert "I heard her talk in May." in page
    assert "I would have declined it." in page
    assert state_of(expert) == State.LISTED


def test_what_was_sent_back_meanwhile_is_not_declined() -> None:
    dana, lena = make_curators(2)
    expert = make_submission()
    typed = read_submission(expert, reason="No.")
    expert.send_back(by=dana, reason="Say whom you help.")
    assert sit(lena).post(address(DECLINE, expert), typed).status_code == 409
    assert state_of(expert) == State.DRAFT


def test_a_case_that_is_closed_leads_to_the_page_of_the_expert() -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    assert sit(dana).get(address("desk_submission", expert))["Location"] == address("desk_expert", expert)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [PRINT, BACK, DECLINE])
def test_of_two_curators_at_once_the_first_decides(other: str) -> None:
    dana, lena = make_curators(2)
    expert = make_submission()
    typed = read_submission(expert, reason="I have read it.")
    clients, start, answers = [sit(dana), sit(lena)], threading.Barrier(2), list[int]()

    def decide(client: Client, act: str) -> None:
        start.wait()
        try:
            answers.append(client.post(address(act, expert), typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(clients, (PRINT, other), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    assert Decision.objects.filter(expert=expert, before="submitted").count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("act", [PRINT, BACK, DECLINE])
def test_with_three_curators_somebody_else_decides_about_whom_one_recommends(act: str) -> None:
    dana, lena, _ = make_curators(3)
    expert = make_submission()
    make_words(author=dana, expert=expert)
    page = sit(dana).get(address("desk_submission", expert)).content.decode()
    assert "Someone else must read this one" in page
    assert "Put in print</button>" not in page
    typed = read_submission(expert, reason="I know her work.")
    answer = sit(dana).post(address(act, expert), typed)
    assert answer.status_code == 403
    assert "I know her work." in answer.content.decode()
    assert state_of(expert) == State.SUBMITTED
    assert sit(lena).post(address(act, expert), typed).status_code == 302


@pytest.mark.parametrize(("act", "after", "logged"), ACTS)
def test_with_two_curators_it_is_allowed_and_disclosed(act: str, after: str, logged: str) -> None:
    dana, _ = make_curators(2)
    expert = make_submission()
    make_words(author=dana, expert=expert)
    page = sit(dana).get(address("desk_submission", expert)).content.decode()
    assert "fewer than three curators" in page
    answer = sit(dana).post(address(act, expert), read_submission(expert, reason="I know her work."))
    assert answer.status_code == 302
    assert state_of(expert) == after
    assert Decision.objects.get(act=logged).conflicted


def test_with_three_curators_nobody_decides_about_himself() -> None:
    dana, _, _ = make_curators(3)
    expert = make_listing(member=dana, state=State.SUBMITTED)
    assert sit(dana).post(address(PRINT, expert), read_submission(expert, reason="Me.")).status_code == 403
    assert state_of(expert) == State.SUBMITTED


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana, lena = make_curators(2)
    expert = make_submission()
    for _ in range(number):
        make_words(author=make_member(), expert=expert)
        expert.send_back(by=lena, reason="Once more.")
        expert.submit()
    client, url = sit(dana), address("desk_submission", expert)
    with django_assert_num_queries(9):
        client.get(url)
