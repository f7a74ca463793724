"""Pages for the search to find: experts in print with words of their own and of others."""

from __future__ import annotations

import json
from typing import Any

from justhtml import JustHTML

from accounts.tests.factories import make_member
from directory.management.commands.load_categories import SHIPPED
from directory.models import Category, Expert, Part, SearchDocument, Word
from directory.tests.listings import make_listing

FIELDS = ("slug", "name", "description", "problems", "aliases")


def make_page(
    *, name: str, others: tuple[str, ...] = (), categories: list[Category] | None = None, score: float = 0, **words: Any
) -> Expert:
    """An expert in print; each sentence of others is by Daniel Reyes, a client."""
    words = {"headline": "Helps those who ask.", "own_words": "I listen first.", **words}
    expert = make_listing(member=make_member(name=name), categories=categories, **words)
    lines = [{"text": text, "author": "Daniel Reyes", "relation": "client since 2022"} for text in others]
    SearchDocument.objects.filter(pk=expert.pk).update(others=lines, score=score)
    return expert


def make_book() -> None:
    """The parts and categories the book ships with, in a few statements."""
    for order, part in enumerate(json.loads(SHIPPED.read_text())["groups"]):
        kept = Part.objects.create(slug=part["slug"], name=part["name"], description=part["description"], order=order)
        Category.objects.bulk_create(
            Category(part=kept, order=number, **{field: row[field] for field in FIELDS})
            for number, row in enumerate(part["categories"])
        )
    Word.objects.gather()


def words_of(node: JustHTML | Any) -> str:
    """The text of a page or of one of its elements, as a reader sees it."""
    return " ".join(node.to_text(separator="", strip=False).split())
