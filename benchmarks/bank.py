"""How fast the bank books, and how a statement grows with its account.

    make bench-bank

Everything is measured in one run, turn by turn, against something bare on the same machine, and told as ratios: what
takes 1.0 is a transaction with one INSERT, and a page of twenty rows from a template and nothing else. Writes its part
of docs/benchmarks.md.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import threading
import time
from collections.abc import Callable

import django
import pgtrigger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.test_settings")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.tests.factories import make_member  # noqa: E402
from benchmarks.report import write  # noqa: E402
from referrals.bank import Kind  # noqa: E402
from referrals.models import Account, Entry  # noqa: E402

POSTINGS = 400
ROUNDS = 25
THREADS = (1, 8)
MEMBERS = 20
SIZES = (1_000, 100_000)


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        write("bank", "\n\n".join((postings(), statements())))
    finally:
        connections.close_all()
        runner.teardown_databases(databases)


# Postings.


def postings() -> str:
    """Postings a second among twenty hot accounts, as a share of bare transactions a second."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, points int)")
    members = [make_member() for _ in range(MEMBERS)]
    for member in members:
        Account.objects.of(member)
    lines = ["| at once | bare transactions | postings | a posting costs |", "|---|---|---|---|"]
    for threads in THREADS:
        bare, booked = [], []
        for turn in range(3):
            bare.append(rate(threads, one_insert))
            booked.append(
                rate(threads, lambda n, turn=turn, threads=threads: post(members, f"{threads}:{turn}:{n}", n))
            )
        ratio = statistics.median(bare) / statistics.median(booked)
        share = statistics.median(booked) / statistics.median(bare)
        lines.append(f"| {threads} | 1.0 | {share:.2f} | {ratio:.1f} bare transactions |")
    return "\n".join(lines)


def one_insert(number: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare (points) VALUES (%s)", [number])


def post(members: list[User], key: str, number: int) -> None:
    giver, receiver = members[number % MEMBERS], members[(number * 7 + 1) % MEMBERS]
    if giver != receiver:
        Entry.objects.post(kind=Kind.INTRODUCTION, key=f"bench:{key}", giver=giver, receiver=receiver)


def rate(threads: int, work: Callable[[int], None]) -> float:
    """Calls a second of `work`, shared out among threads with a connection each."""

    def share(first: int) -> None:
        for number in range(first, POSTINGS, threads):
            work(number)
        connection.close()

    crowd = [threading.Thread(target=share, args=(first,)) for first in range(threads)]
    start = time.perf_counter()
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return POSTINGS / (time.perf_counter() - start)


# Statements.

BARE = (
    "<!doctype html><title>Bare</title><ul>"
    "{% for row in rows %}<li>{{ row.name }}: {{ row.points }}</li>{% endfor %}</ul>"
)


def bare_page(request: HttpRequest) -> HttpResponse:
    rows = [{"name": f"Line {number}", "points": number} for number in range(20)]
    return HttpResponse(engines["django"].from_string(BARE).render({"rows": rows}, request))


def statements() -> str:
    """The first page of a statement, for accounts of different sizes."""
    pages: dict[str, Callable[[], object]] = {"a bare page": lambda: bare_page(RequestFactory().get("/"))}
    for size in SIZES:
        member = make_member(name=f"Member of {size}")
        fill(member, size)
        browser = Client(headers={"host": "localhost"})
        browser.force_login(member)
        pages[f"a statement of {size:,} lines"] = lambda browser=browser: expect(browser.get("/bank/"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE referrals_leg, referrals_entry")
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, page in pages.items():
            start = time.perf_counter()
            page()
            taken[name].append(time.perf_counter() - start)
    middle = {name: statistics.median(times) for name, times in taken.items()}
    unit = middle["a bare page"]
    lines = ["| page | time | |", "|---|---|---|"]
    small = middle[f"a statement of {SIZES[0]:,} lines"]
    for name, seconds in middle.items():
        growth = f"{seconds / small:.1f} times the small one" if seconds > small else ""
        lines.append(f"| {name} | {seconds / unit:.1f} | {growth} |")
    return "\n".join(lines)


def expect(answer: HttpResponse) -> None:
    if answer.status_code != 200:
        raise RuntimeError(f"The statement answered {answer.status_code}.")


def fill(member: User, size: int) -> None:
    """So many entries with fifty others over two years. They are written past the rules of amounts, which the page does
    not read."""
    account = Account.objects.of(member)
    others = [Account.objects.of(make_member()).pk for _ in range(50)]
    start = timezone.now() - dt.timedelta(days=730)
    # The triggers that balance each entry at commit plan for the empty table they begin with.
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH given AS (
                SELECT %s::bigint AS me, %s::bigint[] AS others, %s::timestamptz AS start, %s::float AS step),
            numbers AS (
                SELECT n, me, others[1 + n %% 50] AS other, start + n * step * interval '1 second' AS day
                FROM given, generate_series(1, %s) n),
            made AS (
                INSERT INTO referrals_entry
                    (idempotency_key, kind, giver_id, receiver_id, effective_at, posted_at, reason, payload_hash)
                SELECT 'fill:' || me || ':' || n, 'introduction',
                    CASE n %% 2 WHEN 0 THEN me ELSE other END, CASE n %% 2 WHEN 0 THEN other ELSE me END,
                    day, day, '', ''
                FROM numbers
                RETURNING id, giver_id, receiver_id, effective_at)
            INSERT INTO referrals_leg (entry_id, account_id, amount, effective_at)
            SELECT id, giver_id, 1, effective_at FROM made
            UNION ALL SELECT id, receiver_id, -1, effective_at FROM made
            """,
            [account.pk, others, start, 730 * 86400 / size, size],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # here, where they are ignored, and not at commit


if __name__ == "__main__":
    main()
