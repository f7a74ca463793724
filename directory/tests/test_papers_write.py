"""Writing a guide, sending it to the desk, taking it back, withdrawing it; and what the database refuses."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Paper, PaperState, State, TooManyPapers, WrongPaperMove
from directory.models.papers import AT_MOST, PAPER_MOVES
from directory.tests.guides import fresh, guide_typed, guide_words, make_guide
from directory.tests.listings import make_category, make_listing

pytestmark = pytest.mark.django_db
LIST, NEW = "/listing/guides/", "/listing/guides/new/"
ACTS = ("submit_guide", "take_back_guide", "withdraw_guide")


def act(name: str, paper: Paper) -> str:
    return reverse(f"directory:{name}", args=[paper.pk])


def states() -> list[str]:
    return list(Paper.objects.order_by("pk").values_list("state", flat=True))


def test_a_guide_is_kept_as_a_draft() -> None:
    author = make_listing()
    answer = signed_in(author.member).post(NEW, guide_typed(title="  Nobody listens\n to my show "))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    paper = Paper.objects.get()
    assert (paper.title, paper.slug) == ("Nobody listens to my show", "nobody-listens-to-my-show")
    assert paper.body == "Begin where it hurts.\r\n\r\nThen stop.".replace("\r\n", "\n")
    assert list(paper.categories.values_list("slug", flat=True)) == ["podcasting"]
    assert (paper.state, paper.submitted_at) == (PaperState.DRAFT, None)


def test_a_guide_is_sent_to_the_desk_at_once() -> None:
    author = make_listing()
    page = signed_in(author.member).post(NEW, guide_typed(send="1"), follow=True).content.decode()
    assert "Sent to the desk" in page
    assert Paper.objects.waiting().count() == 1


def test_a_link_alone_will_do() -> None:
    author = make_listing()
    typed = guide_typed(body="", link="HTTPS://a.example/talk")
    assert signed_in(author.member).post(NEW, typed).status_code == 302
    assert Paper.objects.get().link == "https://a.example/talk"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Write the problem that your guide solves."),
        ({"title": "Too short"}, "Say the problem in at least 10 characters."),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"summary": " "}, "Write the quick answer."),
        ({"summary": "x" * 301}, "at most 300 characters"),
        ({"body": "", "link": ""}, "Write the guide here, or say where it is to be read."),
        ({"body": "x" * 12_001}, "at most 12000 characters"),
        ({"link": "javascript:alert(1)"}, "The link does not begin with https://"),
        ({"link": "data:text/html,x"}, "The link does not begin with https://"),
        ({"link": "//a.example"}, "The link does not begin with https://"),
        ({"link": "https://"}, "That is not a web address."),
        ({"link": "https://a.example/" + "x" * 300}, "at most 300 characters"),
        ({"categories": []}, "Choose at least one category."),
        ({"categories": ["webinars"]}, "Choose from the list."),
        ({"categories": ["podcasting", "radio", "talks", "stages"]}, "Choose at most 3."),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_lost(changes: dict[str, Any], message: str) -> None:
    make_category(slug="webinars")
    author = make_listing(categories=[make_category(slug=slug) for slug in ("podcasting", "radio", "talks", "stages")])
    typed = guide_typed(**{"title": "My show is far too long", "body": "Begin with the end.", **changes})
    answer = signed_in(author.member).post(NEW, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert message in page
    assert str(typed["body"] or typed["title"])[:200] in page
    assert not Paper.objects.exists()


def test_who_was_never_in_print_has_nothing_to_write_here() -> None:
    paper = make_guide(make_listing())
    people = [make_listing(state=state).member for state in (State.DRAFT, State.SUBMITTED, State.RETIRED)]
    for person in [*people, make_member(), make_curator()]:
        client = signed_in(person)
        for url in (LIST, NEW, act("edit_guide", paper)):
            assert client.get(url).status_code == 404
        assert client.post(NEW, guide_typed()).status_code == 404
    assert signed_in(make_guest()).get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
    assert Paper.objects.count() == 1


def test_somebody_elses_guide_is_not_there() -> None:
    paper, other = make_guide(make_listing()), make_listing()
    client = signed_in(other.member)
    assert client.get(act("edit_guide", paper)).status_code == 404
    assert client.post(act("edit_guide", paper), guide_typed()).status_code == 404
    for name in ACTS:
        assert client.post(act(name, paper)).status_code == 404
    assert fresh(paper).new_words is None
    assert states() == [PaperState.IN_PRINT]


@pytest.mark.parametrize("name", ACTS)
def test_acts_answer_only_post(name: str) -> None:
    paper = make_guide(make_listing(), state=PaperState.DRAFT)
    assert signed_in(paper.author.member).get(act(name, paper)).status_code == 405
    assert states() == [PaperState.DRAFT]


def test_there_and_back() -> None:
    paper = make_guide(make_listing(), state=PaperState.DRAFT)
    client = signed_in(paper.author.member)
    for name, state in (
        ("submit_guide", PaperState.SUBMITTED),
        ("take_back_guide", PaperState.DRAFT),
        ("take_back_guide", PaperState.DRAFT),  # said to be impossible
        ("withdraw_guide", PaperState.WITHDRAWN),
        ("withdraw_guide", PaperState.WITHDRAWN),
        ("submit_guide", PaperState.WITHDRAWN),
        ("take_back_guide", PaperState.DRAFT),
    ):
        assert client.post(act(name, paper)).status_code == 302
        assert states() == [state]
    assert (
        "That is not possible now: the guide is draft."
        in client.post(act("take_back_guide", paper), follow=True).content.decode()
    )


def test_new_words_wait_beside_those_in_print() -> None:
    author = make_listing()
    paper = make_guide(author)
    client = signed_in(author.member)
    answer = client.post(act("edit_guide", paper), guide_typed(body="Better words.", send="1"))
    assert answer.status_code == 302
    paper = fresh(paper)
    assert (paper.state, paper.waits, paper.title) == (PaperState.IN_PRINT, True, guide_words(author)["title"])
    assert "Better words." not in Client().get(paper.get_absolute_url()).content.decode()
    assert "Take it back first" in client.get(act("edit_guide", paper), follow=True).content.decode()
    client.post(act("take_back_guide", paper))
    assert "Better words." in client.get(act("edit_guide", paper)).content.decode()
    paper.rewrite(guide_words(author))  # as printed: nothing is new any more
    assert fresh(paper).new_words is None
    with pytest.raises(WrongPaperMove):
        paper.submit()


def test_what_waits_is_not_rewritten_under_the_curators_eyes() -> None:
    paper = make_guide(make_listing(), state=PaperState.SUBMITTED)
    with pytest.raises(WrongPaperMove):
        paper.rewrite(guide_words(paper.author, body="Other words."))
    assert fresh(paper).body != "Other words."


def test_taken_up_again_it_has_the_words_that_waited() -> None:
    author = make_listing()
    paper = make_guide(author)
    paper.rewrite(guide_words(author, body="Better words."))
    paper.withdraw(by=author.member)
    assert fresh(paper).body != "Better words."  # what was in print stays on record
    paper.take_back()
    assert (fresh(paper).body, fresh(paper).new_words) == ("Better words.", None)


def test_who_is_out_of_print_keeps_writing_and_sends_nothing() -> None:
    author = make_listing(state=State.RESTING)
    client = signed_in(author.member)
    assert "Save and send" not in client.get(NEW).content.decode()
    client.post(NEW, guide_typed(send="1"))
    assert states() == [PaperState.DRAFT]
    page = client.post(act("submit_guide", Paper.objects.get()), follow=True).content.decode()
    assert "your own page is out of print" in page
    assert states() == [PaperState.DRAFT]


def test_at_most_twelve() -> None:
    author = make_listing()
    for number in range(AT_MOST):
        paper = make_guide(author, state=PaperState.DRAFT, title=f"My problem, number {number}")
    client = signed_in(author.member)
    answer = client.post(NEW, guide_typed())
    assert answer.status_code == 422
    assert "You have 12 guides already" in answer.content.decode()
    assert "Cut the first minute." in answer.content.decode()
    paper.withdraw(by=author.member)
    assert client.post(NEW, guide_typed()).status_code == 302
    with pytest.raises(TooManyPapers):
        paper.take_back()
    assert "You have 12 guides already" in client.post(act("take_back_guide", paper), follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_not_one_too_many() -> None:
    author = make_listing()
    for number in range(AT_MOST - 1):
        make_guide(author, state=PaperState.DRAFT, title=f"My problem, number {number}")
    start, done = threading.Barrier(2), list[bool]()

    def write() -> None:
        start.wait()
        try:
            Paper.objects.write(author=author, words=guide_words(author, title="The last that fits"))
            done.append(True)
        except TooManyPapers:
            done.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == [False, True]
    assert Paper.objects.count() == AT_MOST


def test_only_the_authors_own_categories() -> None:
    author, other = make_listing(), make_category(slug="webinars")
    for pks in ([], [other.pk], [author.categories[0].pk, other.pk]):
        with pytest.raises(ValueError, match="own categories"):
            Paper.objects.write(author=author, words=guide_words(author, categories=pks))
    assert not Paper.objects.exists()


# The list


def test_an_empty_list_says_what_belongs_there() -> None:
    page = signed_in(make_listing().member).get(LIST).content.decode()
    assert "There is nothing yet." in page
    assert NEW in page


@pytest.mark.parametrize("number", [1, 12])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    author = make_listing()
    for n in range(number):
        make_guide(author, state=PaperState.DRAFT, title=f"My problem, number {n}")
    client = signed_in(author.member)
    with django_assert_num_queries(4):  # session, person, expert, guides
        client.get(LIST)


# What the database itself refuses


@pytest.mark.parametrize(
    ("words", "constraint"),
    [
        ({"title": "Too short"}, "paper_title_is_a_problem"),
        ({"body": "", "link": ""}, "paper_has_a_text_or_a_link"),
        ({"body": "x" * 12_001}, "paper_text_is_bounded"),
        ({"link": "javascript:alert(1)"}, "paper_link_leads_to_a_page"),
        ({"state": "lost"}, "paper_state_is_known"),
        ({"state": "in_print"}, "paper_in_print_since"),
        ({"state": "withdrawn"}, "paper_withdrawn_since"),
        ({"state": "submitted"}, "paper_waits_with_words"),
        ({"submitted_at": "2026-01-01T00:00Z"}, "paper_waits_with_words"),
        ({"new_words": {}}, "paper_new_words_beside_printed_ones"),
    ],
)
def test_rows_that_cannot_be(words: dict[str, Any], constraint: str) -> None:
    author = make_listing()
    whole = {"title": "My invoices are late", "body": "Ring.", "slug": "x"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Paper.objects.create(author=author, **{**whole, **words})


def test_no_move_past_the_desk() -> None:
    paper = make_guide(make_listing(), state=PaperState.DRAFT)
    allowed = PAPER_MOVES[PaperState.DRAFT]
    for state in set(PaperState.values) - {*allowed, PaperState.DRAFT}:
        with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(
                state=state, printed_at="2026-01-01T00:00Z", withdrawn_at="2026-01-01T00:00Z"
            )
