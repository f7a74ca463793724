"""Guides at the desk: printed, sent back, taken out of print."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice
from accounts.tests.factories import make_curator, make_guest, make_member, send_letters
from directory.models import Decision, Paper, PaperState
from directory.tests.desk import make_curators, make_printed, make_words, sit
from directory.tests.guides import REASON, fresh, guide_words, make_guide, read_guide
from directory.tests.listings import make_listing

pytestmark = pytest.mark.django_db
PRINT, BACK, OUT = "print_guide", "send_guide_back", "take_guide_out"


def address(name: str, paper: Paper) -> str:
    return reverse(f"directory:{name}", args=[paper.pk])


def state(paper: Paper) -> str:
    return fresh(paper).state


def make_waiting(**words: Any) -> Paper:
    return make_guide(make_listing(), state=PaperState.SUBMITTED, **words)


def make_reworded(**words: Any) -> Paper:
    """In print, with new words on the desk."""
    paper = make_guide(make_listing())
    paper.rewrite(guide_words(paper.author, **(words or {"body": "Better words."})))
    paper.submit()
    return fresh(paper)


def test_a_guide_is_printed_logged_and_told(mailoutbox: list[Any]) -> None:
    dana, paper = make_curator(), make_waiting()
    assert sit(dana).post(address(PRINT, paper), read_guide(paper)).status_code == 302
    paper = fresh(paper)
    assert (paper.state, paper.printed_by, paper.waits) == (PaperState.IN_PRINT, dana, False)
    decision = Decision.objects.get(act="guide-printed")
    assert (decision.by, decision.paper, decision.expert, decision.reason) == (dana, paper, paper.author, REASON)
    assert Client().get(paper.get_absolute_url()).status_code == 200
    send_letters()
    assert [letter.subject for letter in mailoutbox] == ["Your guide is in print"]
    assert paper.get_absolute_url() in mailoutbox[0].body
    assert paper.title in mailoutbox[0].body


def test_a_guide_is_sent_back_with_a_note(mailoutbox: list[Any]) -> None:
    dana, paper = make_curator(), make_waiting()
    answer = sit(dana).post(address(BACK, paper), read_guide(paper, reason="Whose invoices?"))
    assert answer.status_code == 302
    paper = fresh(paper)
    assert (paper.state, paper.note) == (PaperState.DRAFT, "Whose invoices?")
    assert paper.sent_back_at
    author = sit(paper.author.member)
    assert "Whose invoices?" in author.get("/listing/guides/").content.decode()
    assert "Whose invoices?" in author.get(address("edit_guide", paper)).content.decode()
    send_letters()
    assert "Whose invoices?" in mailoutbox[0].body
    paper.submit()
    assert fresh(paper).note == ""


def test_new_words_take_the_place_of_the_old_ones() -> None:
    dana, paper = make_curator(), make_reworded(body="Better words.")
    first = paper.printed_at
    page = sit(dana).get(address("desk_guide", paper)).content.decode()
    assert "<ins>Better words." in page
    assert "<del>Write the date of payment first." in page
    assert sit(dana).post(address(PRINT, paper), read_guide(paper)).status_code == 302
    paper = fresh(paper)
    assert (paper.body, paper.new_words, paper.printed_at) == ("Better words.", None, first)


def test_new_words_are_sent_back_and_the_old_ones_stay() -> None:
    dana, paper = make_curator(), make_reworded(body="Buy now.")
    sit(dana).post(address(BACK, paper), read_guide(paper, reason="It reads like an advertisement."))
    paper = fresh(paper)
    assert (paper.state, paper.waits) == (PaperState.IN_PRINT, False)
    assert "Buy now." not in Client().get(paper.get_absolute_url()).content.decode()
    assert paper.new_words["body"] == "Buy now."  # its author goes on from there


def test_a_printed_guide_is_taken_out_of_print(mailoutbox: list[Any]) -> None:
    dana, paper = make_curator(), make_guide(make_listing())
    assert sit(dana).post(address(OUT, paper), {"reason": "The advice is dangerous."}).status_code == 302
    assert state(paper) == PaperState.WITHDRAWN
    assert Client().get(paper.get_absolute_url()).status_code == 410
    assert Decision.objects.get(act="guide-withdrawn").reason == "The advice is dangerous."
    assert "The advice is dangerous." in sit(paper.author.member).get("/listing/guides/").content.decode()
    send_letters()
    assert [letter.subject for letter in mailoutbox] == ["Your guide is out of print"]


@pytest.mark.parametrize("name", [PRINT, BACK, OUT])
def test_a_reason_is_asked_for(name: str) -> None:
    paper = make_guide(make_listing()) if name == OUT else make_waiting()
    answer = sit(make_curator()).post(address(name, paper), read_guide(paper, reason=" "))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert state(paper) == paper.state
    assert not Notice.objects.filter(letter__startswith="guide_").exists()


@pytest.mark.parametrize("name", [PRINT, BACK, OUT])
def test_only_curators_decide_and_only_by_post(name: str) -> None:
    paper = make_guide(make_listing()) if name == OUT else make_waiting()
    typed = read_guide(paper)
    for stranger in (make_guest(), make_member(), paper.author.member):
        for url in (address("desk_guide", paper), "/desk/guides/"):
            assert sit(stranger).get(url).status_code == 403
        assert sit(stranger).post(address(name, paper), typed).status_code == 403
    assert Client().post(address(name, paper), typed).status_code == 302
    assert sit(make_curator()).get(address(name, paper)).status_code == 405
    assert state(paper) == paper.state


@pytest.mark.parametrize("name", ["desk_guide", PRINT, BACK, OUT])
def test_a_draft_is_not_there_for_the_desk(name: str) -> None:
    paper = make_guide(make_listing(), state=PaperState.DRAFT)
    client = sit(make_curator())
    answer = client.get if name == "desk_guide" else client.post
    assert answer(address(name, paper)).status_code == 404
    assert answer(address(name, paper).replace(str(paper.pk), "999999")).status_code == 404


def test_what_is_rewritten_after_it_was_sent_back_is_its_authors_alone() -> None:
    paper = make_waiting()
    paper.send_back(by=make_curator(), reason="Whose invoices?")
    paper.rewrite(guide_words(paper.author, body="Not for you yet."))
    page = sit(make_curator()).get(address("desk_guide", paper))
    assert page.status_code == 200
    assert "Not for you yet." not in page.content.decode()
    assert "Whose invoices?" in page.content.decode()


def test_words_that_changed_are_read_again() -> None:
    paper = make_waiting()
    typed = read_guide(paper, reason="Good.")
    paper.take_back()
    paper.rewrite(guide_words(paper.author, body="Buy now."))
    paper.submit()
    answer = sit(make_curator()).post(address(PRINT, paper), typed)
    assert answer.status_code == 409
    assert "Buy now." in answer.content.decode()
    assert "Good." in answer.content.decode()
    assert state(paper) == PaperState.SUBMITTED


@pytest.mark.parametrize("name", [PRINT, BACK])
def test_the_second_curator_is_told_and_keeps_the_words(name: str) -> None:
    dana, lena = make_curators(2)
    paper = make_waiting()
    typed = read_guide(paper, reason="I am not sure.")
    sit(dana).post(address(name, paper), typed)
    answer = sit(lena).post(address(BACK, paper), typed)
    assert answer.status_code == 409
    assert "Dana Whitfield" in answer.content.decode()
    assert "I am not sure." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_at_once_the_first_decides() -> None:
    dana, lena = make_curators(2)
    paper = make_waiting()
    typed = read_guide(paper)
    start, answers = threading.Barrier(2), list[int]()

    def decide(client: Client, name: str) -> None:
        start.wait()
        try:
            answers.append(client.post(address(name, paper), typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in ((sit(dana), PRINT), (sit(lena), BACK))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    assert Decision.objects.filter(act__startswith="guide-").count() == 1


def test_nothing_is_printed_while_its_author_is_out_of_print() -> None:
    paper = make_waiting()
    typed = read_guide(paper)
    paper.author.rest(by=paper.author.member)
    client = sit(make_curator())
    assert "nothing can be printed now" in client.get(address("desk_guide", paper)).content.decode()
    assert client.post(address(PRINT, paper), typed).status_code == 409
    assert client.post(address(BACK, paper), typed).status_code == 302


def test_nobody_decides_about_whom_he_recommends_while_others_can() -> None:
    dana, lena, miro = make_curators(3)
    paper = make_guide(make_printed(by=dana), state=PaperState.SUBMITTED)
    make_words(author=lena, expert=paper.author)
    typed = read_guide(paper)
    for name in (PRINT, BACK):
        answer = sit(lena).post(address(name, paper), typed)
        assert answer.status_code == 403
        assert "Someone else must read this one." in answer.content.decode()
    assert state(paper) == PaperState.SUBMITTED
    miro.groups.clear()
    assert sit(lena).post(address(PRINT, paper), typed).status_code == 302
    page = Client().get(paper.get_absolute_url()).content.decode()
    assert "The book had too few curators" in page
    assert "too few curators" not in Client().get(paper.author.get_absolute_url()).content.decode()


def test_a_curators_own_guide_is_read_by_another() -> None:
    curator, *_ = make_curators(3)
    author = make_listing(member=curator)
    paper = make_guide(author, state=PaperState.SUBMITTED)
    assert sit(curator).post(address(PRINT, paper), read_guide(paper)).status_code == 403
    assert state(paper) == PaperState.SUBMITTED


def test_what_was_decided_about_a_guide_is_told_with_its_title() -> None:
    paper = make_guide(make_listing())
    page = sit(make_curator()).get(reverse("directory:desk_expert", args=[paper.author.member.handle]))
    assert f"put a guide in print: “{paper.title}”" in page.content.decode()
    listing = sit(paper.author.member).get("/listing/")
    assert listing.context["last"].act == "put-in-print"


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana = make_curator()
    for n in range(number):
        paper = make_waiting(title=f"My problem, number {n}")
    client, url = sit(dana), address("desk_guide", paper)
    with django_assert_num_queries(8):
        client.get(url)
