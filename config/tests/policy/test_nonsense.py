"""Whatever is sent to whichever address: a page, or a refusal, and never a mistake of ours."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.urls import reverse

from .entries import typed
from .rules import ADMIN_PREFIX, DOOR, POLICY, READERS, Row
from .town import Town
from .walking import Walker, patterns, problem

pytestmark = pytest.mark.django_db
# As a browser would escape them. The first two are no text at all.
BYTES = ["%00", "%ED%A0%80", "%ff", "a%00b"]
WORDS = [
    *["", " ", "-1", str(2**63), "1" + "0" * 30, "9" * 5000, "1e400", "NaN", "²", "١٢٣", "1.5"],
    *[
        "no-such-thing",
        "x" * 10_000,
        "😀",
        "\u202eesrever\u2067",
        "\u2028",
        "\x15\r\n\tBcc: x@y.example",
        "İı",
        "ﷺ" * 200,
    ],
    *["[]", '{"a": [1]}', "'", "\\", "%s", "../../etc/passwd", "a@b", "a" * 300 + "@b.example"],
    *[
        "http://[",
        "https://[::1",
        "https://a b/",
        "javascript:alert(1)",
        "//evil.example",
        "http://" + "a." * 200 + "example",
    ],
    *["0000-00-00", "9999-12-31", "Porto, Portugal, Earth", ",", "or or or", '"""', "-x -y"],
]
# The sharpest of them, for what is tried many times over.
SHARP = [str(2**63), "x" * 10_000, "😀\u202e\u2028", "\x15\r\nBcc: x@y.example", "http://[", "9999-12-31", "[]"]
SHARP += ["a" * 300 + "@b.example"]
PARTS = [
    str(2**63),
    "1" + "0" * 30,
    "%F0%9F%98%80",
    "a:b:c",
    "0",
    "9" * 5000,
    "x" * 10_000,
    "%00",
    "%ED%A0%80",
    "..%2f..",
]
# Forms in which people write get all of it, too.
WRITTEN = {"accounts:invitations", "directory:edit_listing", "referrals:keep_draft", "account_login"}
# Those that take what another form takes, in the same way.
ALIKE = {"referrals:keep_nomination", "referrals:recommend", "directory:decline_submission"}
ALIKE |= {"directory:send_changes_back", "referrals:hide", "referrals:show", "directory:reinstate"}
ASKED = [
    "q",
    "in",
    "page",
    "after",
    "order",
    "where",
    "language",
    "price",
    "client",
    "taking",
    "explain",
    "exact",
    "p",
    "before",
    "again",
    "rewrite",
    "next",
    "name",
    "email",
]
ASKED += ["o", "e", "all", "query", "key", "login", "code", "visibility", "theme"]


def query(value: str) -> str:
    """The same nonsense under every name that any page reads, each twice, and once as if it were a list."""
    return "&".join(f"{name}={value}&{name}[]={value}&{name}={value}" for name in ASKED)


def test_nonsense_behind_the_question_mark(town: Town) -> None:
    wrong, walkers, pages = [], {}, {row.name: row for row in POLICY if "GET" in row.methods and row.actor()}
    for name, row in pages.items():
        walker = walkers.setdefault(row.actor(), Walker(town, row.actor()))
        path = town.address(name, row.thing)
        for value in [*BYTES, *map(quote, WORDS if name in READERS else SHARP)]:
            response = walker.ask("GET", path, QUERY_STRING=query(value))
            if response.status_code >= 500 or (value in BYTES and response.status_code != 400):
                wrong.append(f"{path} as {row.actor()}, {value[:40]!r}: {problem(response)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", ["nobody", "olga"])
def test_nonsense_in_the_address(town: Town, key: str) -> None:
    walker, wrong = Walker(town, key), []
    for name, route in patterns():
        admin = name.startswith(ADMIN_PREFIX)
        if not re.search(r"<\w", route) or name == "admin:None" or (admin and key != "olga"):
            continue
        bare = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "\0", "/" + route).replace("^", "").replace("$", "")
        for value in PARTS[:4] if admin else PARTS:
            for method in ("GET",) if admin else ("GET", "POST"):
                response = walker.ask(method, bare.replace("\0", value))
                if response.status_code >= 500:
                    wrong.append(f"{method} {bare!r} with {value[:40]!r}: {problem(response)}")
    assert not wrong, "\n".join(wrong)


def own_forms() -> list[Row]:
    doors = {"account_login", "account_request_login_code", "account_reset_password"}
    rows = [row for row in POLICY if "POST" in row.methods and row.actor() and (row not in DOOR or row.name in doors)]
    return list({row.name: row for row in reversed(rows)}.values())


def fields(row: Row, forms: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What is typed into a form; where it has no fields of its own, some that other forms have."""
    return forms.get(row.name) or {"reason": "x", "words": "x", "wording": "x", "seen": "x", "read": "x", "next": "/"}


def test_nonsense_in_every_field_at_once(town: Town) -> None:
    forms, wrong, walkers = typed(town), [], {}
    for row in own_forms():
        walker = walkers.setdefault(row.actor(), Walker(town, row.actor()))
        path, names = town.address(row.name, row.thing), fields(row, forms)
        for value in [*BYTES, *map(quote, WORDS if row.name in WRITTEN else SHARP)]:
            body = "&".join(f"{quote(name)}={value}&{quote(name)}={value}&{quote(name)}[]={value}" for name in names)
            response = walker.ask("POST", path, body, content_type="application/x-www-form-urlencoded")
            if response.status_code >= 500 or (value in BYTES and response.status_code != 400):
                wrong.append(f"{path} as {row.actor()}, {value[:40]!r}: {problem(response)}")
    assert not wrong, "\n".join(wrong)


def test_nonsense_in_one_field_and_the_rest_is_right(town: Town) -> None:
    """What gets past the first check is what reaches the database."""
    forms, wrong, walkers = typed(town), [], {}
    for row in (row for row in own_forms() if row.name in forms and row.name not in ALIKE):
        walker = walkers.setdefault(row.actor(), Walker(town, row.actor()))
        path = town.address(row.name, row.thing)
        for name in forms[row.name]:
            for value in SHARP:
                response = walker.ask("POST", path, forms[row.name] | {name: [value, value]})
                if response.status_code >= 500:
                    wrong.append(f"{path}, {name} = {value[:40]!r}: {problem(response)}")
    assert not wrong, "\n".join(wrong)


BODIES = [
    ("application/json", json.dumps({"reason": ["x"], "q": None})),
    ("application/json", "{"),
    ("text/plain", "reason=x"),
    ("application/xml", "<a/>"),
    ("multipart/form-data", "reason=x"),
    ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\nx"),
    ("multipart/form-data; boundary=" + "x" * 300, "--x--"),
    ("application/x-www-form-urlencoded", "&".join("reason=x" for _ in range(300))),
    ("application/x-www-form-urlencoded", "=&==&&;;reason[a][b]=x&reason[]=x"),
    ("nonsense", "x"),
    ("", "x"),
]  # fmt: skip


def test_bodies_that_are_no_forms(town: Town) -> None:
    wrong, walkers = [], {}
    for row in own_forms():
        walker = walkers.setdefault(row.actor(), Walker(town, row.actor()))
        path = town.address(row.name, row.thing)
        for kind, body in BODIES:
            response = walker.ask("POST", path, body, content_type=kind)
            if response.status_code >= 500:
                wrong.append(f"{path} as {row.actor()}, {kind[:50]}: {problem(response)}")
    assert not wrong, "\n".join(wrong)


def test_more_than_anybody_asks(town: Town) -> None:
    """Every page, ten thousand characters long."""
    walker = Walker(town, "nobody")
    for name in ("search", "suggest", "contents", "home"):
        path = reverse(f"directory:{name}")
        assert walker.ask("GET", f"{path}?{urlencode({'q': 'word ' * 2000})}").status_code == 200
