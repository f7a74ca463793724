"""Why an expert was found: the sentence with the words, and whose sentence it is.

Postgres marks the words, because only it knows which forms count as the same. It marks them with two characters that
mean nothing; the text is cut at them here, and the template escapes each piece. So no markup is ever trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchHeadline
from django.db.models import JSONField

from directory.models import SearchDocument

from .query import CONFIG, Query

BEGIN, END = "\ue000", "\ue001"  # private use: whoever writes them into a text only marks own words
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
QUOTE = 220  # characters of a sentence that are shown
BEFORE = 80  # of these before the first marked word, where a sentence must be cut


@dataclass(frozen=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True)
class Card:
    """What a list of results shows of one expert. `said` is another's sentence, `own` the expert's."""

    document: SearchDocument
    name: list[Piece]
    headline: list[Piece]
    said: list[Piece] = field(default_factory=list)
    author: str = ""
    relation: str = ""
    own: list[Piece] = field(default_factory=list)


class MarkedText(SearchHeadline):
    """The whole text with the words of a query marked."""

    def __init__(self, expression: str, query: Query) -> None:
        super().__init__(expression, query.any_of_it, config=CONFIG, start_sel=BEGIN, stop_sel=END, highlight_all=True)


class MarkedLines(MarkedText):
    """The same for each text inside a JSON value."""

    output_field = JSONField()  # type: ignore[assignment]


def cards(experts: Sequence[int], query: Query) -> list[Card]:
    """The cards of these experts, in this order, from one query."""
    documents = (
        SearchDocument.objects.filter(pk__in=experts)
        .select_related("expert__member", "expert__place")
        .defer("vector", "others", "own_words", "headline", "name", "expert__own_words")
        .annotate(
            marked_name=MarkedText("name", query),
            marked_headline=MarkedText("headline", query),
            marked_own=MarkedText("own_words", query),
            marked_others=MarkedLines("others", query),
        )
        .in_bulk()
    )
    return [_card(documents[pk]) for pk in experts if pk in documents]


def _card(document: Any) -> Card:
    """Others' words come first: own ones are shown beside them only when they alone have what was asked for."""
    lines = [(sentence, line) for line in document.marked_others for sentence in SENTENCE_END.split(line["text"])]
    said, line = max(lines, key=lambda pair: worth(pair[0]), default=("", {"author": "", "relation": ""}))
    own = max(SENTENCE_END.split(document.marked_own), key=worth)
    return Card(
        document=document,
        name=pieces(document.marked_name),
        headline=pieces(document.marked_headline),
        said=pieces(shortened(said)),
        author=_plain(line["author"]),
        relation=_plain(line["relation"]),
        own=pieces(shortened(own)) if worth(own) > max(worth(said), worth(document.marked_headline)) else [],
    )


def worth(sentence: str) -> int:
    """How many different words are marked in it. Of equals max() takes the first, which is the newest."""
    return len({found.casefold() for found in MARKED.findall(sentence)})


def _plain(text: str) -> str:
    return text.replace(BEGIN, "").replace(END, "")


def shortened(sentence: str) -> str:
    """A long sentence cut at words, around the first marked one."""
    if len(sentence) <= QUOTE:
        return sentence
    start = max(sentence.find(BEGIN) - BEFORE, 0)
    start = sentence.find(" ", start) + 1 if start else 0
    part = sentence[start : start + QUOTE]
    if start + QUOTE < len(sentence):
        part = part.rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return ("…" if start else "") + part


def pieces(text: str) -> list[Piece]:
    """The text cut at its marks. Split with one group, so every second piece is marked."""
    parts = MARKED.split(text)
    return [Piece(_plain(part), bool(number % 2)) for number, part in enumerate(parts) if part]
