"""Going through the book: every address, as anybody, with nothing left behind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .rules import IN, SIGN_IN, Answer, Row
from .town import Town

LINK = re.compile(r"""\b(?:href|action|src)=(["'])(/[^"'#]*)""")
# Sessions come and go with every visit; everything else must not change by being looked at.
PASSING = {"django_session", "book_cache"}


@contextmanager
def undone() -> Iterator[None]:
    """What happens within did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Walker:
    """One person's browser. Each request starts from the same cookies and the same town."""

    def __init__(self, town: Town, key: str, **options: Any) -> None:
        self.client: Client = town.client(key)
        for name, value in options.items():
            setattr(self.client.handler, name, value)
        self.morsels = dict(self.client.cookies)

    def ask(self, method: str, path: str, data: Any = None, **extra: Any) -> HttpResponse:
        """The answer; what it changed is undone, and cookies it set are forgotten."""
        with undone():
            return self.stay(method, path, data, **extra)

    def stay(self, method: str, path: str, data: Any = None, **extra: Any) -> HttpResponse:
        """The answer; what it changed stays until the caller undoes it."""
        try:
            if method in ("GET", "HEAD", "POST"):
                response = getattr(self.client, method.lower())(path, data, **extra)
            else:
                response = self.client.generic(method, path, **extra)
            if response.streaming:
                response.body = b"".join(response.streaming_content)
            else:
                response.body = response.content
            return response
        finally:
            self.client.cookies.clear()
            self.client.cookies.update(self.morsels)


def answer(response: HttpResponse) -> Answer:
    """How somebody was answered, in the words of the rules."""
    where = response.headers.get("Location", "")
    if response.status_code == 302 and urlsplit(where).path == reverse("account_login") and "next=" in where:
        return SIGN_IN
    if response.status_code in (403, 404, 405, 410) or response.status_code >= 500:
        return response.status_code
    return IN


def problem(response: Any) -> str:
    """What went wrong, for whoever reads the failure."""
    error = getattr(response, "exc_info", None)
    return f"{response.status_code} {error[1]!r}"[:200] if error else str(response.status_code)


def patterns(found: Any = None, prefix: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address of the project."""
    for pattern in get_resolver().url_patterns if found is None else found:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from patterns(pattern.url_patterns, space, whole)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", whole


def state() -> dict[str, str]:
    """How many rows each table has, and a checksum of them: equal before and after means that nothing changed."""
    tables = [table for table in connection.introspection.table_names() if table not in PASSING]
    each = [
        f"SELECT '{table}', count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        f' FROM "{table}" t'
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def links(body: str) -> set[str]:
    """The pages of our own that a page leads to."""
    return {html.unescape(found[1]) for found in LINK.findall(body)}


def crawl(walker: Walker, starts: list[str], *, most: int = 2000, stay: bool = False) -> Iterator[tuple[str, Any]]:
    """Every page that can be reached, each once. With `stay` what the pages change is not undone."""
    waiting, seen, look = list(starts), set(starts), walker.stay if stay else walker.ask
    while waiting and len(seen) < most:
        path = waiting.pop()
        response = look("GET", path)
        yield path, response
        found = links(response.body.decode(errors="replace")) if is_html(response) else set()
        if "Location" in response.headers:
            where = urlsplit(response.headers["Location"])
            found.add(f"{where.path}?{where.query}" if where.query else where.path)
        for link in sorted(found - seen):
            if not link.startswith("/static/") and not (link.startswith("/admin/") and "?" in link):
                seen.add(link)
                waiting.append(link)


def is_html(response: Any) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def addresses(town: Town, rows: list[Row]) -> list[str]:
    return sorted({town.address(row.name, row.thing) for row in rows})
