"""The place of an expert in each list: written here and nowhere else, read by every list and search.

Today the score is the number of counted voices. Whatever replaces that formula replaces `_fill`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from directory.models import Category, Expert, Pick, Placement, SearchDocument, State
from directory.models.placements import shuffled

if TYPE_CHECKING:
    from referrals.models import Recommendation

QUOTE = 180  # characters of somebody's words that fit on a card
BACKERS = 2  # hand-picked people whose word makes somebody established
OTHERS_WORDS = 20_000  # characters that the search reads of what others say


def write(expert: Expert, categories: Iterable[int] = ()) -> None:
    """Write voices, score, terms and the quoted line of an expert's placements, and others' words for the search.

    `categories` are those the expert left or entered. The expert's row must be locked by the caller: it carries the
    count."""
    touched = set(categories)
    from referrals.models.deposits import post_waiting  # the models of recommendations import this module

    if expert.in_print:
        now = timezone.now()
        for recommendation in expert.recommendations.due(now).select_related("author", "expert__member"):
            recommendation.print()
        touched |= _write_placements(expert, now=now)
        post_waiting(expert)
    count_voices(touched)


def _write_placements(expert: Expert, *, now: dt.datetime) -> set[int]:
    counted = list(
        expert.recommendations.counted(now).newest_first().select_related("author").prefetch_related("categories")
    )
    placements = list(expert.placed_in.all())
    scores = [
        _fill(placement, [r for r in counted if placement.category_id in {c.pk for c in r.categories.all()}])
        for placement in placements
    ]
    document = SearchDocument.objects.filter(pk=expert.pk)
    document.update(others=_others(expert), score=max(scores, default=0.0))
    return {placement.category_id for placement in placements}


def _others(expert: Expert) -> list[dict[str, str]]:
    """What others say, an answer a line with who gave it, the newest first: what the search reads and quotes."""
    lines: list[dict[str, str]] = []
    room = OTHERS_WORDS
    for said in expert.recommendations.shown().newest_first().select_related("author")[:100]:
        who = {"author": said.author.name, "relation": said.relation}
        for text in (said.what_i_like, said.why_i_trust, said.how_i_know):
            room -= len(text)
            if room < 0:
                return lines
            lines.append({"text": " ".join(text.split()), **who})
    return lines


def _fill(placement: Placement, voices: list[Recommendation]) -> float:
    """Write one row; returns the score."""
    newest = max((r.printed_at for r in voices if r.printed_at), default=None)
    score = float(len(voices))
    text = "1 person recommends" if len(voices) == 1 else f"{len(voices)} people recommend"
    Placement.objects.filter(pk=placement.pk).update(
        voices=len(voices),
        score=score,
        terms=[{"text": text, "value": score}],
        newest_voice_at=newest,
        quote=_quote(voices),
    )
    return score


def _quote(voices: list[Recommendation]) -> dict[str, Any] | None:
    """The line a card shows: of those the expert has accepted the newest, else the newest."""
    chosen = next((r for r in voices if r.accepted_at), voices[0] if voices else None)
    if chosen is None:
        return None
    author = chosen.author
    return {
        "text": first_line(chosen.what_i_like),
        "author": author.name,
        "handle": author.handle,
        "relation": chosen.relation,
        "at": chosen.printed_at.isoformat() if chosen.printed_at else "",
    }


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


def established(people: Iterable[int]) -> set[int]:
    """Those of these experts (primary keys) whose account can pay: hand-picked by a curator, or recommended by two who
    are. Until everybody's standing is computed: this is the one place to replace."""
    from referrals.models import Recommendation  # which imports this module

    picked = Pick.objects.standing().filter(expert__state=State.LISTED)
    backers = Recommendation.objects.counted(timezone.now()).filter(author__in=picked.values("expert"))
    of_them = backers.filter(expert=OuterRef("pk")).values("expert").annotate(number=Count("pk"))
    can_pay = Exists(picked.filter(expert=OuterRef("pk"))) | Exists(of_them.filter(number__gte=BACKERS))
    return set(Expert.objects.filter(can_pay, pk__in=people).values_list("pk", flat=True))


def count_voices(categories: Iterable[int]) -> None:
    """Store how many people recommend somebody in each of these categories, locked in one order as in recount()."""
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


def shuffle_all() -> None:
    """The daily turn among equals, for every row of every list."""
    today = timezone.localdate()
    for expert in Placement.objects.order_by("expert").values_list("expert", flat=True).distinct().iterator():
        Placement.objects.filter(expert=expert).update(shuffle=shuffled(expert_pk=expert, day=today))
