"""What a word that is still being typed may become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from directory import facts
from directory.models import Category, SearchDocument

SHORTEST = 2  # characters
LONGEST = 60
AT_MOST = 8
CATEGORIES = 5


@dataclass(frozen=True)
class Suggestion:
    text: str
    link: str
    also: str = ""  # the other name by which it was found


def suggest(typed: str) -> list[Suggestion]:
    """Categories and experts with a word that begins like this, categories first."""
    prefix = facts.plain(" ".join(typed.split())[:LONGEST])
    if len(prefix) < SHORTEST:
        return []
    found = [*_categories(prefix)][:CATEGORIES]
    begins = Q(plain_name__startswith=prefix) | Q(plain_name__contains=f" {prefix}")
    documents = SearchDocument.objects.filter(begins).order_by("-score", "pk").select_related("expert__member")
    names = documents.only("name", "expert__member__handle")[: AT_MOST - len(found)]
    return found + [Suggestion(row.name, reverse("directory:expert", args=[row.expert.member.handle])) for row in names]


def _categories(prefix: str) -> Iterator[Suggestion]:
    """There are some sixty, so Python reads them all."""
    for category in Category.objects.current().in_order().defer("vector"):
        names = [name for name in (category.name, *category.aliases) if f" {prefix}" in f" {facts.plain(name)}"]
        if names:
            also = names[0] if names[0] != category.name else ""
            yield Suggestion(category.name, category.get_absolute_url(), also)
