"""Links under the field while somebody types."""

import pytest
from django.test import Client
from justhtml import JustHTML

from directory.tests.pages import make_book, make_page, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    make_book()


def suggested(q):
    response = Client().get("/search/suggest/", {"q": q})
    assert response.status_code == 200
    assert not response.cookies
    page = JustHTML(response.content.decode(), fragment=True, sanitize=False)
    return [(words_of(link), link.attrs["href"]) for link in page.query("li a")]


def test_categories_by_the_beginning_of_a_word(book):
    assert suggested("podc") == [
        ("Podcasting", "/contents/podcasting/"),
        ("Being a guest on podcasts", "/contents/podcast-guesting/"),
    ]


def test_other_names_of_a_category_say_so(book):
    assert suggested("cpa") == [("Accounting and bookkeeping also called CPA", "/contents/accounting-and-bookkeeping/")]


def test_experts_by_first_or_last_name_without_accents():
    expert = make_page(name="Zoë Núñez")
    link = ("Zoë Núñez", f"/experts/{expert.member.handle}/")
    assert suggested("zo") == [link]
    assert suggested("nuñ") == [link]
    assert suggested("zoe n") == [link]
    assert suggested("oe") == []


def test_the_better_known_come_first():
    for name, score in (("Ada One", 1), ("Ada Two", 3)):
        make_page(name=name, score=score)
    assert [text for text, _ in suggested("ada")] == ["Ada Two", "Ada One"]


def test_at_most_eight(book):
    for number in range(12):
        make_page(name=f"Business Person {number}")
    found = suggested("bu")
    assert len(found) == 8
    assert found[0][1].startswith("/contents/")
    assert found[-1][1].startswith("/experts/")


@pytest.mark.parametrize("q", ["", "p", " p ", "%", "_a", "\\"])
def test_nothing_before_two_characters_and_no_wildcards(book, q):
    assert suggested(q) == []


def test_an_empty_list_has_not_even_a_space(book):
    assert Client().get("/search/suggest/?q=p").content == b'<p id="found-status" data-hx-swap-oob="innerHTML"></p>'


def test_queries_do_not_grow(book, django_assert_num_queries):
    for number in range(3):
        with django_assert_num_queries(2):
            suggested("pe")
        make_page(name=f"Person {number}")


@pytest.mark.parametrize("path", ["/", "/search/?q=x"])
def test_the_field_asks_for_them(path):
    page = JustHTML(Client().get(path).content.decode(), sanitize=False)
    (field,) = page.query("#q")
    assert field.attrs["data-hx-get"] == "/search/suggest/"
    assert field.attrs["data-hx-trigger"] == "input changed delay:250ms"
    assert page.query(f"#{field.attrs['data-suggest']}")
    assert page.query("script[src*=htmx]")
