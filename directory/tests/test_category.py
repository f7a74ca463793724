"""The page of a category: who is in print there, narrowed, ordered, and why."""

import datetime as dt
import itertools
import json
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML

from accounts.tests.factories import make_curator, make_member, signed_in
from directory import facts, places
from directory.filters import NEARBY, EntryFilter
from directory.models import Pick
from directory.tests.guides import make_guide
from directory.tests.listings import make_category, make_listing
from directory.tests.shelf import CHICAGO, EVANSTON, PORTO, make_place, make_shelf

pytestmark = pytest.mark.django_db


def read(path, **parameters):
    response = Client().get(path, parameters)
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def names(page):
    """The experts of a page, in its order."""
    return [link.to_text().strip() for link in JustHTML(page, sanitize=False).query("li.entry h3 a")]


def robots(page):
    return re.findall(r'<meta name="robots" content="([^"]+)">', page)


def mixed_shelf(category, number=30):
    """Experts who differ in everything a reader may ask for."""
    spots = [make_place(CHICAGO), make_place(EVANSTON), make_place(PORTO), None]
    today = timezone.localdate()
    return make_shelf(
        category,
        number,
        languages=lambda turn: [["en"], ["en", "pt"], ["de"], []][turn % 4],
        clients=lambda turn: [["solo"], ["solo", "small"], []][turn % 3],
        price_band=lambda turn: ["modest", "middle", "", "premium", "middle"][turn % 5],
        place=lambda turn: spots[turn % 4],
        remote=lambda turn: turn % 2 == 0,
        taking_clients=lambda turn: turn % 7 != 0,
        taking_until=lambda turn: today + dt.timedelta(days=turn % 3 - 1) if turn % 2 else None,
    )


@pytest.mark.parametrize("number", [1, 30])
def test_six_queries_with_one_and_with_thirty_rows(number, django_assert_num_queries):
    category = make_category(problems=["My show has no listeners."])
    category.related.add(make_category(slug="webinars"))
    curator = make_curator()
    for expert in mixed_shelf(category, number):
        make_guide(expert, by=curator)
    with django_assert_num_queries(6):
        read(category.get_absolute_url())


def test_six_queries_when_the_filters_leave_nobody(django_assert_num_queries):
    category = make_category()
    mixed_shelf(category)
    with django_assert_num_queries(6):
        read(category.get_absolute_url(), language="fi", where="Porto")


def test_the_card_says_who_says_what():
    category = make_category()
    (expert,) = make_shelf(category, voices=lambda turn: 3, remote=True, place=make_place(PORTO))
    page = read(category.get_absolute_url())
    assert names(page) == [expert.name]
    assert f"A sentence about {expert.name}." in page
    assert f"Author {expert.pk}, client since 2022, and 2 others" in page
    assert "Online, and Porto, Portugal" in page
    assert "Confirmed " in page
    assert "1 expert, 3 people recommend this one" in page
    assert "<img" not in page
    assert f'<span class="face txt" aria-hidden="true">{expert.member.initials}<' in page


def test_whose_place_it_is_and_why():
    category = make_category()
    make_shelf(category, 3)
    page = read(category.get_absolute_url())
    assert page.count("Why here?") >= 3
    explained = Client().get(category.get_absolute_url(), {"explain": "1"})
    assert explained.headers["X-Robots-Tag"] == "noindex"
    entries = explained.json()["entries"]
    assert [entry["name"] for entry in entries] == names(page)
    assert all(sum(term["value"] for term in entry["terms"]) == entry["score"] for entry in entries)


def test_the_explanation_goes_on_to_the_next_page():
    category = make_category()
    make_shelf(category, 25)
    first = Client().get(category.get_absolute_url(), {"explain": "1"}).json()
    second = Client().get(first["next"].split("localhost:8000")[1]).json()
    assert len(first["entries"]) == 20
    assert len(second["entries"]) == 5
    assert second["next"] is None


@pytest.mark.parametrize(
    ("taking", "days", "said"),
    [
        (False, 120, "Not taking clients until "),
        (False, None, "Not taking clients<"),
        (True, -1, "Not taking clients<"),
        (True, 30, ""),
        (True, None, ""),
        (False, -1, ""),
    ],
)
def test_who_takes_no_clients_says_until_when(taking, days, said):
    category = make_category()
    until = timezone.localdate() + dt.timedelta(days=days) if days is not None else None
    make_shelf(category, taking_clients=taking, taking_until=until)
    page = read(category.get_absolute_url())
    assert said in page
    assert ("Not taking" in page) == bool(said)


def test_a_standing_pick_is_named_in_its_own_category_only():
    podcasting, webinars = make_category(), make_category(slug="webinars")
    expert = make_listing(categories=[podcasting, webinars])
    dana = make_curator(name="Dana Whitfield")
    review = timezone.localdate() + dt.timedelta(days=365)
    pick = Pick.objects.pick(
        curator=dana, expert=expert, category=podcasting, reason="She cut my own show, twice.", review_on=review
    )
    assert "Picked by Dana Whitfield" in read(podcasting.get_absolute_url())
    assert "Picked by" not in read(webinars.get_absolute_url())
    pick.end(by=dana, reason="It is a year ago.")
    assert "Picked by" not in read(podcasting.get_absolute_url())


def test_who_left_print_is_silently_absent():
    category = make_category()
    expert, other = make_listing(categories=[category]), make_listing(categories=[category])
    expert.rest(by=expert.member)
    assert names(read(category.get_absolute_url())) == [other.name]


# Pages and orders


@pytest.mark.parametrize("order", ["", "standing", "newest", "name", "nearest"])
def test_the_pages_show_each_expert_once(order):
    category = make_category()
    make_shelf(category, 47, place=make_place(CHICAGO) if order == "nearest" else None)
    path, parameters, seen = category.get_absolute_url(), {"order": order}, []
    if order == "nearest":
        parameters["where"] = "Chicago"
    page = read(path, **parameters)
    for _ in range(5):
        seen += names(page)
        following = re.search(r'href="([^"]+)">Next page', page)
        if not following:
            break
        page = read(following[1].replace("&amp;", "&"))
        assert robots(page) == ["noindex, follow"]
        assert f'<link rel="canonical" href="http://localhost:8000{path}">' in page
    assert len(seen) == 47
    assert len(set(seen)) == 47


def test_standing_comes_first_and_the_turn_of_the_day_among_equals():
    category = make_category()
    make_shelf(category, 12)
    listed = category.placements.select_related("expert__member")
    by_hand = sorted(listed, key=lambda card: (-card.score, card.shuffle, card.expert_id))
    page = read(category.get_absolute_url())
    assert names(page) == [card.expert.name for card in by_hand]
    assert "change places once a day" in page


def test_nearest_is_offered_once_a_city_is_chosen():
    category = make_category()
    near, nearer = make_place(EVANSTON), make_place(CHICAGO)
    make_shelf(category, 2, place=lambda turn: [near, nearer][turn])
    path = category.get_absolute_url()
    assert 'value="nearest"' not in read(path)
    assert 'value="nearest"' not in read(path, where="online")
    page = read(path, where=str(CHICAGO["id"]), order="nearest")
    assert 'value="nearest" selected' in page
    assert "Ordered by distance from Chicago" in page
    assert names(page)[0] > names(page)[1]  # the second on the shelf is in Chicago itself
    assert 'value="standing" selected' in read(path, order="nearest")


@pytest.mark.parametrize("cursor", ["", "x", "1:2", "é", "W10:abc", "9" * 3000, "null", "[]"])
def test_a_bad_cursor_gives_the_first_page(cursor):
    category = make_category()
    make_shelf(category, 25)
    page = read(category.get_absolute_url(), after=cursor)
    assert names(page) == names(read(category.get_absolute_url()))
    assert robots(page) == ["noindex, follow"]


# Filters


def by_hand(experts, **wanted):
    """The experts that fit, found the slow way."""
    today = timezone.localdate()

    def fits(expert):
        where = wanted.get("where")
        if where and where != "online":
            centre = places.by_id(int(where))
            if expert.place is None or places.metres(centre, expert.place) > NEARBY:
                return False
        return (
            ("language" not in wanted or wanted["language"] in expert.languages)
            and ("client" not in wanted or wanted["client"] in expert.clients)
            and ("price" not in wanted or wanted["price"] == expert.price_band)
            and ("taking" not in wanted or expert.takes_clients(today))
            and (where != "online" or expert.remote)
        )

    return {expert.pk for expert in experts if fits(expert)}


CHOICES = {
    "language": ["en", "pt", "de", "fi"],
    "client": ["solo", "small", "large"],
    "price": [band for band, _ in facts.PRICE_BANDS],
    "taking": ["now"],
    "where": ["online", *(str(city["id"]) for city in (CHICAGO, EVANSTON, PORTO))],
}


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CHOICES.items()}))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_numbers_beside_the_choices_are_right(shelf_of_all_kinds, wanted):
    category, experts = shelf_of_all_kinds
    found = EntryFilter(QueryDict("&".join(f"{name}={value}" for name, value in wanted.items())), category=category)
    assert found.applied == {name: wanted[name] for name in found.filters if name in wanted}
    assert {card.expert_id for card in found.cards()} == by_hand(experts, **wanted)
    assert found.number == len(by_hand(experts, **wanted))
    assert found.taking_now.number == len(by_hand(experts, **wanted | {"taking": "now"}))
    for facet in found.facets:
        shown = {option.value: option.number for option in facet.options}
        for value in CHOICES[facet.name]:
            assert shown.get(value, 0) == len(by_hand(experts, **wanted | {facet.name: value})), (facet.name, value)
    for words, address, number in found.ways_out:
        left = dict(wanted)
        for name in wanted:
            if f"{name}=" not in address:
                left.pop(name)
        assert number == len(by_hand(experts, **left)), words


@pytest.fixture
def shelf_of_all_kinds():
    category = make_category()
    return category, mixed_shelf(category, 37)


def test_filters_combine_and_can_be_dropped_one_by_one():
    category = make_category()
    mixed_shelf(category, 30)
    path = category.get_absolute_url()
    page = read(path, language="en", price="middle")
    assert "of 30 experts" in page
    assert f'<a href="{path}?price=middle">English' in page
    assert f'<a href="{path}?language=en">About what most charge' in page
    assert robots(page) == ["noindex, follow"]
    assert "ld+json" not in page
    assert f'<link rel="canonical" href="http://localhost:8000{path}">' in page


def test_filters_that_leave_nobody_say_which_one_to_drop():
    category = make_category()
    make_shelf(category, 4, languages=["en"])
    make_shelf(category, 3, languages=["de"], remote=True)
    path = category.get_absolute_url()
    page = read(path, language="en", where="online")
    assert names(page) == []
    assert "0 of 7 experts" in page
    assert f'<a href="{path}?where=online">Drop “English”</a>: 3 experts' in page
    assert f'<a href="{path}?language=en">Drop “Online”</a>: 4 experts' in page
    assert f'<a href="{path}">Drop all filters</a>: 7 experts' in page


def test_a_city_can_be_typed():
    category = make_category()
    there, *_ = make_shelf(category, 2, place=lambda turn: make_place(EVANSTON) if turn == 0 else None)
    page = read(category.get_absolute_url(), where=["", "skokie, il"])
    assert names(page) == [there.name]
    assert "Near Skokie, United States" in page


def test_what_was_typed_goes_before_what_was_chosen():
    found = EntryFilter(QueryDict("where=online&where=Porto"), category=make_category())
    assert found.applied == {"where": str(PORTO["id"])}
    assert EntryFilter(QueryDict("where=online&where="), category=found.category).applied == {"where": "online"}


def test_a_city_that_we_do_not_know_filters_nothing_and_is_kept():
    category = make_category()
    make_shelf(category, 2)
    page = read(category.get_absolute_url(), where="Qwxyz<b>")
    assert len(names(page)) == 2
    assert "We know no city called “Qwxyz&lt;b&gt;”" in page
    assert 'value="Qwxyz&lt;b&gt;" aria-invalid="true"' in page


NONSENSE = [
    "",
    "9" * 40,
    "-1",
    "0",
    "null",
    "' OR 1=1 --",
    "<script>",
    "é" * 200,
    "\u202e",
    "en,de",
    "١٢٣",
    "%",
    "x" * 5000,
]


@pytest.mark.parametrize(
    "name", ["language", "where", "price", "taking", "client", "order", "after", "explain", "password"]
)
def test_nonsense_narrows_nothing(name):
    category = make_category()
    make_shelf(category, 2)
    for value in NONSENSE:
        response = Client().get(category.get_absolute_url(), {name: value})
        assert response.status_code == 200, value
        assert len(names(response.content.decode())) == 2, value


def test_what_cannot_be_read_is_refused():
    path = make_category().get_absolute_url()
    for query in ("where=%00", "after=%ff", "%00=1"):
        assert Client().get(f"{path}?{query}").status_code == 400
    assert Client().post(path).status_code == 405


@given(st.dictionaries(st.sampled_from([*CHOICES, "order", "after"]), st.text(max_size=150)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_breaks_the_page(shelf_of_all_kinds, parameters):
    category, _ = shelf_of_all_kinds
    readable = {name: value.encode("utf-8", "ignore").decode() for name, value in parameters.items()}
    assert Client().get(category.get_absolute_url(), readable).status_code in (200, 400)


# With htmx


def test_a_changed_filter_swaps_the_list_and_the_numbers():
    category = make_category()
    mixed_shelf(category, 30)
    response = Client().get(
        category.get_absolute_url(), {"language": "de", "price": ""}, headers={"HX-Request": "true"}
    )
    page = response.content.decode()
    assert "<h1" not in page
    assert "<html" not in page
    assert not response.cookies
    assert '<p id="count" data-hx-swap-oob="innerHTML">7 of 30 experts' in page
    assert '<select id="f-language" data-hx-swap-oob="innerHTML">' in page
    assert response.headers["HX-Push-Url"] == f"{category.get_absolute_url()}?language=de"
    assert "HX-Request" in response.headers["Vary"]


# What is empty, moved or not there


def test_an_empty_page_says_that_it_is_meant_and_offers_the_nearest():
    category, near = make_category(problems=["Nobody listens."]), make_category(slug="webinars", name="Webinars & co")
    category.related.add(near)
    page = read(category.get_absolute_url())
    assert "Nobody is in print here yet. That is on purpose" in page
    assert robots(page) == ["noindex, follow"]
    assert "ld+json" not in page
    assert "<select" not in page
    assert f'<a href="{near.get_absolute_url()}">{escape(near.name)}</a>' in page
    assert "Recommend someone" not in page
    asked = signed_in(make_member()).get(category.get_absolute_url()).content.decode()
    assert f'<a class="btn" href="{reverse("referrals:who")}">Recommend someone</a>' in asked


def test_what_people_ask_leads_to_the_search():
    category = make_category(problems=["Who cuts & mixes?", "Two", "Three", "Four"])
    page = read(category.get_absolute_url())
    assert f'{reverse("directory:search")}?q=Who%20cuts%20%26%20mixes%3F">Who cuts &amp; mixes?</a>' in page
    assert "Three" in page
    assert "Four" not in page


def test_a_former_address_and_a_retired_category_redirect():
    category, successor = make_category(), make_category(slug="audio")
    category.rename(slug="podcasts", name="Podcasts")
    moved = Client().get("/contents/podcasting/")
    assert moved.status_code == 301
    assert moved.headers["Location"] == "/contents/podcasts/"
    category.retire(successor=successor)
    moved = Client().get("/contents/podcasts/")
    assert moved.status_code == 301
    assert moved.headers["Location"] == "/contents/audio/"


@pytest.mark.parametrize("slug", ["nothing", "9" * 300, "-", "_"])
def test_what_never_was_is_not_found(slug):
    assert Client().get(f"/contents/{slug}/").status_code == 404


# For search engines


def test_the_page_tells_search_engines_what_it_is():
    category = make_category(description="You talk </script><b>& nobody listens.")
    make_shelf(category, 3)
    page = read(category.get_absolute_url())
    assert robots(page) == []
    assert "<title>Podcasting \u2013 Book of Experts</title>" in page
    assert 'property="og:title" content="Podcasting"' in page
    told = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1]
    assert "<" not in told
    told = json.loads(told)
    assert told["@type"] == "CollectionPage"
    assert told["description"] == category.description
    urls = [item["url"] for item in told["mainEntity"]["itemListElement"]]
    assert len(urls) == 3
    assert all(url.startswith("http://localhost:8000/experts/shelf-") for url in urls)
    crumbs = [item["name"] for item in told["breadcrumb"]["itemListElement"]]
    assert crumbs == ["Contents", "Podcasting"]


def test_the_address_is_the_one_of_the_site_whoever_asks():
    category = make_category()
    page = Client(headers={"host": "127.0.0.1"}).get(category.get_absolute_url()).content.decode()
    assert "127.0.0.1" not in page


def test_counts_change_with_the_acts():
    category = make_category()
    for number in itertools.count(1):
        expert = make_listing(categories=[category])
        category.refresh_from_db()
        assert category.experts_count == number
        if number == 2:
            break
    expert.rest(by=expert.member)
    category.refresh_from_db()
    assert category.experts_count == 1
    assert connection.vendor == "postgresql"
