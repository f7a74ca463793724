"""Accounts for tests: entries of some days ago, and statements as a browser gets them."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from html import unescape
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from accounts.tests.factories import signed_in
from referrals.bank import Kind
from referrals.models import Account, Entry

PAGE = "/bank/"
numbers = itertools.count(1_000_000)  # of introductions that are not there
ROW = re.compile(r'<tr id="line-(\d+)">(.*?)</tr>', re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)


def post(giver: User | None, receiver: User | None, *, days: float = 0, kind: Kind = Kind.INTRODUCTION) -> Any:
    """Something that happened so many days ago, and was booked then."""
    at, key = timezone.now() - dt.timedelta(days=days), f"introduction:{next(numbers)}:accepted"
    return Entry.objects.post(kind=kind, key=key, giver=giver, receiver=receiver, effective_at=at, posted_at=at)


def read(member: User, query: str = "", *, path: str = PAGE, status: int = 200) -> str:
    response = signed_in(member).get(f"{path}{query}")
    assert response.status_code == status
    return str(response.getvalue().decode())


def lines(page: str) -> list[list[str]]:
    """The cells of each line of a page, as text."""
    return [[text(cell) for cell in CELL.findall(row)] for _, row in ROW.findall(page)]


def text(html: str) -> str:
    return unescape(" ".join(strip_tags(html.replace("</t", " </t")).split()))


def bulk(member: User, other: User, *, number: int) -> None:
    """So many entries at once, every second given, one an hour: as a long life of the account leaves it."""
    mine, theirs = Account.objects.of(member), Account.objects.of(other)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH entries AS (
                INSERT INTO referrals_entry
                    (idempotency_key, kind, giver_id, receiver_id, effective_at, posted_at, reason, payload_hash)
                SELECT 'introduction:' || (%(mine)s::bigint * 1000000 + n) || ':accepted', 'introduction',
                    CASE WHEN n %% 2 = 0 THEN %(mine)s ELSE %(theirs)s END,
                    CASE WHEN n %% 2 = 0 THEN %(theirs)s ELSE %(mine)s END,
                    now() - n * interval '1 hour', now() - n * interval '1 hour', '', 'bulk'
                FROM generate_series(1, %(number)s) n
                RETURNING id, giver_id, receiver_id, effective_at
            )
            INSERT INTO referrals_leg (entry_id, account_id, amount, effective_at)
            SELECT id, giver_id, 100, effective_at FROM entries
            UNION ALL SELECT id, receiver_id, -100, effective_at FROM entries
            """,
            {"mine": mine.pk, "theirs": theirs.pk, "number": number},
        )
