"""Experts and recommendations for tests: plain functions, keyword-only, made by the verbs of the models."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_member
from directory.models import Category, Expert, Part
from referrals.models import Recommendation

numbers = itertools.count(1)
WORDS: dict[str, Any] = {
    "relationship": "client",
    "since": 2022,
    "until": None,
    "how_i_know": "She rebuilt our offer with us in the spring of 2022.",
    "what_i_like": "She is blunt and kind in the same sentence, every time.",
    "why_i_trust": "She told me to keep my old price because I had promised it.",
    "paid": False,
    "same_company": False,
}


def a_curator() -> User:
    return User.objects.curators().first() or make_curator(name="Curator of the tests")


def make_category(*, slug: str = "sales") -> Category:
    part, _ = Part.objects.get_or_create(slug="sales", defaults={"name": "Sales", "description": "Selling well."})
    fields = {
        "part": part,
        "name": slug.replace("-", " ").capitalize(),
        "description": "They go quiet after the offer.",
    }
    return Category.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_expert(
    *, name: str = "", categories: tuple[str, ...] = ("sales",), in_print: bool = True, days: int = 30, **fields: Any
) -> Expert:
    """A member with a listing, in print for so many days, or a draft."""
    member = make_member(name=name or f"Expert {next(numbers)}", **fields)
    expert = Expert.objects.nominate(person=member, by=None)
    expert.choose([make_category(slug=slug) for slug in categories])
    expert.invite(by=None)
    expert.accept()
    Expert.objects.filter(pk=expert.pk).update(
        headline="Helps founders who lose the offer.", own_words="I sit beside you."
    )
    expert.refresh_from_db()
    if in_print:
        expert.submit()
        expert.put_in_print(by=a_curator(), reason="Known for her work.")
        Expert.objects.filter(pk=expert.pk).update(listed_at=timezone.now() - dt.timedelta(days=days))
    return Expert.objects.with_member().get(pk=expert.pk)


def sign(*, author: User, expert: Expert, slugs: tuple[str, ...] = ("sales",), **words: Any) -> Recommendation:
    categories = [make_category(slug=slug) for slug in slugs]
    return Recommendation.objects.sign(author=author, expert=expert, categories=categories, **{**WORDS, **words})


def make_recommendation(
    *, author: User | None = None, expert: Expert | None = None, printed: bool = True, read: bool = True, **words: Any
) -> Recommendation:
    """Signed and read; with `printed`, accepted by its subject as well."""
    recommendation = sign(author=author or make_member(), expert=expert or make_expert(), **words)
    if read and not recommendation.read_at:
        recommendation.read(by=a_curator())
    if printed:
        recommendation.accept()
    recommendation.refresh_from_db()
    return recommendation


def passed(recommendation: Recommendation, *, days: int) -> None:
    """Let so many days pass since the subject was told."""
    told = timezone.now() - dt.timedelta(days=days)
    Recommendation.objects.filter(pk=recommendation.pk).update(told_at=told)
    recommendation.refresh_from_db()


def typed(**changes: Any) -> dict[str, Any]:
    """What a member types on the form about an expert for sales."""
    answers = {name: WORDS[name] for name in ("relationship", "since", "how_i_know", "what_i_like", "why_i_trust")}
    return {**answers, "until": "", "categories": [str(make_category().pk)], **changes}
