"""Typing errors: another spelling is shown or offered, never taken silently."""

import pytest
from django.test import Client
from justhtml import JustHTML

from directory.models import Category, Word
from directory.search import Query, search
from directory.search.spelling import errors, repair
from directory.tests.pages import make_book, make_page, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    make_book()
    make_page(
        name="Miriam Okafor",
        others=("A podcast editor with patience.",),
        categories=[Category.objects.get(slug="podcasting")],
    )
    Word.objects.gather()


def read(q, **parameters):
    response = Client().get("/search/", {"q": q, **parameters})
    assert response.status_code == 200
    return JustHTML(response.content.decode(), sanitize=False)


def experts(page):
    return [words_of(link) for link in page.query("li.entry h3 a")]


def categories(page):
    links = [link.attrs["href"] for link in page.query("main a")]
    return [link for link in links if link.startswith("/contents/") and link != "/contents/"]


def test_a_mistyped_trade_shows_what_was_meant_and_the_way_back(book):
    page = read("publick speeking")
    assert "Showing results for public speaking." in words_of(page)
    assert categories(page)[0] == "/contents/public-speaking/"
    back = [link for link in page.query("main a") if "instead" in words_of(link)]
    assert words_of(back[0]) == "Search for “publick speeking” instead"
    assert back[0].attrs["href"] == "/search/?q=publick%20speeking&exact=1"
    assert page.query("#q")[0].attrs["value"] == "publick speeking"


def test_the_way_back_leads_to_the_typed_words_and_offers_the_other(book):
    page = read("publick speeking", exact=1)
    assert "Showing results for" not in words_of(page)
    assert "Did you mean public speaking?" in words_of(page)
    assert words_of(page.query("h1")[0]) == "No match for “publick speeking”"


@pytest.mark.parametrize("q", ["podcst edtior", "Mirriam Okafr", "okafro", "miriam okafr", "nobdy edits my podcst"])
def test_typing_errors_find_the_expert(book, q):
    assert "Miriam Okafor" in experts(read(q))


def test_the_typed_capitals_are_kept(book):
    assert search("Mirriam Okafr").query.text == "Miriam Okafor"


def test_a_mistyped_sentence_finds_the_category(book):
    page = read("nobdy shows up to my webinras")
    assert categories(page)[0] == "/contents/webinars-and-events/"
    assert "Showing results for nobody shows up to my webinars" in words_of(page)


def test_the_name_of_somebody_new_is_known_before_words_are_gathered(book):
    make_page(name="Wilhelmina Zuckerbrot")
    assert experts(read("Wilhelmnia Zukerbrot"))[0] == "Wilhelmina Zuckerbrot"


def test_words_that_fit_one_name_are_taken_for_it(book):
    make_page(name="Alice Marchetti")
    make_page(name="Olive Grove", others=("So alive. Alive again.",))
    make_page(name="Ben Two", others=("Alive.",))
    Word.objects.gather()
    assert search("Alise Marcheti").query.text == "Alice Marchetti"


def test_what_is_found_is_never_replaced_but_a_commoner_spelling_is_offered(book):
    for name in ("Lena Marlono", "Otto Marlono", "Ines Marlono"):
        make_page(name=name)
    make_page(name="Jo Marlon")
    page = read("Marlon")
    assert experts(page)[0] == "Jo Marlon"
    assert "Showing results for" not in words_of(page)
    assert [link.attrs["href"] for link in page.query("h1 + p a")] == ["/search/?q=Marlono"]


@pytest.mark.parametrize(
    "q",
    [
        "there is nothing here after the other things",
        "could anybody proofread this",
        "gardening",
        "investors never call back after the first meeting",
        "two employees cannot stand each other",
        "cat hat bat",
        "-publick",
    ],
)
def test_good_words_are_left_alone(book, q):
    assert repair(Query.read(q)) is None


def test_quotes_and_minus_survive_a_repair(book):
    repaired = repair(Query.read('"publick speaking" -webinars'))
    assert repaired.text == '"public speaking" -webinars'


def test_errors_are_counted_by_letters():
    assert [
        errors(*pair) for pair in (("a", "a"), ("editor", "edtior"), ("publick", "public"), ("cat", "dog"), ("", "ab"))
    ] == [0, 1, 1, 3, 2]


def test_gathering_forgets_what_left_print(book):
    before = set(Word.objects.values_list("text", flat=True))
    assert {"okafor", "patience", "podcasting"} <= before
    Word.objects.create(text="zzgone", uses=1)
    assert Word.objects.gather() == len(before)
    assert set(Word.objects.values_list("text", flat=True)) == before
