"""Keyset pages: the next page begins after the last row of this one, so that every page costs the same and nobody is
seen twice. The key is whatever the rows are ordered by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import models
from django.db.models import Q

SIZE = 20
SALT = "directory.paging"

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Key:
    """One column of an order. Rows without a value, where there can be any, come last."""

    name: str
    descending: bool = False
    nullable: bool = False

    @classmethod
    def of(cls, term: Any) -> Key:
        """From what order_by() was given: "-score", or F("seen_at").desc(nulls_last=True)."""
        if isinstance(term, str):
            return cls(term.removeprefix("-"), descending=term.startswith("-"))
        return cls(term.expression.name, descending=term.descending, nullable=bool(term.nulls_last))

    def beyond(self, value: Any) -> Q:
        if value is None:
            return Q(pk__in=())
        further = Q((f"{self.name}__{'lt' if self.descending else 'gt'}", value))
        return further | Q((f"{self.name}__isnull", True)) if self.nullable else further

    def at(self, value: Any) -> Q:
        return Q((f"{self.name}__isnull", True)) if value is None else Q((self.name, value))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows in order, and the cursor of the page after them: empty when these are the last."""

    rows: list[Row]
    next: str
    is_first: bool

    @classmethod
    def of(cls, queryset: models.QuerySet[Row], cursor: str = "", *, size: int = SIZE) -> Page[Row]:
        """The page after `cursor` of a queryset whose order ends with a unique column.

        A cursor that we did not make, or made for another order, gives the first page."""
        keys = [Key.of(term) for term in queryset.query.order_by]
        values = decode(cursor, keys)
        if values is not None:
            queryset = queryset.filter(_after(keys, values))
        rows = list(queryset[: size + 1])
        more = len(rows) > size
        return cls(rows[:size], encode(rows[size - 1], keys) if more else "", values is None)


def _after(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Beyond in the first column, or level with it and beyond in those that follow. The first column's bound is said
    once more on its own, because that is what an index can seek to."""
    where = Q()
    for key, value in reversed(list(zip(keys, values, strict=True))):
        where = key.beyond(value) | (key.at(value) & where) if where else key.beyond(value)
    return (keys[0].beyond(values[0]) | keys[0].at(values[0])) & where


def encode(row: models.Model, keys: Sequence[Key]) -> str:
    values = [getattr(row, key.name) for key in keys]
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return signing.Signer(salt=SALT).sign_object([_names(keys), plain])


def decode(cursor: str, keys: Sequence[Key]) -> list[Any] | None:
    """The values at which a page ended; None for a cursor that was not made here for this order."""
    try:
        names, values = signing.Signer(salt=SALT).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return values if names == _names(keys) and len(values) == len(keys) else None


def _names(keys: Sequence[Key]) -> str:
    return " ".join(key.name for key in keys)
