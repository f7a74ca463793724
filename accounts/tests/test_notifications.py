"""What the book told somebody, by day."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice

from .factories import make_guest, make_member, make_notice, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


def test_lines_by_day_newest_first() -> None:
    ann = make_member()
    old = make_notice(recipient=ann, words={"inviter_first": "Old"}, path="/old/")
    Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=3))
    make_notice(recipient=ann, words={"inviter_first": "<New>"}, path="/new/")
    html = signed_in(ann).get(PAGE).content.decode()
    assert html.index("&lt;New&gt; would like") < html.index("Old would like")
    assert '<a href="/new/">' in html
    assert html.count("<h2>") == 2


def test_the_day_is_the_reader_s_own() -> None:
    early = dt.datetime(2026, 5, 1, 2, 0, tzinfo=dt.UTC)
    for zone, day in (("Pacific/Honolulu", "30 April 2026"), ("Asia/Tokyo", "1 May 2026")):
        reader = make_member(time_zone=zone)
        make_notice(recipient=reader)
        Notice.objects.update(created_at=early)
        assert day in signed_in(reader).get(PAGE).content.decode()


def test_nothing_yet() -> None:
    assert "Nothing has happened yet" in signed_in(make_member()).get(PAGE).content.decode()
    assert "Nothing has happened yet" in signed_in(make_guest()).get(PAGE).content.decode()


def test_pages_of_twenty() -> None:
    ann = make_member()
    notices = [make_notice(recipient=ann, path=f"/n/{number}/") for number in range(45)]
    client, address, seen = signed_in(ann), PAGE, []
    for expected in (20, 20, 5):
        page = client.get(address)
        seen += list(page.context["notices"])
        assert len(page.context["notices"]) == expected
        address = f"{PAGE}?before={page.context['older']}"
    assert page.context["older"] is None
    assert seen == notices[::-1]


@pytest.mark.parametrize("cursor", ["x", "-1", "0x10", "9" * 30, "²", "1e5"])
def test_a_bad_cursor_is_the_first_page(cursor: str) -> None:
    ann = make_member()
    make_notice(recipient=ann)
    assert signed_in(ann).get(PAGE, {"before": cursor}).status_code == 200


def test_before_everything() -> None:
    assert "Nothing older than that" in signed_in(make_member()).get(PAGE, {"before": "1"}).content.decode()


def test_mine_only_and_only_what_is_listed() -> None:
    make_notice(recipient=make_member(), words={"inviter_first": "Elsewhere"})
    ann = make_member()
    make_notice(recipient=ann, words={"inviter_first": "Unlisted"}, listed=False)
    html = signed_in(ann).get(PAGE).content.decode()
    assert "Elsewhere" not in html
    assert "Unlisted" not in html


def test_a_visitor_signs_in_first() -> None:
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ann = make_member()
    for _ in range(number):
        make_notice(recipient=ann)
    client = signed_in(ann)
    with django_assert_num_queries(3):  # session, person, notices
        client.get(PAGE)
