"""Every address, by every role and every method."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User

from .entries import typed
from .rules import ADMIN_PREFIX, ALL_NAMES, METHODS, POLICY, ROLES, SIGN_IN, Row
from .town import Town
from .walking import Walker, answer, changed, patterns, problem, state, undone

pytestmark = pytest.mark.django_db


# Methods that nothing here has are refused before anybody asks who it is, and HEAD is a GET: one role will do.
BY_EVERY_METHOD = ("visitor",)


def test_every_address_has_a_rule() -> None:
    names = {name for name, _ in patterns() if not name.startswith(ADMIN_PREFIX)}
    assert names == ALL_NAMES


def test_the_back_room_is_all_in_one_place() -> None:
    assert all(route.startswith("admin/") == name.startswith(ADMIN_PREFIX) for name, route in patterns())


def expected(row: Row, role: str, method: str) -> set[Any]:
    """A method that an address does not have is refused; those who are sent to the door anyway may be sent there."""
    if method not in METHODS[:3]:
        return {405}
    if method in row.methods:
        return {row.answers[role]}
    return {405, SIGN_IN} if row.answers[role] == SIGN_IN else {405}


@pytest.mark.parametrize("role", [*ROLES, "owner"])
def test_every_role_by_every_method(town: Town, role: str) -> None:
    forms, wrong = typed(town), []
    walkers = {row.players()[role]: Walker(town, row.players()[role]) for row in POLICY if role in row.players()}
    before = state()
    for row in (row for row in POLICY if role in row.players()):
        key, path = row.players()[role], town.address(row.name, row.thing)
        for method in METHODS if role in BY_EVERY_METHOD else ("GET", "POST"):
            response = walkers[key].ask(method, path, forms.get(row.name) if method == "POST" else None)
            if answer(response) not in expected(row, role, method):
                wrong.append(f"{method} {path} as {key}: {problem(response)}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, state()) == []


# Where it is nobody's business whether something is there.
OF_INTRODUCTIONS = ("introduction", "introduction_notes", "yes_introduction", "write_introduction", "note_introduction")
PRIVATE = [
    *(("directory:expert", key) for key in ("dora", "sam", "dee", "nora", "vera")),
    *(("directory:letters", key) for key in ("dora", "sam", "dee", "nora", "vera")),
    *(("referrals:recommend", key) for key in ("dora", "sam", "dee", "nora", "vera", "sue", "rita")),
    *((f"referrals:{name}", "dora") for name in ("proof", "keep_draft", "forget_draft", "sign")),
    *((f"referrals:{name}", "bob on alice") for name in ("signed", "withdraw", "still_true", "leave_out", "put_in")),
    *((f"referrals:{name}", "kim on alice") for name in ("accept", "hide", "show", "answer")),
    *((f"referrals:{name}", "introduction of kim and alice") for name in OF_INTRODUCTIONS),
    ("referrals:report_introduction", "message of alice to kim"),
    ("accounts:withdraw_invitation", "row of the open invitation"),
    ("referrals:bank_of", "bob"),
    ("referrals:ask_correction", "line of bob"),
    *(("referrals:book", key) for key in ("frank", "ina", "vera")),
    *(("directory:desk_expert", key) for key in ("alice", "dora")),
    ("directory:desk_submission", "sam"),
    ("directory:print_submission", "sam"),
    ("directory:end_pick", "pick of alice"),
    ("referrals:desk_recommendation", "ivan on alice"),
    *((f"referrals:{name}", "report of kim") for name in ("desk_report", "uphold_report")),
    *((f"referrals:{name}", "correction of alice") for name in ("desk_correction", "reverse_line")),
    ("referrals:desk_credit_line", "credit line of kim"),
    ("directory:desk_category", "podcasting"),
    ("directory:retire_question", "question of podcasting"),
]
MISSING = {"handle": "nobody-here", "slug": "nothing-here", "pk": 999_999_999, "touch": 999_999_999}
VARIES = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.mark.parametrize("role", ["visitor", "guest", "member"])
def test_what_is_private_is_answered_like_what_is_not_there(town: Town, role: str) -> None:
    walker, told = Walker(town, ROLES[role]), []
    for name, thing in PRIVATE:
        there, parts = town.address(name, thing), town.things[thing]
        missing = reverse(name, kwargs={part: MISSING[part] for part in parts})
        for method in ("GET", "POST"):
            one = neutral(walker.ask(method, there), parts)
            other = neutral(walker.ask(method, missing), MISSING)
            if one != other:
                told.append(f"{method} {there} as {role}")
    assert not told, "\n".join(told)


def neutral(response: Any, parts: dict[str, Any]) -> tuple[int, str, str]:
    """An answer without what was asked for."""
    asked = re.compile("|".join(f"/{value}/" for value in parts.values()))
    where, body = response.headers.get("Location", ""), response.body.decode()
    return response.status_code, asked.sub("/", where), VARIES.sub("", asked.sub("/", body))


def test_a_right_that_is_taken_away_ends_at_once(town: Town) -> None:
    with undone():
        dana, walker = town.people["dana"], Walker(town, "dana")
        assert walker.ask("GET", "/desk/").status_code == 200
        dana.groups.clear()
        assert walker.ask("GET", "/desk/").status_code == 403
        User.objects.filter(pk=dana.pk).update(is_active=False)
        assert answer(walker.ask("GET", "/settings/")) == SIGN_IN


# The back room.

STAFF = ("dana", "olga")


def back_room(town: Town) -> list[str]:
    """Every address of the admin, with a row that is there. Signing out is open to everybody."""
    tables = {model._meta.label_lower.replace(".", "_"): model for model in apps.get_models()}
    found = []
    for name, route in patterns():
        if name.startswith(ADMIN_PREFIX) and name not in ("admin:None", "admin:logout"):
            table = tables.get(name.removeprefix(ADMIN_PREFIX).rpartition("_")[0])
            row = table._default_manager.order_by("pk").first() if table else None
            values = {"object_id": row.pk if row else 1, "app_label": "directory", "content_type_id": 1}
            parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
            found.append(reverse(name, kwargs={part: values[part] for part in parts}))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_the_back_room_is_for_the_staff(town: Town, role: str) -> None:
    """What the staff may change there is tested beside each admin; here, that an empty form changes nothing."""
    walker, wrong, before = Walker(town, ROLES[role]), [], state()
    for path in back_room(town):
        for method in METHODS if role == "visitor" else ("GET", "POST"):
            response = walker.ask(method, path)
            good = turned_away(response) if ROLES[role] not in STAFF else response.status_code < 500
            if not good:
                wrong.append(f"{method} {path} as {role}: {problem(response)}")
    assert not wrong, "\n".join(wrong)
    assert changed(before, state()) == []


@pytest.mark.parametrize("key", STAFF)
def test_by_the_back_room_only_categories_change(town: Town, key: str) -> None:
    """All else is changed by the verbs of the models, at the desk."""
    request = RequestFactory().get("/admin/")
    request.user = town.people[key]
    rooms = admin.site._registry.items()
    rights = {
        f"{model._meta.label}: {right}"
        for model, room in rooms
        for right in ("add", "change", "delete")
        if getattr(room, f"has_{right}_permission")(request)
    }
    assert rights == {"directory.Category: change"}


def turned_away(response: Any) -> bool:
    """Refused, or sent to a door: the admin has one of its own, which leads to ours."""
    doors = tuple(f"{reverse(name)}?next=" for name in ("admin:login", "account_login"))
    return response.status_code in (403, 405) or response.headers.get("Location", "").startswith(doors)
