"""Keyset pages: everybody once, whatever the order, and first pages for nonsense."""

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from directory.filters import ORDERS
from directory.models import Placement
from directory.paging import Key, Page, decode, encode
from directory.tests.listings import make_category
from directory.tests.shelf import make_shelf

pytestmark = pytest.mark.django_db

STANDING = [Key("score", descending=True), Key("shuffle"), Key("expert_id")]


def walk(queryset, *, size):
    """All rows, page by page."""
    cursor, seen = "", []
    for _ in range(200):
        page = Page.of(queryset, cursor, size=size)
        seen += page.rows
        cursor = page.next
        if not cursor:
            return seen
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("order", ["standing", "newest", "name"])
@pytest.mark.parametrize("size", [1, 3, 20])
def test_each_expert_is_seen_once_in_each_order_with_ties(order, size):
    category = make_category()
    make_shelf(category, 41, voices=lambda turn: turn % 3, said_days_ago=lambda turn: turn % 4 or None)
    listed = category.placements.order_by(*ORDERS[order])
    assert walk(listed, size=size) == list(listed)


def test_the_last_page_has_no_next_one():
    category = make_category()
    make_shelf(category, 40)
    listed = category.placements.order_by("expert_id")
    first = Page.of(listed)
    second = Page.of(listed, first.next)
    assert first.is_first
    assert len(first.rows) == 20
    assert not second.is_first
    assert len(second.rows) == 20
    assert second.next == ""


def test_a_cursor_of_another_order_gives_the_first_page():
    category = make_category()
    make_shelf(category, 30)
    cursor = Page.of(category.placements.order_by("sort_name", "expert_id")).next
    page = Page.of(category.placements.order_by(*ORDERS["standing"]), cursor)
    assert page.is_first
    assert len(page.rows) == 20


@given(st.text())
def test_a_cursor_that_we_did_not_make_gives_the_first_page(text):
    assert decode(text, STANDING) is None


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 2**31 - 1),
    st.integers(1, 2**63 - 1),
)
def test_what_goes_into_a_cursor_comes_out_of_it(score, shuffle, expert):
    row = Placement(score=score, shuffle=shuffle, expert_id=expert)
    assert decode(encode(row, STANDING), STANDING) == [score, shuffle, expert]


def test_columns_without_a_value_come_last():
    assert Key.of(F("seen_at").desc(nulls_last=True)) == Key("seen_at", descending=True, nullable=True)
    assert Key.of("-score") == Key("score", descending=True)


@pytest.mark.parametrize(
    ("order", "index"), [("standing", "placement_standing"), ("name", "placement_name"), ("newest", "placement_newest")]
)
def test_the_index_finds_each_page_of_a_long_list(order, index):
    category = make_category()
    make_shelf(category, 1500, voices=lambda turn: turn % 50)
    for number in range(5):
        make_shelf(make_category(slug=f"other-{number}"), 200)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_placement")
    listed = category.placements.order_by(*ORDERS[order])
    with CaptureQueriesContext(connection) as asked:
        Page.of(listed, Page.of(listed).next)
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan
