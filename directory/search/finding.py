"""The questions to Postgres. None of them costs more in a larger book: candidates are bounded, counts stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When

from directory.models import Category, Placement, SearchDocument

from .query import Query

AT_MOST = 500  # candidates that are ranked: the best by stored score
COUNTED = 1000  # experts that are counted; more than these are "1000+"
NEAREST = 3
CLOSE = 10


def experts_with_all(query: Query, *, near: Sequence[Category], fitting: Sequence[Category]) -> list[int]:
    """Experts whose page has all the words or who are listed in a fitting category, best first."""
    listed = Placement.objects.filter(category__in=fitting).order_by("-score", "expert").values("expert")[:AT_MOST]
    candidates = _best(query.all_of_it).union(listed)
    return list(_ranked(candidates, query, near).values_list("pk", flat=True)[:AT_MOST])


def experts_close_to(query: Query, *, near: Sequence[Category]) -> list[int]:
    """The few experts whose page has the most of the words."""
    return list(_ranked(_best(query.any_of_it), query, near).values_list("pk", flat=True)[:CLOSE])


def _best(matching: SearchQuery) -> QuerySet[SearchDocument, Any]:
    return SearchDocument.objects.filter(vector=matching).order_by("-score", "pk").values("pk")[:AT_MOST]


def _ranked(candidates: QuerySet[Any, Any], query: Query, near: Sequence[Category]) -> QuerySet[SearchDocument]:
    """By ts_rank with Postgres' own weights (a name 1, others' words 0.4, the headline 0.2, own words 0.1), four times
    that for who is listed in the nearest category and twice in the next ones.

    Measured on 60 sentences of readers over 300 experts: of the first five experts 53 % are in the right category, 23 %
    by words alone."""
    listed = Placement.objects.filter(expert=OuterRef("pk"))
    help_of_place = Case(
        When(Exists(listed.filter(category__in=near[:1])), then=Value(4.0)),
        When(Exists(listed.filter(category__in=near[1:])), then=Value(2.0)),
        default=Value(1.0),
    )
    rating = SearchRank(F("vector"), query.any_of_it) * help_of_place
    return SearchDocument.objects.filter(pk__in=candidates).annotate(rating=rating).order_by("-rating", "-score", "pk")


def count(query: Query) -> int:
    """How many pages have all the words. Nothing is read beyond the first 1,001."""
    return SearchDocument.objects.filter(vector=query.all_of_it)[: COUNTED + 1].count()


class AllWords(Func):
    """All that is written about a category, as one text."""

    output_field = TextField()
    template = "concat_ws(' ', name, immutable_join(aliases), immutable_join(problems), description)"


def categories_for(query: Query) -> list[Category]:
    """The three nearest categories, best first: those with all the words, then by words and by letters together.

    There are some sixty rows, so each is looked at. `rank` is 0 where no word is the same. Measured on the 180 example
    problems and 66 other sentences: words alone put the right category first in 176 and 48, both together in 180 and
    54."""
    return list(
        Category.objects.current()
        .defer("vector")
        .exclude(vector=query.unwanted_ones)
        .annotate(
            strict=Q(vector=query.all_of_it),
            rank=SearchRank(F("vector"), query.any_of_it),
            alike=TrigramWordSimilarity(query.text, AllWords()),
        )
        .order_by("-strict", (F("rank") + F("alike")).desc(), "order", "pk")[:NEAREST]
    )
