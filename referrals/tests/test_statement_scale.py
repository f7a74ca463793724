"""A statement of some thousand lines costs what one of ten costs, apart from the sum: indexes alone are read."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_member
from referrals.models import Account

from .statements import bulk

NUMBER = 1000


@pytest.fixture
def full(transactional_db: None) -> Iterator[User]:
    """A member with thousands of lines among others, after the owner of the tables has cleaned up behind them."""
    sam, other = make_member(), make_member()
    for one, two in [(sam, other), *((make_member(), make_member()) for _ in range(9))]:
        bulk(one, two, number=NUMBER)
    with connection.cursor() as cursor:  # tests are the owner of the tables
        cursor.execute("SET random_page_cost = 1.1")  # as in config.settings
        cursor.execute("VACUUM ANALYZE referrals_leg")
        cursor.execute("VACUUM ANALYZE referrals_entry")
    yield sam
    with connection.cursor() as cursor:
        cursor.execute("RESET random_page_cost")


def plans(act: Any) -> list[dict[str, Any]]:
    """The plans of what an act asks of the legs."""
    with CaptureQueriesContext(connection) as asked:
        act()
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if "referrals_leg" in query["sql"]:
                cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
                found.append(cursor.fetchone()[0][0]["Plan"])
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_the_balance_reads_the_index_alone(full: User) -> None:
    account = Account.objects.of(full)
    (plan,) = plans(account.balance)
    kinds = [(node["Node Type"], node.get("Index Name")) for node in nodes(plan)]
    assert ("Index Only Scan", "leg_by_account") in kinds, kinds
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(plan))
    (scan,) = [node for node in nodes(plan) if node["Node Type"] == "Index Only Scan"]
    # Some pages may not be known as all-visible yet, while somebody else's old transaction is open.
    assert scan["Heap Fetches"] < scan["Actual Rows"] / 10


def test_a_page_of_lines_reads_a_page(full: User) -> None:
    lines = Account.objects.of(full).lines(timezone.now())
    (plan,) = plans(lambda: list(lines[:21]))
    by_index = [node for node in nodes(plan) if node.get("Index Name") == "leg_by_account"]
    assert [node["Actual Rows"] for node in by_index] == [pytest.approx(21, abs=2)]
