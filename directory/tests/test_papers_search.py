"""Guides in the results of a search: found while they are in print, with the sentence that has the words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from justhtml import JustHTML
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import make_curator
from directory.models import PaperState, Word
from directory.tests.guides import guide_words, make_guide
from directory.tests.listings import make_listing
from directory.tests.pages import words_of

pytestmark = pytest.mark.django_db
BODY = "Ring on the day of payment. Ask for the bookkeeper by name.\n\nWrite down the xylophone number."


def read(q: str, **parameters: Any) -> JustHTML:
    response = Client().get("/search/", {"q": q, **parameters})
    assert response.status_code == 200
    return JustHTML(response.content.decode(), sanitize=False)


def guides(page: JustHTML) -> list[str]:
    return [words_of(link) for link in page.query("section[aria-labelledby=guides] h3 a")]


def marked(page: JustHTML) -> list[str]:
    return [words_of(mark) for mark in page.query("section[aria-labelledby=guides] mark")]


def count(page: JustHTML) -> str:
    return words_of(page.query("p.count")[0])


def test_a_guide_is_found_by_its_text_and_the_sentence_is_shown() -> None:
    paper = make_guide(make_listing(), body=BODY)
    page = read("ask bookkeeper")
    assert guides(page) == [paper.title]
    assert marked(page) == ["Ask", "bookkeeper"]
    assert "Ask for the bookkeeper by name." in words_of(page)
    assert "xylophone" not in words_of(page)
    assert count(page) == "1 guide"
    assert words_of(page.query("h1")[0]) == "Ask bookkeeper"


def test_the_problem_weighs_more_than_the_text() -> None:
    author = make_listing()
    make_guide(author, title="My show is far too long", body="Invoices, invoices, invoices.", summary="Cut.")
    titled = make_guide(author, title="My invoices are never paid", body="Ring.", summary="Ring.")
    assert guides(read("invoices"))[0] == titled.title


def test_three_are_shown_and_all_are_a_page_away() -> None:
    author = make_listing()
    for n in range(5):
        make_guide(author, title=f"My invoice number {n} is late", body=BODY)
    page = read("invoice")
    assert len(guides(page)) == 3
    assert count(page).endswith("5 guides")
    (link,) = [link for link in page.query("main a") if words_of(link) == "All 5 guides"]
    assert link.attrs["href"] == "/search/?q=invoice&in=guides"
    page = read("invoice", **{"in": "guides"})
    assert len(guides(page)) == 5
    assert not page.query("section[aria-labelledby=experts]")
    assert not guides(read("invoice", **{"in": "experts"}))


def test_a_long_list_has_further_pages() -> None:
    for number in range(3):
        author = make_listing()
        for n in range(9):
            make_guide(author, title=f"My invoice {number}{n} is late")
    page = read("invoice", **{"in": "guides", "page": 2})
    assert len(guides(page)) == 7
    assert "Page 2 of 2" in words_of(page)


def test_minus_and_phrases_hold_for_guides_too() -> None:
    make_guide(make_listing(), body=BODY)
    assert guides(read('"day of payment"'))
    assert not guides(read('"payment of day"'))
    assert not guides(read("payment -bookkeeper"))


def test_a_mistyped_word_of_a_guide_is_understood() -> None:
    make_guide(make_listing(), body=BODY)
    Word.objects.gather()
    page = read("xylophnoe")
    assert guides(page)
    assert "Showing results for xylophone." in words_of(page)


def test_what_is_not_in_print_is_not_found() -> None:
    author = make_listing()
    for state in (PaperState.DRAFT, PaperState.SUBMITTED, PaperState.WITHDRAWN):
        make_guide(author, state=state, title=f"Zanzibar {state} is too far away", body=BODY)
    printed = make_guide(author, body="Ring.")
    printed.rewrite(guide_words(author, body="Zanzibar xylophone"))
    printed.submit()
    Word.objects.gather()
    for q in ("zanzibar", "xylophone", "zanzibra", "xylophnoe"):
        page = read(q)
        assert guides(page) == []
        assert "Zanzibar" not in words_of(page).replace(q.capitalize(), "")
    assert not Word.objects.filter(text__in=("zanzibar", "xylophone")).exists()


@pytest.mark.parametrize("gone", ["withdrawn", "rest", "suspend"])
def test_out_of_print_its_words_are_not_found_any_more(gone: str) -> None:
    author = make_listing()
    paper = make_guide(author, body=BODY)
    Word.objects.gather()
    assert guides(read("xylophone"))
    {
        "withdrawn": lambda: paper.withdraw(by=author.member),
        "rest": lambda: author.rest(by=author.member),
        "suspend": lambda: author.suspend(by=make_curator(), reason="Pitched to readers."),
    }[gone]()
    for q in ("xylophone", "xylophnoe"):
        page = read(q)
        assert guides(page) == []
        assert "Write down" not in words_of(page)
        assert f"q={q[:-3]}hone" not in page.to_html()  # not offered as another spelling either


@pytest.mark.parametrize("number", [3, 12])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    author = make_listing()
    for n in range(number):
        make_guide(author, title=f"My invoice number {n} is late", body=BODY)
    with django_assert_num_queries(5):  # categories, guides, experts, experts close by, and the sentences
        Client().get("/search/?q=invoice")
