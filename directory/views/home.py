"""The first page: a question, and the ways to an answer."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from directory import jsonld, waiting
from directory.models import Category, Placement, State
from directory.waiting import NextThing

A_WEEK = dt.timedelta(days=7)
PROBLEMS = 3
RECENT = 4
CANDIDATES = 40  # newest rows among which RECENT different people are looked for


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who would the people I trust call for this?"""
    categories = list(Category.objects.current().in_order().defer("vector"))
    context = {
        "categories": categories,
        "written": sum(1 for category in categories if category.experts_count),
        "problems": problems_of_the_day(categories, day=timezone.now().date()),
        "recent": recommended_this_week(timezone.now()),
        "curators": User.objects.curators().order_by("name"),
        "next": next_thing(request.user) if request.user.is_authenticated else None,
        "json_ld": jsonld.website(),
        "picture": jsonld.plate(),
    }
    return render(request, "directory/home.html", context)


def problems_of_the_day(categories: Sequence[Category], *, day: dt.date) -> list[str]:
    """Real problems of three categories: others every day (by the clock of UTC), the same for everybody."""
    dice = random.Random(day.toordinal())  # noqa: S311  no secret
    asked = [category for category in categories if category.problems]
    return [dice.choice(category.problems) for category in dice.sample(asked, min(PROBLEMS, len(asked)))]


def recommended_this_week(now: dt.datetime) -> list[Placement]:
    """The newest counted recommendations, one for each expert and one from each author."""
    since = now - A_WEEK
    newest = Placement.objects.for_cards().filter(newest_voice_at__gt=since, quote__at__gt=since.isoformat())
    chosen: dict[int, Placement] = {}
    authors: set[str] = set()
    for card in newest.order_by("-newest_voice_at", "pk")[:CANDIDATES]:
        author = card.quote["author"] if card.quote else ""
        if card.expert_id not in chosen and author not in authors:
            chosen[card.expert_id] = card
            authors.add(author)
    return list(chosen.values())[:RECENT]


def next_thing(user: Any) -> NextThing | None:
    """The one thing that waits for a member: what an app above knows of, words about them, a page of theirs, words they
    began."""
    if thing := waiting.next_thing(user):
        return thing
    expert = getattr(user, "expert", None)
    if expert and (unanswered := expert.recommendations.unanswered().select_related("author").first()):
        return NextThing(
            f"{unanswered.author.name} recommends you.", "Read it, then say yes or no", reverse("referrals:received")
        )
    if expert and expert.state == State.DRAFT:
        return NextThing("Your page is a draft.", "Finish it", reverse("directory:listing"))
    if draft := user.drafts.select_related("expert__member").order_by("-saved_at").first():
        return NextThing(f"You began to recommend {draft.name}.", "Finish it", draft.get_absolute_url())
    return None
