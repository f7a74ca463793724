"""Pages that explain the book, and what search engines are told."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from justhtml import JustHTML

from accounts.tests.factories import make_curator, make_member, signed_in
from directory.models import Expert, Pick
from directory.tests.listings import make_category, make_listing
from directory.tests.shelf import make_shelf

pytestmark = pytest.mark.django_db

PAGES = ["chosen", "promise", "help", "privacy", "accessibility"]
PUBLIC = [*PAGES, "home", "contents"]


@pytest.mark.parametrize("name", PUBLIC)
def test_everybody_may_read_it_and_gets_no_cookie(name):
    response = Client().get(reverse(f"directory:{name}"))
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=60"
    page = JustHTML(response.content.decode(), sanitize=False)
    assert len(page.query("h1")) == 1
    (canonical,) = page.query('link[rel="canonical"]')
    assert canonical.attrs["href"] == f"http://localhost:8000{reverse(f'directory:{name}')}"
    assert page.query('meta[name="description"]')
    assert page.query('meta[property="og:title"]')
    assert signed_in(make_member()).get(reverse(f"directory:{name}")).status_code == 200


@pytest.mark.parametrize("name", [*PUBLIC, "robots", "sitemap"])
def test_it_is_only_read(name):
    assert Client().post(reverse(f"directory:{name}")).status_code == 405


def test_titles_are_unique():
    titles = [
        JustHTML(Client().get(reverse(f"directory:{name}")).content.decode(), sanitize=False)
        .query("title")[0]
        .to_text()
        for name in PUBLIC
    ]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", PAGES)
def test_the_address_in_the_page_is_the_one_of_the_site(name, settings):
    settings.SITE_ORIGIN = "https://x.example"
    page = Client(headers={"host": "127.0.0.1"}).get(reverse(f"directory:{name}")).content.decode()
    assert '<link rel="canonical" href="https://x.example/' in page
    assert "127.0.0.1" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_rules_name_the_standing_picks(number, django_assert_num_queries):
    dana, category = make_curator(name="Dana Whitfield"), make_category()
    review = timezone.localdate() + dt.timedelta(days=365)
    experts = make_shelf(category, number)
    for expert in experts:
        Pick.objects.create(
            curator=dana,
            expert=expert,
            category=category,
            group=0,
            review_on=review,
            reason="She cut my own show, twice.",
        )
    with django_assert_num_queries(2):
        page = Client().get(reverse("directory:chosen")).content.decode()
    assert page.count("Dana Whitfield, curator,") == number
    assert "nothing that can be bought" in page.lower()
    Pick.objects.update(ended_at=timezone.now())
    assert "No pick stands" in Client().get(reverse("directory:chosen")).content.decode()


def test_a_pick_of_somebody_out_of_print_is_not_named():
    dana, category = make_curator(), make_category()
    expert = make_listing(categories=[category])
    review = timezone.localdate() + dt.timedelta(days=365)
    Pick.objects.pick(
        curator=dana, expert=expert, category=category, reason="She cut my own show, twice.", review_on=review
    )
    expert.rest(by=expert.member)
    assert expert.name not in Client().get(reverse("directory:chosen")).content.decode()


def test_the_way_to_us_is_named_where_there_is_one(settings):
    settings.REPLY_TO_EMAIL = "desk@x.example"
    for name in ("help", "privacy", "accessibility"):
        assert "mailto:desk@x.example" in Client().get(reverse(f"directory:{name}")).content.decode()


# For search engines


def test_robots_are_told_what_is_closed_and_where_the_map_is():
    response = Client().get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == "Sitemap: http://localhost:8000/sitemap.xml"
    assert lines[1:6] == [f"Disallow: /{path}/" for path in ("search", "join", "desk", "nominations", "mail")]


def locations(path):
    response = Client(headers={"host": "127.0.0.1"}).get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return [found.split("</loc>")[0] for found in response.content.decode().split("<loc>")[1:]]


def test_the_map_of_maps_names_its_sections():
    sections = [
        f"http://localhost:8000/sitemap-{section}.xml" for section in ("categories", "experts", "guides", "pages")
    ]
    assert locations("/sitemap.xml") == sections
    assert Client().get("/sitemap-nothing.xml").status_code == 404
    assert Client().get("/sitemap-pages.xml", {"p": "x"}).status_code == 404
    assert Client().get("/sitemap-pages.xml", {"p": "9" * 30}).status_code == 404


def test_the_maps_hold_what_is_in_print_and_may_be_found(django_assert_num_queries):
    category, empty = make_category(), make_category(slug="webinars")
    (shy, *found) = make_shelf(category, 30)
    Expert.objects.filter(pk=shy.pk).update(indexable=False)
    resting = make_listing(categories=[empty])
    resting.rest(by=resting.member)
    assert locations("/sitemap-categories.xml") == ["http://localhost:8000/contents/podcasting/"]
    with django_assert_num_queries(2):
        experts = locations("/sitemap-experts.xml")
    assert experts == [f"http://localhost:8000/experts/{expert.member.handle}/" for expert in found]
    assert "http://localhost:8000/how-experts-are-chosen/" in locations("/sitemap-pages.xml")


def test_a_long_section_has_further_pages(monkeypatch):
    monkeypatch.setattr("directory.views.crawlers.Section.limit", 10)
    make_shelf(make_category(), 25)
    assert "http://localhost:8000/sitemap-experts.xml?p=3" in locations("/sitemap.xml")
    assert len(locations("/sitemap-experts.xml?p=3")) == 5
