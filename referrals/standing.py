"""The place of an expert in each list: written here and nowhere else, read by every list and search.

Today the score is the number of counted voices. Whatever replaces that formula replaces `_fill`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from directory.models import Category, Expert, Placement, SearchDocument

if TYPE_CHECKING:
    from referrals.models import Recommendation

QUOTE = 180  # characters of somebody's words that fit on a card
OTHERS_WORDS = 20_000  # characters that the search reads of what others say


def write(expert: Expert) -> None:
    """Write voices, score, terms and the quoted line of an expert's placements, and others' words for the search.

    The expert's row must be locked by the caller: it carries the count."""
    if not expert.in_print:
        return
    now = timezone.now()
    for recommendation in expert.recommendations.due(now).select_related("author", "expert__member"):
        recommendation.print()
    counted = list(
        expert.recommendations.counted(now).newest_first().select_related("author").prefetch_related("categories")
    )
    touched = []
    for placement in expert.placed_in.all():
        mine = [r for r in counted if placement.category_id in {c.pk for c in r.categories.all()}]
        _fill(placement, mine)
        touched.append(placement.category_id)
    words = "\n".join(
        "\n".join(answers)
        for answers in expert.recommendations.shown()
        .newest_first()
        .values_list("how_i_know", "what_i_like", "why_i_trust")[:100]
    )
    best = max((p.score for p in expert.placed_in.all()), default=0.0)
    SearchDocument.objects.filter(pk=expert.pk).update(others_words=words[:OTHERS_WORDS], score=best)
    count_voices(touched)


def _fill(placement: Placement, voices: list[Recommendation]) -> None:
    newest = max((r.printed_at for r in voices if r.printed_at), default=None)
    terms = [{"text": f"{len(voices)} people recommend" if len(voices) != 1 else "1 person recommends", "value": len(voices)}]
    Placement.objects.filter(pk=placement.pk).update(
        voices=len(voices), score=float(len(voices)), terms=terms, newest_voice_at=newest, quote=_quote(voices)
    )


def _quote(voices: list[Recommendation]) -> dict[str, Any] | None:
    """The line a card shows: of those the expert has accepted the newest, else the newest."""
    chosen = next((r for r in voices if r.accepted_at), voices[0] if voices else None)
    if chosen is None:
        return None
    author = chosen.author
    return {"text": first_line(chosen.what_i_like), "author": author.name, "handle": author.handle, "relation": chosen.relation}


def first_line(text: str) -> str:
    """As many whole sentences as fit on a card; one that is too long ends with an ellipsis at a word."""
    text = " ".join(text.split())
    if len(text) <= QUOTE:
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    kept = ""
    for sentence in sentences:
        if len(kept) + len(sentence) + 1 > QUOTE:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[: QUOTE - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def count_voices(categories: list[int]) -> None:
    """Store how many people recommend somebody in each of these categories. Locked first, in one order, as in recount()."""
    now = timezone.now()
    locked = Category.objects.filter(pk__in=categories).order_by("pk").select_for_update(no_key=True)
    for category in list(locked):
        number = (
            category.recommendations.counted(now)
            .filter(expert__placed_in__category=category)
            .values("author").distinct().count()
        )  # fmt: skip
        if number != category.voices_count:
            Category.objects.filter(pk=category.pk).update(voices_count=number)
