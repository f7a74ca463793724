"""What holds for every request: readable input, headers, cache rules, pages for errors."""

import logging
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config.logs import NoAddresses
from config.middleware import proxies
from config.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.tests.urls")]

ODD = "application/x-www-form-urlencoded"


@pytest.fixture
def visitor() -> Client:
    """A client that sees the pages for errors."""
    return Client(raise_request_exception=False)


PAGES = [
    ("/test/echo/", 200),
    ("/test/nowhere/", 404),
    ("/test/button/", 405),
    ("/test/echo/?q=%00", 400),
    ("/test/broken/", 500),
    ("/test/slow/", 503),
    ("/test/closed/", 302),
    ("/healthz/live", 200),
    ("/sign-in/login/", 200),
    ("/admin/", 302),
]


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_headers_on_every_response(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(path)
    assert response.status_code == status
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "charset=utf-8" in response["Content-Type"]
    assert response["Cache-Control"]
    rules = dict(rule.split(" ", 1) for rule in response["Content-Security-Policy"].split("; "))
    nothing = ("default-src", "frame-ancestors", "base-uri", "object-src")
    own = ("script-src", "style-src", "img-src", "font-src", "connect-src", "manifest-src", "form-action")
    assert rules == dict.fromkeys(nothing, "'none'") | dict.fromkeys(own, "'self'")


@pytest.mark.parametrize(("path", "status"), [page for page in PAGES if page[1] >= 400])
def test_errors_are_pages_without_detail(visitor: Client, path: str, status: int) -> None:
    body = visitor.get(path).content.decode()
    assert "<h1>" in body
    assert "secret" not in body
    assert "Traceback" not in body


def test_slow_database_says_when_to_come_back(visitor: Client) -> None:
    assert visitor.get("/test/slow/")["Retry-After"] == "10"


def test_pages_of_visitors_may_be_kept_for_a_minute(client: Client) -> None:
    response = client.get("/test/echo/")
    assert response["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "HX-Request"} <= {part.strip() for part in response["Vary"].split(",")}
    assert not response.cookies


@pytest.mark.parametrize("path", ["/test/echo/", "/test/nowhere/", "/test/closed/"])
def test_pages_of_people_may_not(client: Client, settings: Settings, path: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "anything"
    assert client.get(path)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/test/echo/", "/sign-in/login/", "/test/nowhere/"])
def test_methods_that_nothing_here_has(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/test/echo/%00/", 400),
        ("/test/echo/a%00b/", 400),
        ("/test/echo/%E6%97%A5/", 200),
        ("/test/echo/?q=a%00b", 400),
        ("/test/echo/?%00=b", 400),
        ("/test/echo/?q=%ff", 400),
        ("/test/echo/?q=%ED%A0%80", 400),
        ("/test/echo/?q=%C3%A9", 200),
        ("/test/echo/?q=%2500", 200),
        ("/%00", 400),
        ("/static/%00", 400),
    ],
)
def test_bytes_in_the_address(client: Client, path: str, status: int) -> None:
    # Not by client.get: that decodes and encodes the address again.
    query = path.partition("?")[2]
    response = client.generic("GET", path.partition("?")[0], QUERY_STRING=query)
    assert response.status_code == status


@pytest.mark.parametrize("body", [b"q=a%00b", b"q=\0", b"q=%ff", b"q=\xff", b"%00=b", b"q=%ED%A0%80"])
def test_bytes_in_a_form(client: Client, body: bytes) -> None:
    assert client.post("/test/echo/", body, content_type=ODD).status_code == 400


def test_good_form(client: Client) -> None:
    assert client.post("/test/echo/", b"q=%C3%A9+%0D%0A", content_type=ODD).status_code == 200


@pytest.mark.parametrize(
    "part", [b'name="q"\r\n\r\na\0b', b'name="q\0"\r\n\r\na', b'name="f"; filename="a\0b"\r\n\r\na']
)
def test_bytes_in_a_form_with_files(client: Client, part: bytes) -> None:
    body = b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n--x--\r\n"
    response = client.post("/test/echo/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (400, 200 if b"filename" in part else 400)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "idna", "rot13", "nonsense"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_charsets(method: str, charset: str) -> None:
    # By the server's way in: what Django does with a charset comes before every middleware.
    told: list[str] = []
    request = RequestFactory().generic(method, "/test/echo/?q=+AAA-", b"q=+AAA-")
    environ = request.environ | {"CONTENT_TYPE": f"{ODD}; charset={charset}"}
    application(environ, lambda status, headers: told.append(status))
    assert told == ["400 Bad Request"]


def test_cookie_with_an_escaped_nul(client: Client, settings: Settings) -> None:
    cookie = settings.SESSION_COOKIE_NAME + '="' + r"\000" * 10 + '"'
    assert client.get("/sign-in/login/", headers={"cookie": cookie}).status_code == 400


def test_forged_host(client: Client) -> None:
    assert client.get("/test/echo/", headers={"host": "evil.example"}).status_code == 400


def test_more_than_we_take(client: Client, settings: Settings) -> None:
    much = b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert client.post("/test/echo/", much, content_type=ODD).status_code == 413
    length = str(settings.REQUEST_MAX_BYTES + 1)
    assert client.post("/test/echo/", {}, CONTENT_LENGTH=length).status_code == 413
    many = "&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert client.post("/test/echo/", many, content_type=ODD).status_code == 400


def test_form_without_token(caplog: pytest.LogCaptureFixture) -> None:
    response = Client(enforce_csrf_checks=True).post("/test/button/")
    assert response.status_code == 403
    assert "<h1>" in response.content.decode()
    assert "SITE_URL is http://localhost" in caplog.text


def test_cookies_are_out_of_reach_of_scripts(client: Client) -> None:
    for cookie in client.get("/sign-in/login/").cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert len(cookie.OutputString()) < 4096


def arrived(settings: Settings, trusted: list[str], forwarded: str, peer: str = "10.0.0.1") -> Any:
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=peer)
    return proxies(lambda request: request.META["REMOTE_ADDR"])(request)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ([], "1.2.3.4", "10.0.0.1"),
        (["10.0.0.1"], "1.2.3.4", "1.2.3.4"),
        (["10.0.0.1"], "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"),
        (["10.0.0.0/8"], "", "10.0.0.1"),
        (["192.168.0.0/16"], "1.2.3.4", "10.0.0.1"),
        (["2001:db8::/32"], "1.2.3.4", "10.0.0.1"),
    ],
)
def test_the_visitors_address(settings: Settings, trusted: list[str], forwarded: str, address: str) -> None:
    assert arrived(settings, trusted, forwarded) == address


def test_no_addresses_in_the_log() -> None:
    record = logging.LogRecord("book", 20, "", 1, "Letter to %s and <%s>", ("ada@example.test", "b.c@d.example"), None)
    assert NoAddresses().filter(record)
    assert record.getMessage() == "Letter to [address] and <[address]>"
