"""The first page and the contents."""

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Category, Placement, State
from directory.tests.listings import make_category, make_listing
from directory.tests.shelf import make_shelf
from directory.views.home import problems_of_the_day, recommended_this_week

pytestmark = pytest.mark.django_db


def read(path="/", client=None, **parameters):
    response = (client or Client()).get(path, parameters)
    assert response.status_code == 200
    return response.content.decode()


def recent(category, number, **more):
    return make_shelf(category, number, voices=lambda turn: 1, said_days_ago=lambda turn: turn / 24, **more)


@pytest.mark.parametrize("number", [1, 30])
def test_three_queries_for_the_first_page(number, django_assert_num_queries):
    for turn in range(number):
        recent(make_category(slug=f"category-{turn}", problems=["Who helps?"]), 2)
    with django_assert_num_queries(3):
        assert not Client().get("/").cookies


@pytest.mark.parametrize("number", [1, 30])
def test_one_query_for_the_contents(number, django_assert_num_queries):
    for turn in range(number):
        make_category(slug=f"category-{turn}")
    with django_assert_num_queries(1):
        assert not Client().get("/contents/").cookies


def test_an_empty_book_says_that_it_is_being_written():
    make_category(), make_category(slug="webinars")
    page = read()
    assert "This book is being written. 0 of 2 pages are in print." in page
    assert "Recommended this week" not in page
    assert "Recommend the first expert" not in page
    assert "open<span" in page
    assert "Recommend the first expert" in read(client=signed_in(make_member()))


def test_a_book_without_categories_still_opens():
    assert "Who would the people you trust call?" in read()
    assert read("/contents/").count("<section") == 0


def test_recommended_this_week_one_for_each_expert_and_author():
    podcasting, webinars = make_category(), make_category(slug="webinars")
    experts = recent(podcasting, 6)
    now = timezone.now()
    again = {"text": "Again.", "author": "Author again", "relation": "client", "at": now.isoformat()}
    Placement.objects.create(  # the newest expert stands in a second category too
        expert=experts[0], category=webinars, score=1, voices=1, newest_voice_at=now, sort_name="x", quote=again
    )
    same = Placement.objects.get(expert=experts[2], category=podcasting)  # by the author of the one before
    same.quote["author"] = f"Author {experts[1].pk}"
    same.save()
    chosen = recommended_this_week(timezone.now())
    assert [card.expert_id for card in chosen] == [experts[turn].pk for turn in (0, 1, 3, 4)]
    page = read()
    assert "Recommended this week" in page
    assert page.count('class="said"') == 4
    assert "Why here?" not in page


def test_nothing_this_week_leaves_the_section_out():
    make_shelf(make_category(), 3, voices=lambda turn: 1, said_days_ago=lambda turn: 8)
    assert "Recommended this week" not in read()
    assert recommended_this_week(timezone.now() - dt.timedelta(days=7))


def test_an_older_line_is_not_of_this_week_because_somebody_else_wrote():
    """The line a card shows may be an older one, which the expert has accepted."""
    make_shelf(make_category(), 1, voices=lambda turn: 2, said_days_ago=lambda turn: 8)
    Placement.objects.update(newest_voice_at=timezone.now())
    assert recommended_this_week(timezone.now()) == []


def test_the_problems_are_others_every_day_and_the_same_for_everybody():
    for number in range(12):
        make_category(slug=f"category-{number}", problems=[f"Problem {number}{letter}" for letter in "abc"])
    categories = list(Category.objects.in_order())
    today = dt.date(2026, 11, 12)
    days = [tuple(problems_of_the_day(categories, day=today + dt.timedelta(days=day))) for day in range(20)]
    assert all(len({problem[:-1] for problem in problems}) == 3 for problems in days)
    assert len(set(days)) > 15
    assert days[0] == tuple(problems_of_the_day(categories, day=today))
    links = re.findall(r"\?q=(Problem%20\w+)", read())
    assert len(links) == 3
    assert links == re.findall(r"\?q=(Problem%20\w+)", read(client=signed_in(make_member())))


def test_the_first_page_shows_four_categories_of_a_part_and_leads_to_all():
    for number in range(6):
        make_category(slug=f"category-{number}", name=f"Kind {number}", order=number)
    page = read()
    assert "Kind 3" in page
    assert "Kind 4" not in page
    assert "See all 6 categories" in page
    assert '<a href="/contents/#speaking">' in page


def test_a_member_reads_no_advertisement():
    promise = "Nobody here will pitch you"
    assert promise in read()
    assert promise not in read(client=signed_in(make_member()))
    assert promise not in read(client=signed_in(make_guest()))


def test_a_member_reads_the_next_thing_that_waits():
    draft = make_listing(state=State.DRAFT)
    page = read(client=signed_in(draft.member))
    assert f'Your page is a draft. <a href="{reverse("directory:listing")}">Finish it</a>' in page


def test_words_about_a_member_and_words_they_began_wait_too():
    bob, alice = make_member(name="Bob Marsh"), make_listing()
    bob.drafts.create(expert=None, words={"name": "Ines Prado"})
    assert f'<a href="{reverse("referrals:nominate")}">Finish it</a>' in read(client=signed_in(bob))
    said = {"relationship": "client", "how_i_know": "A year.", "what_i_like": "Her eye.", "why_i_trust": "She said no."}
    bob.drafts.create(expert=alice, words={"how_i_know": "A year."})
    assert f"You began to recommend {alice.name}." in read(client=signed_in(bob))
    letter = alice.recommendations.create(author=bob, signed_at=timezone.now(), told_at=timezone.now(), **said)
    assert "Bob Marsh recommends you." in read(client=signed_in(alice.member))
    letter.withdraw()
    assert "recommends you." not in read(client=signed_in(alice.member))


def test_the_curators_are_named():
    make_curator(name="Dana Whitfield"), make_curator(name="Lena Brook")
    assert "Dana Whitfield or Lena Brook, who run this book" in read()


def test_the_first_page_tells_search_engines_what_it_is():
    page = read()
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert [thing["@type"] for thing in told["@graph"]] == ["WebSite", "Organization"]
    assert '<link rel="canonical" href="http://localhost:8000/">' in page


# Contents


def test_the_contents_count_what_is_in_print():
    make_shelf(make_category(), 2)
    make_category(slug="webinars")
    page = read("/contents/")
    assert '2<span class="vh"> experts</span>' in page
    assert "open<span" in page
    assert "<title>Contents: 2 categories \u2013 Book of Experts</title>" in page
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert told["@type"] == "CollectionPage"
    assert told["mainEntity"]["numberOfItems"] == 2


def test_a_retired_category_is_not_in_the_contents():
    category = make_category(slug="fax-marketing")
    category.retire(successor=make_category())
    assert "Fax marketing" not in read("/contents/")
    assert "Fax marketing" not in read()


def test_the_filter_knows_other_names():
    make_category(slug="accounting", name="Accounting and bookkeeping", aliases=["CPA", "chartered accountant"])
    make_category(slug="branding", name="Branding")
    page = read("/contents/", q=" cpa ")
    assert "Accounting and bookkeeping" in page
    assert "also called CPA<" in page
    assert ">Branding<" not in page
    assert 'name="robots" content="noindex, follow"' in page
    page = read("/contents/", q="book")
    assert "Accounting and bookkeeping" in page
    assert "also called" not in page


@pytest.mark.parametrize("query", ["zebra", "'\"><i>", "%", "\\", "é" * 500])
def test_a_filter_that_finds_nothing_offers_the_search(query):
    make_category()
    page = read("/contents/", q=query)
    assert "No category is called that" in page
    assert "<i>" not in page
    assert f"{reverse('directory:search')}?q=" in page


def test_with_htmx_only_the_list_is_sent():
    make_category()
    page = Client().get("/contents/", {"q": "pod"}, headers={"HX-Request": "true"}).content.decode()
    assert "Podcasting" in page
    assert "<h1" not in page


def test_without_javascript_the_filter_is_a_search():
    make_category()
    assert f'<form role="search" action="{reverse("directory:search")}">' in read("/contents/")
