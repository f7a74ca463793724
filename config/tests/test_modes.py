"""One SITE_URL decides how the book runs; a missing variable is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from config.tests.conftest import Manage

SHOW = """
import json
from django.conf import settings
names = ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME",
         "SESSION_COOKIE_PATH", "STATIC_URL", "EMAIL_BACKEND", "SECURE_HSTS_SECONDS", "SITE_URL", "SITE_ORIGIN",
         "SECRET_KEY", "FORCE_SCRIPT_NAME", "DEFAULT_FROM_EMAIL", "DATABASES", "DATABASE_OWNER")
print(json.dumps({name: getattr(settings, name) for name in names} | {"embedded": bool(settings.EMBEDDED)}))
"""
PUBLIC = {
    "SITE_URL": "https://book.example",
    "DATABASE_URL": "postgresql://app:p%40ss%2Fw%3Ard%25@db.example:5433/people",
    "DATABASE_OWNER_URL": "postgresql://owner:o@db.example:5433/people",
    "EMAIL_HOST": "mail.example",
}


def show(python: Manage, **variables: str) -> Any:
    done = python("-c", SHOW, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_local_mode_needs_nothing(python: Manage, place: Path) -> None:
    told = show(python, PORT="8011")
    assert told["SITE_URL"] == "http://localhost:8011"
    assert {"localhost", "127.0.0.1", "[::1]"} <= set(told["ALLOWED_HOSTS"])
    assert told["SESSION_COOKIE_NAME"] == "session"
    assert told["EMAIL_BACKEND"] == "config.mail.LocalBackend"
    assert told["embedded"]
    key = place / "var" / "secret-key"
    assert told["SECRET_KEY"] == key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert show(python)["SECRET_KEY"] == told["SECRET_KEY"]


def test_production_derives_everything(python: Manage) -> None:
    told = show(python, **PUBLIC)
    assert told["ALLOWED_HOSTS"] == ["book.example"]
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://book.example"]
    assert told["SESSION_COOKIE_NAME"] == "__Host-session"
    assert told["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert told["SESSION_COOKIE_SECURE"] is True
    assert told["SECURE_HSTS_SECONDS"] == 31536000
    assert told["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert told["DEFAULT_FROM_EMAIL"] == "Book of Experts <book@book.example>"
    assert not told["embedded"]
    assert told["DATABASES"]["default"]["PASSWORD"] == "p@ss/w:rd%"
    assert told["DATABASES"]["default"]["USER"] == "app"
    assert told["DATABASE_OWNER"]["USER"] == "owner"


def test_production_below_a_path(python: Manage) -> None:
    told = show(python, **PUBLIC | {"SITE_URL": "https://example.com/book/"})
    assert told["FORCE_SCRIPT_NAME"] == "/book"
    assert told["STATIC_URL"] == "/book/static/"
    assert told["SESSION_COOKIE_PATH"] == "/book/"
    assert told["SESSION_COOKIE_NAME"] == "__Secure-session"
    assert told["SITE_ORIGIN"] == "https://example.com"


@pytest.mark.parametrize("missing", ["DATABASE_URL", "EMAIL_HOST"])
def test_production_names_what_is_missing(python: Manage, missing: str) -> None:
    done = python("manage.py", "check", **{name: value for name, value in PUBLIC.items() if name != missing})
    assert done.returncode != 0
    message = done.stderr.strip().splitlines()[-1]
    assert missing in message
    assert ({"DATABASE_URL", "EMAIL_HOST"} - {missing}).pop() not in message


@pytest.mark.parametrize("address", ["book.example", "ftp://book.example", "https://", "https://book.example/?a=b"])
def test_site_url_that_is_none(python: Manage, address: str) -> None:
    done = python("manage.py", "check", **PUBLIC | {"SITE_URL": address})
    assert done.returncode != 0
    assert "SITE_URL must" in done.stderr


def test_secret_from_a_file(python: Manage, place: Path) -> None:
    (place / "key").write_text("from a file, fifty characters long or a little more")
    told = show(python, SECRET_KEY_FILE=str(place / "key"))
    assert told["SECRET_KEY"].startswith("from a file")
    assert not (place / "var" / "secret-key").exists()


def test_checks_of_production(python: Manage) -> None:
    command = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    good = python(*command, **PUBLIC)
    assert good.returncode == 0, good.stderr
    for name, value, code in (
        ("LIMITS_FACTOR", "2", "config.W003"),
        ("SITE_URL", "http://book.example", "config.W002"),
        ("DATABASE_OWNER_URL", PUBLIC["DATABASE_URL"], "config.W004"),
    ):
        warned = python(*command, **PUBLIC | {name: value})
        assert warned.returncode != 0
        assert code in warned.stderr


BELOW_A_PATH = """
import io
import django
django.setup()
from config.wsgi import application
from django.urls import reverse
def ask(path):
    told = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x", "SERVER_PORT": "80",
               "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "HTTP_HOST": "example.com"}
    application(environ, lambda status, headers: told.append(status))
    return told[0]
print(ask("/book/healthz/live"), ask("/healthz/live"), reverse("config:live"), sep="|")
"""


def test_proxy_may_keep_or_take_away_the_path(python: Manage) -> None:
    done = python("-c", BELOW_A_PATH, **PUBLIC | {"SITE_URL": "https://example.com/book"})
    assert done.stdout.strip() == "200 OK|200 OK|/book/healthz/live", done.stderr


DATABASE_AWAY = """
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
for path in ("/", "/healthz/ready", "/healthz/live"):
    answer = client.get(path)
    print(answer.status_code, answer.headers.get("Retry-After"), b"Traceback" in answer.content)
"""


def test_database_away(python: Manage) -> None:
    address = "postgresql://app:p@127.0.0.1:1/people"
    done = python("-c", DATABASE_AWAY, DATABASE_URL=address, DJANGO_SETTINGS_MODULE="config.test_settings")
    answers = [line for line in done.stdout.splitlines() if line.endswith(("True", "False"))]
    assert answers == ["503 10 False", "503 None False", "200 None False"], done.stderr
