"""Every address, by every role and every method."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from .rules import ADMIN_PREFIX, ALL_NAMES, BOOK, IN, METHODS, POLICY, ROLES, SIGN_IN, Row
from .town import Town, typed
from .walking import Walker, answer, changed, patterns, problem, state

pytestmark = pytest.mark.django_db


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
    walkers, wrong, forms, before = {}, {}, typed(town), state()
    for row in POLICY:
        key = row.players().get(role)
        if not key:
            continue
        walker = walkers.setdefault(key, Walker(town, key))
        for method in METHODS:
            path = town.address(row.name, row.thing)
            response = walker.ask(method, path, forms.get(row.name) if method == "POST" else None)
            if answer(response) not in expected(row, role, method):
                wrong[f"{method} {path} as {key}"] = f"{answer(response)}, {problem(response)}"
    assert wrong == {}
    assert changed(before, state()) == []
