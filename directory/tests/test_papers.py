"""The page of a guide, where it is shown, and who may read it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from justhtml import JustHTML
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import make_curator, make_member, signed_in
from directory.models import Expert, FormerPaperSlug, Paper, PaperState
from directory.tests.guides import fresh, guide_words, make_guide
from directory.tests.listings import make_category, make_listing
from directory.tests.pages import words_of
from directory.tests.test_expert_page import recommend

pytestmark = pytest.mark.django_db
XSS = "\"'><i data-x>needle</i>"


def read(path: str, **parameters: Any) -> JustHTML:
    response = Client().get(path, parameters)
    assert response.status_code == 200
    assert not response.cookies
    return JustHTML(response.content.decode(), sanitize=False)


def status(path: str, reader: User | None = None) -> int:
    return (signed_in(reader) if reader else Client()).get(path).status_code


def test_anybody_reads_a_guide_in_print() -> None:
    paper = make_guide(make_listing(), link="https://a.example/guide?x=1")
    assert paper.get_absolute_url() == "/guides/my-invoices-are-paid-two-months-late/"
    page = read(paper.get_absolute_url())
    assert [words_of(node) for node in page.query("h1")] == [paper.title]
    (sheet,) = page.query("section.own")
    assert "Write the date of payment first." in words_of(sheet)
    assert len(sheet.query("p")) == 4  # the quick answer, two paragraphs, the link
    (link,) = page.query("a[href='https://a.example/guide?x=1']")
    assert set(link.attrs["rel"].split()) == {"nofollow", "ugc", "noopener"}


def test_two_letters_of_others_stand_beside_it() -> None:
    author = make_listing()
    for _ in range(3):
        recommend(author)
    page = read(make_guide(author).get_absolute_url())
    assert len(page.query("article.letter")) == 2
    (box,) = page.query("section[aria-labelledby=author]")
    assert author.headline in words_of(box)


def test_what_it_says_of_itself() -> None:
    paper = make_guide(make_listing())
    html = Client().get(paper.get_absolute_url()).content.decode()
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    url = f"http://localhost:8000{paper.get_absolute_url()}"
    assert (data["@type"], data["headline"], data["url"]) == ("Article", paper.title, url)
    assert data["author"]["@id"].endswith(f"{paper.author.get_absolute_url()}#person")
    assert [about["name"] for about in data["about"]] == ["Podcasting"]
    assert data["datePublished"] == paper.printed_at.isoformat()
    assert f'<link rel="canonical" href="{url}">' in html
    assert '<meta property="og:type" content="article">' in html
    assert "noindex" not in html


def test_who_is_not_to_be_found_has_guides_that_are_not() -> None:
    paper = make_guide(make_listing(indexable=False))
    assert 'content="noindex"' in Client().get(paper.get_absolute_url()).content.decode()
    assert paper.slug not in Client().get("/sitemap-guides.xml").content.decode()


def test_the_map_has_what_is_in_print() -> None:
    author = make_listing()
    paper = make_guide(author)
    draft = make_guide(author, state=PaperState.DRAFT, title="My show is too long")
    listed = Client().get("/sitemap-guides.xml").content.decode()
    assert f"http://localhost:8000{paper.get_absolute_url()}" in listed
    assert draft.slug not in listed
    assert "sitemap-guides.xml" in Client().get("/sitemap.xml").content.decode()


def test_text_is_never_markup() -> None:
    author = make_listing()
    paper = make_guide(author, title=f"My problem {XSS}", summary=XSS, body=XSS)
    pages = (paper.get_absolute_url(), author.get_absolute_url(), "/contents/podcasting/", "/search/?q=needle")
    for path in pages:
        html = Client().get(path).content.decode()
        assert "needle" in html
        assert "<i data-x" not in html


@pytest.mark.parametrize("state", [PaperState.DRAFT, PaperState.SUBMITTED])
def test_before_print_it_is_there_for_its_author_only(state: str) -> None:
    paper = make_guide(make_listing(), state=state)
    for stranger in (None, make_member(), make_listing().member):
        assert status(paper.get_absolute_url(), stranger) == 404
    assert status(paper.get_absolute_url(), paper.author.member) == 200
    seen_at_the_desk = 200 if state == PaperState.SUBMITTED else 404
    assert status(paper.get_absolute_url(), make_curator()) == seen_at_the_desk


def test_out_of_print_it_is_gone_and_says_nothing_of_its_words() -> None:
    paper = make_guide(make_listing(), state=PaperState.WITHDRAWN)
    response = Client().get(paper.get_absolute_url())
    assert response.status_code == 410
    assert paper.title not in response.content.decode()
    assert paper.author.name in response.content.decode()
    assert status(paper.get_absolute_url(), paper.author.member) == 200
    put_away = make_guide(paper.author, state=PaperState.DRAFT, title="Never in print at all")
    put_away.withdraw(by=paper.author.member)
    assert status(put_away.get_absolute_url()) == 404


def test_guides_leave_and_come_back_with_their_authors_page() -> None:
    author = make_listing()
    paper = make_guide(author)
    author.rest(by=author.member)
    response = Client().get(paper.get_absolute_url())
    assert response.status_code == 410
    assert author.name not in response.content.decode()
    assert not Paper.objects.in_print().exists()
    author.come_back()
    assert status(paper.get_absolute_url()) == 200


def test_nobody_ever_wrote_it() -> None:
    assert status("/guides/nothing-of-the-kind/") == 404
    assert Client().post(make_guide(make_listing()).get_absolute_url()).status_code == 405


# Addresses


def test_the_same_problem_twice_has_two_addresses() -> None:
    first, second = make_guide(make_listing()), make_guide(make_listing())
    assert second.slug == f"{first.slug}-2"
    strange = make_guide(first.author, title="我的播客没有人听我应该怎么办")
    assert strange.slug == "guide"


def test_a_printed_address_leads_on_and_is_nobody_elses() -> None:
    author = make_listing()
    paper = make_guide(author)
    before = paper.get_absolute_url()
    paper.rewrite(guide_words(author, title="My invoices are never paid"))
    paper.submit()
    assert fresh(paper).get_absolute_url() == before
    paper.print(by=make_curator(), reason="Better.")
    assert Client().get(before)["Location"] == "/guides/my-invoices-are-never-paid/"
    assert Client().get(before).status_code == 301
    other = make_guide(author, title="My invoices are paid two months late")
    assert other.slug == "my-invoices-are-paid-two-months-late-2"
    # Back to the first title: the address is its own again.
    paper.rewrite(guide_words(author))
    paper.submit()
    paper.print(by=make_curator(), reason="As before.")
    assert fresh(paper).get_absolute_url() == before
    assert list(FormerPaperSlug.objects.values_list("slug", flat=True)) == ["my-invoices-are-never-paid"]


def test_a_drafts_address_leaves_nothing_behind() -> None:
    author = make_listing()
    paper = make_guide(author, state=PaperState.DRAFT)
    paper.rewrite(guide_words(author, title="My invoices are never paid"))
    assert fresh(paper).slug == "my-invoices-are-never-paid"
    assert not FormerPaperSlug.objects.exists()


# Where it is shown


def test_the_experts_page_names_their_guides() -> None:
    author = make_listing()
    old, new = make_guide(author), make_guide(author, title="My show is too long")
    make_guide(author, state=PaperState.SUBMITTED, title="My show has no name")
    (sheet,) = read(author.get_absolute_url()).query("section.own")
    found = [link.attrs["href"] for link in sheet.query("a") if link.attrs["href"].startswith("/guides/")]
    assert found == [new.get_absolute_url(), old.get_absolute_url()]


def test_the_category_names_five_guides_by_those_who_are_listed_there() -> None:
    category, other = make_category(), make_category(slug="webinars")
    author = make_listing(categories=[category, other])
    for number in range(6):
        make_guide(author, title=f"My problem, number {number}")
    elsewhere = make_guide(author, title="My webinar is empty", categories=[other.pk])
    page = read(category.get_absolute_url())
    (section,) = page.query("section[aria-labelledby=guides]")
    assert [words_of(link) for link in section.query("a")] == [f"My problem, number {n}" for n in (5, 4, 3, 2, 1)]
    author.choose([category])
    assert not read(other.get_absolute_url()).query("section[aria-labelledby=guides]")
    assert fresh(elsewhere).shelves == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    author = make_listing()
    for n in range(number):
        recommend(author)
        paper = make_guide(author, title=f"My problem, number {n}")
    for path, queries in ((paper.get_absolute_url(), 4), ("/sitemap-guides.xml", 2)):
        with django_assert_num_queries(queries):
            Client().get(path)


def experts_guides(expert: Expert) -> list[Paper]:
    return list(Paper.objects.in_print().by(expert))


def test_the_phrase_that_others_use() -> None:
    author = make_listing()
    old, new = make_guide(author), make_guide(author, title="My show is too long")
    make_guide(make_listing(), title="By somebody else entirely")
    make_guide(author, state=PaperState.WITHDRAWN, title="It was so once, and is not")
    assert experts_guides(author) == [new, old]
    author.rest(by=author.member)
    assert experts_guides(author) == []
    assert reverse("directory:guide", args=[new.slug]) == new.get_absolute_url()
