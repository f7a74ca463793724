"""Changes to a page in print: side by side, printed, or sent back with a note."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice
from accounts.tests.factories import make_curator, make_guest, make_member, send_letters
from directory.models import Decision, Expert, Revision, State
from directory.proof import compare
from directory.tests.desk import (
    address,
    make_changes,
    make_curators,
    make_printed,
    make_words,
    read_changes,
    sit,
)
from directory.tests.listings import make_category

pytestmark = pytest.mark.django_db
PRINT, BACK = "print_changes", "send_changes_back"
NEW = "Helps hosts who never began."


def headline(expert: Expert) -> str:
    return Expert.objects.values_list("headline", flat=True).get(pk=expert.pk)


def test_changes_are_printed_logged_and_told(mailoutbox: list[Any]) -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    expert = revision.expert
    answer = sit(dana).post(address(PRINT, expert), read_changes(revision, reason=""))
    assert answer.status_code == 302
    assert headline(expert) == NEW
    assert not Revision.objects.exists()
    assert Decision.objects.get(act="changes-printed").by == dana
    send_letters()
    assert [letter.subject for letter in mailoutbox] == ["Your changes are in print"]


def test_changes_are_sent_back_and_the_page_stays(mailoutbox: list[Any]) -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    expert = revision.expert
    typed = read_changes(revision, reason="Which hosts?")
    assert sit(dana).post(address(BACK, expert), typed).status_code == 302
    assert headline(expert) != NEW
    assert Revision.objects.get().note == "Which hosts?"
    assert not Revision.objects.waiting().exists()
    assert Decision.objects.get(act="changes-sent-back").reason == "Which hosts?"
    send_letters()
    assert "Which hosts?" in mailoutbox[0].body


def test_a_note_is_asked_for() -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    answer = sit(dana).post(address(BACK, revision.expert), read_changes(revision, reason=" "))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert Revision.objects.waiting().exists()


@pytest.mark.parametrize("act", [PRINT, BACK])
def test_only_curators_decide_and_only_by_post(act: str) -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    url, typed = address(act, revision.expert), read_changes(revision, reason="Yes.")
    for stranger in (make_guest(), make_member(), revision.expert.member):
        assert sit(stranger).post(url, typed).status_code == 403
        assert sit(stranger).get(address("desk_change", revision.expert)).status_code == 403
    assert Client().post(url, typed).status_code == 302
    assert sit(dana).get(url).status_code == 405
    assert Revision.objects.waiting().exists()


@pytest.mark.parametrize("act", [PRINT, BACK])
def test_nobody_there_and_nothing_waiting(act: str) -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    assert sit(dana).post(address(act, expert).replace("alice-moreau", "nobody")).status_code == 404
    assert sit(dana).post(address(act, expert), {"reason": "Kept."}).status_code == 409
    assert sit(dana).get(address("desk_change", expert))["Location"] == address("desk_expert", expert)


def test_side_by_side_says_what_is_different() -> None:
    dana = make_curator()
    other = make_category(slug="editing", name="Editing")
    expert = make_printed(by=dana, own_words="I cut the boring parts.")
    revision = make_changes(
        expert, own_words="I cut <i>all</i> boring parts.", categories=[other.pk], links=["https://a.example"]
    )
    page = sit(dana).get(address("desk_change", expert)).content.decode()
    for words in (
        "Own words, categories and links",
        "<del>the </del>",
        "<ins>&lt;i&gt;all&lt;/i&gt; </ins>",
        "“the”",
        "“&lt;i&gt;all&lt;/i&gt;”",
        "Editing",
        "https://a.example",
    ):
        assert words in page
    assert revision.words["categories"] == [other.pk]


def test_words_are_compared_one_by_one() -> None:
    pieces = compare("I cut the boring parts.", "I cut boring parts, slowly.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "I cut "), ("gone", "the "), ("same", "boring "), ("gone", "parts."), ("new", "parts, slowly."),
    ]  # fmt: skip
    assert compare("", "") == []
    assert [piece.kind for piece in compare("", "new")] == ["new"]


def test_changes_that_changed_again_are_read_again() -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    typed = read_changes(revision, reason="Good.")
    make_changes(revision.expert, headline="Buy now")
    answer = sit(dana).post(address(PRINT, revision.expert), typed)
    assert answer.status_code == 409
    assert "Buy now" in answer.content.decode()
    assert "Good." in answer.content.decode()
    assert headline(revision.expert) != "Buy now"


def test_the_second_curator_is_told_and_keeps_the_words() -> None:
    dana, lena = make_curators(2)
    revision = make_changes(make_printed(by=dana))
    typed = read_changes(revision, reason="I am not sure.")
    sit(dana).post(address(PRINT, revision.expert), typed)
    answer = sit(lena).post(address(BACK, revision.expert), typed)
    assert answer.status_code == 409
    assert "Dana Whitfield</strong> put changes in print" in answer.content.decode()
    assert "I am not sure." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [PRINT, BACK])
def test_of_two_curators_at_once_the_first_decides(other: str) -> None:
    dana, lena = make_curators(2)
    revision = make_changes(make_printed(by=dana))
    typed = read_changes(revision, reason="I have read it.")
    start, answers = threading.Barrier(2), list[int]()

    def decide(client: Client, act: str) -> None:
        start.wait()
        try:
            answers.append(client.post(address(act, revision.expert), typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in ((sit(dana), PRINT), (sit(lena), other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    assert Decision.objects.filter(act__startswith="changes-").count() == 1
    assert Notice.objects.filter(letter__startswith="changes_").count() == 1


def test_a_suspended_page_gets_no_changes() -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    typed = read_changes(revision, reason="Good.")
    revision.expert.suspend(by=dana, reason="Pitched to readers.")
    assert "nothing can be printed now" in sit(dana).get(address("desk_change", revision.expert)).content.decode()
    assert sit(dana).post(address(PRINT, revision.expert), typed).status_code == 409
    assert headline(revision.expert) != NEW


@pytest.mark.parametrize("act", [PRINT, BACK])
def test_nobody_decides_about_whom_he_recommends_while_others_can(act: str) -> None:
    dana, lena, _ = make_curators(3)
    revision = make_changes(make_printed(by=dana))
    make_words(author=lena, expert=revision.expert)
    typed = read_changes(revision, reason="I know her work.")
    assert sit(lena).post(address(act, revision.expert), typed).status_code == 403
    assert Revision.objects.waiting().exists()
    _.groups.clear()
    assert sit(lena).post(address(act, revision.expert), typed).status_code == 302
    assert Decision.objects.filter(act__startswith="changes-", conflicted=True).exists()


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana = make_curator()
    expert = make_printed(by=dana, links=["https://a.example"])
    make_changes(
        expert,
        own_words=" ".join("word" for _ in range(number)),
        categories=[make_category(slug="editing").pk],
        links=[],
    )
    client, url = sit(dana), address("desk_change", expert)
    with django_assert_num_queries(9):
        client.get(url)


def test_resting_pages_take_changes_too() -> None:
    dana = make_curator()
    revision = make_changes(make_printed(by=dana))
    revision.expert.rest(by=dana)
    assert sit(dana).post(address(PRINT, revision.expert), read_changes(revision, reason="")).status_code == 302
    assert Expert.objects.get(pk=revision.pk).state == State.RESTING
    assert headline(revision.expert) == NEW
