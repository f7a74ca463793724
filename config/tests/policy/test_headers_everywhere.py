"""What every answer says of itself, which cookies are set, and where one is sent on to."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.tests.factories import PASSWORD

from .rules import POLICY
from .town import Town
from .walking import Walker, addresses, crawl

pytestmark = pytest.mark.django_db
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PICTURES = ("image/",)


def lacking(response: Any) -> list[str]:
    """The headers that an answer should have and has not."""
    found = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    rules = response.headers.get("Content-Security-Policy", "")
    found += ["Content-Security-Policy"] if "default-src 'none'" not in rules or "unsafe" in rules else []
    found += [] if response.headers.get("Cache-Control") else ["Cache-Control"]
    kind = response.headers.get("Content-Type", "")
    return (
        found
        if "charset=utf-8" in kind.replace('"', "") or kind.startswith(PICTURES)
        else [*found, f"Content-Type: {kind}"]
    )


@pytest.mark.parametrize("key", ["nobody", "bob", "olga"])
def test_headers_everywhere(town: Town, key: str) -> None:
    walker, wrong = Walker(town, key), []
    paths = addresses(town, POLICY)
    answers = [(path, walker.ask(method, path)) for path in paths for method in ("POST", "DELETE")]
    for path, response in [*answers, *crawl(walker, [*paths, "/nowhere/", "/%00", "/static/nothing.css"], most=400)]:
        wrong += [f"{path} as {key}, {response.status_code}: {name}" for name in lacking(response)]
    assert not wrong, "\n".join(wrong)


def test_headers_of_static_files(town: Town, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("a {}")
    response = Walker(town, "nobody").ask("GET", "/static/a.css")
    assert (response.status_code, lacking(response)) == (200, [])


def test_pages_of_visitors_set_no_cookie(town: Town) -> None:
    """Unless there is a form on them that will be sent: its token needs one."""
    wrong = []
    for path, response in crawl(Walker(town, "nobody"), addresses(town, POLICY)):
        has_form = b'name="csrfmiddlewaretoken"' in response.body
        cookies = set(response.cookies) - ({"csrf"} if has_form else set())
        if cookies and not path.startswith("/sign-in/"):
            wrong.append(f"{path}: {cookies}")
        reading = path.startswith(("/contents/", "/experts/", "/search/", "/book/", "/guides/"))
        if has_form and reading and not urlsplit(path).path.endswith("/ask/"):
            wrong.append(f"{path}: a form that needs a cookie")
    assert not wrong, "\n".join(wrong)


HOSTS = ["evil.example", "evil.example/%2e%2e", "evil.example:80", "localhost@evil.example", "localhost.evil.example"]
BEFORE = [
    "//",
    "///",
    "////",
    "/\\",
    "\\\\",
    "\\/",
    "https://",
    "http:///",
    "https:",
    "http:\\\\",
    "//localhost@",
    "/\t/",
]
ODD = [
    "O\x15\r",
    "/a\r\nSet-Cookie: a=b",
    "/\x00",
    "/\x7f",
    "javascript:alert(1)",
    "data:text/html,x",
    "//[",
    "http://[::1",
    "\x01//e",
]
ODD += [
    " //evil.example",
    "\u2028//evil.example",
    "/%0d%0aLocation:%20//evil.example",
    "//evil。example",
    "ftp://localhost/",
]
PAYLOADS = [f"{before}{host}" for before in BEFORE for host in HOSTS] + ODD


def at_home(location: str) -> bool:
    """Whether a browser that is sent there stays here."""
    plain = location.replace("\\", "/").strip()
    parts = urlsplit(plain)
    inside = (
        parts.scheme in ("", "http")
        and parts.netloc in ("", "testserver", "localhost:8000")
        and not plain.startswith("//")
    )
    return inside and location.isprintable()


def test_where_forms_lead(town: Town) -> None:
    """Nobody is sent elsewhere by a `next` that somebody else wrote."""
    bob, wrong = town.people["bob"], []
    entry = {"login": bob.email, "password": PASSWORD}
    asked = [
        ("nobody", reverse("account_login"), entry),
        ("nobody", reverse("accounts:look"), {"theme": "dark"}),
        ("bob", reverse("account_logout"), {}),
        ("bob", reverse("account_login"), {}),
        ("bob", reverse("account_reauthenticate"), {"password": PASSWORD}),
        ("dana", "/admin/login/", {}),
    ]
    walkers = {key: Walker(town, key) for key, _, _ in asked}
    for payload in PAYLOADS:
        for key, path, data in asked:
            for method in ("GET", "POST") if key == "nobody" else ("POST",):
                response = walkers[key].ask(method, path, data | {"next": payload})
                where = response.headers.get("Location", "/")
                if response.status_code >= 500 or not at_home(where):
                    wrong.append(f"{method} {path} as {key}, next={payload!r}: {response.status_code} {where!r}")
    assert len(PAYLOADS) >= 60
    assert not wrong, "\n".join(wrong)
