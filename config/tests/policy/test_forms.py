"""A form changes what its fields say, and nothing else that a browser may send along."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from pytest_django import Settings

from referrals.forms.words import FIELDS, LISTS

from .entries import typed
from .rules import BOOK, Row
from .town import Town
from .walking import PASSING, Walker, undone

pytestmark = pytest.mark.django_db
# What differs between two equal requests: moments, and what is drawn by lot.
VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:[+-]\d\d:?\d\d)?|\d{10}\.\d{6}"
    r"|[B-Z]{4}-[B-Z]{4}|\"password\":\"[^\"]*\""
)
EXTRA = "assigned by the way"
# A draft keeps what was typed in any field of the questions, whichever of the two forms has it, for its author alone.
KEPT_IN_DRAFTS = {"referrals:recommend", "referrals:keep_draft", "referrals:nominate", "referrals:keep_nomination"}


def everything_we_keep(town: Town) -> dict[str, str]:
    """A value for every field of every model, such as somebody would send who hopes that one of them is taken."""
    values: dict[str, str] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                values[field.name] = values[field.attname] = value_for(field, town)
    return values


def value_for(field: Any, town: Town) -> str:
    if field.is_relation:
        return str(town.people["dana"].pk)
    if field.choices:
        return str(field.flatchoices[-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField | models.DateField):
        return "2001-02-03"
    return "7" if isinstance(field, models.IntegerField | models.FloatField) else EXTRA


def numbers() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        return list(cursor.fetchall())


def kept_after(walker: Walker, path: str, data: dict[str, Any], start: list[tuple[str, int]]) -> dict[str, list[str]]:
    """All rows of all tables after a form was sent. New rows get the same numbers each time."""
    with undone(), connection.cursor() as cursor:
        for name, number in start:
            cursor.execute("SELECT setval(%s, %s)", [name, number])
        walker.stay("POST", path, data)
        rows = {}
        for table in connection.introspection.table_names():
            if table not in PASSING:
                cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t ORDER BY 1')
                rows[table] = sorted(VARIES.sub("", row) for (row,) in cursor.fetchall())
        return rows


def forms_of_the_book() -> list[Row]:
    return [row for row in BOOK if "POST" in row.methods and row.actor()]


def test_only_the_fields_of_a_form_are_taken(town: Town, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # everything at once is more than anybody may send
    forms, extra, start, wrong, taken = typed(town), everything_we_keep(town), numbers(), [], 0
    with undone():
        for row in forms_of_the_book():
            walker, path, data = Walker(town, row.actor()), town.address(row.name, row.thing), forms.get(row.name, {})
            before = kept_after(walker, "/nowhere/", {}, start)
            plain = kept_after(walker, path, data, start)
            own = (*FIELDS, *LISTS) if row.name in KEPT_IN_DRAFTS else ()
            laden = kept_after(walker, path, {k: v for k, v in extra.items() if k not in own} | data, start)
            taken += plain != before
            for table in plain:
                if plain[table] != laden[table]:
                    new = sorted(set(laden[table]) - set(plain[table]))
                    wrong.append(f"{path} as {row.actor()}: {table} {new}")
    assert not wrong, "\n".join(wrong)
    assert taken > 30  # or these were no forms that anything could be smuggled into
