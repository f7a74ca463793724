"""One's own name and address, and the look of the pages."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import FormerHandle, User

from .factories import make_guest, make_member, signed_in

pytestmark = pytest.mark.django_db
YOU = {"name": "Ann Lee", "pronouns": "", "organisation": "", "time_zone": "UTC", "handle": "ann-lee"}


def test_what_one_changes_is_kept() -> None:
    ann = make_member(name="Ann Lee")
    form = {
        "name": "Ann  Lee-Marsh",
        "pronouns": "she/her",
        "organisation": "Vell Ltd",
        "time_zone": "Europe/Zurich",
        "handle": "Ann-Marsh",
    }
    answer = signed_in(ann).post("/settings/", form, follow=True)
    assert "Saved." in answer.content.decode()
    ann.refresh_from_db()
    assert (ann.name, ann.pronouns, ann.organisation) == ("Ann Lee-Marsh", "she/her", "Vell Ltd")
    assert (ann.time_zone, ann.handle, ann.organisation_key) == ("Europe/Zurich", "ann-marsh", "vell")
    assert FormerHandle.objects.get(handle="ann-lee").user == ann


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": " "}, "Write your name."),
        ({"name": "x" * 81}, "at most 80"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"handle": ""}, "Write a public address."),
        ({"handle": "ann lee!"}, "Use letters without accents, digits and hyphens."),
        ({"handle": "ben-lee"}, "Somebody else has this public address."),
        ({"handle": "ben"}, "Somebody else has this public address."),
    ],
)
def test_bad_input_is_named_and_kept(change: dict[str, str], message: str) -> None:
    ann, ben = make_member(name="Ann Lee"), make_member(name="Ben")
    ben.change_handle("ben-lee")
    page = signed_in(ann).post("/settings/", {**YOU, **change, "pronouns": "she/her"})
    assert page.status_code == 422
    assert message in page.content.decode()
    assert 'value="she/her"' in page.content.decode()
    fresh = User.objects.get(pk=ann.pk)
    assert (fresh.name, fresh.handle, fresh.pronouns) == ("Ann Lee", "ann-lee", "")


def test_only_the_fields_of_the_form_change() -> None:
    ann = make_member(name="Ann Lee")
    before = User.objects.filter(pk=ann.pk).values().get()
    grabbed = {field.name: "1" for field in User._meta.get_fields()} | YOU
    signed_in(ann).post("/settings/", grabbed)
    after = User.objects.filter(pk=ann.pk).values().get()
    assert {name for name in before if before[name] != after[name]} <= {"last_login"}


def test_a_guest_has_no_public_address() -> None:
    guest = make_guest(name="Gwen Adair")
    client = signed_in(guest)
    assert 'name="handle"' not in client.get("/settings/").content.decode()
    client.post("/settings/", {**YOU, "name": "Gwen", "handle": "gwen"})
    guest.refresh_from_db()
    assert (guest.name, guest.handle) == ("Gwen", None)


def test_a_visitor_signs_in_first() -> None:
    assert Client().get("/settings/")["Location"].startswith("/sign-in/")


def test_hours_are_the_reader_s_own() -> None:
    member = make_member(time_zone="Pacific/Kiritimati")
    assert "there now" in signed_in(member).get("/settings/").content.decode()


def test_everybody_chooses_the_look() -> None:
    client = Client()
    answer = client.post("/settings/look/", {"theme": "dark", "next": "/privacy/"})
    assert answer["Location"] == "/privacy/"
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    page = client.get("/settings/look/").content.decode()
    assert 'data-theme="dark"' in page
    assert re.search(r'value="dark"[^>]* checked', page)
    answer = client.post("/settings/look/", {"theme": "system"})
    assert answer.cookies["theme"].value == ""
    assert answer["Location"] == "/settings/look/"


@pytest.mark.parametrize("theme", ["", "neon", "dark\r\nSet-Cookie: a=b"])
def test_a_look_that_does_not_exist(theme: str) -> None:
    answer = Client().post("/settings/look/", {"theme": theme})
    assert answer.status_code == 422
    assert "theme" not in answer.cookies


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nX: y",
        "/\x15\r",
        "Ok\x15",
    ],
)
def test_the_look_page_leads_nowhere_else(elsewhere: str) -> None:
    answer = Client().post("/settings/look/", {"theme": "dark", "next": elsewhere})
    assert answer["Location"] == "/settings/look/"
    page: Any = Client().get("/settings/look/", {"next": elsewhere})
    assert 'name="next" value="/settings/look/"' in page.content.decode()
