"""Guides in the results of a search: those that have all the words, and the sentence that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchRank
from django.db.models import F

from directory.models import Paper

from .excerpts import SENTENCE_END, MarkedText, Piece, pieces, shortened, worth
from .query import Query

AT_MOST = 200  # candidates that are ranked: the newest


@dataclass(frozen=True)
class GuideCard:
    """What a list of results shows of one guide. `said` is a sentence of its author's."""

    paper: Paper
    title: list[Piece]
    said: list[Piece]


def guides_with_all(query: Query) -> list[int]:
    """Guides in print that have all the words, by ts_rank with Postgres' own weights: the title 1, the quick answer
    0.4, the text 0.2."""
    newest = Paper.objects.in_print().filter(vector=query.all_of_it).newest_first().values("pk")[:AT_MOST]
    found = Paper.objects.filter(pk__in=newest).annotate(rating=SearchRank(F("vector"), query.any_of_it))
    return list(found.order_by("-rating", "-printed_at", "-pk").values_list("pk", flat=True))


def guide_cards(papers: Sequence[int], query: Query) -> list[GuideCard]:
    """The cards of these guides, in this order, from one query."""
    found = (
        Paper.objects.in_print()
        .filter(pk__in=papers)
        .for_lists()
        .defer("vector", "new_words", "title", "summary", "body", "author__own_words")
        .annotate(
            marked_title=MarkedText("title", query),
            marked_summary=MarkedText("summary", query),
            marked_body=MarkedText("body", query),
        )
        .in_bulk()
    )
    return [_card(found[pk]) for pk in papers if pk in found]


def _card(paper: Paper) -> GuideCard:
    """The quick answer, unless a sentence of the text has more of the words."""
    sentences = [paper.marked_summary, *SENTENCE_END.split(paper.marked_body)]  # type: ignore[attr-defined]
    title = pieces(paper.marked_title)  # type: ignore[attr-defined]
    return GuideCard(paper, title, pieces(shortened(max(sentences, key=worth))))
