"""Many experts in print at once, written as rows: for tests of lists, where the acts that led there do not matter."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.models import User
from directory.facts import plain
from directory.models import Category, Expert, ExpertCategory, Place, Placement, State
from directory.models.placements import shuffled

numbers = itertools.count(1)
CHICAGO = {"id": 4887398, "name": "Chicago", "country": "United States", "latitude": 41.85003, "longitude": -87.65005}
EVANSTON = {"id": 4891382, "name": "Evanston", "country": "United States", "latitude": 42.04114, "longitude": -87.69006}
PORTO = {"id": 2735943, "name": "Porto", "country": "Portugal", "latitude": 41.14961, "longitude": -8.61099}


def make_place(city: dict[str, Any]) -> Place:
    return Place.objects.get_or_create(id=city["id"], defaults=city)[0]


def make_shelf(
    category: Category,
    number: int = 1,
    *,
    voices: Callable[[int], int] = lambda turn: turn % 4,
    said_days_ago: Callable[[int], float | None] = lambda turn: 30 + turn,
    **facts: Any,
) -> list[Expert]:
    """So many experts in print in a category. A fact may be a function of the expert's turn."""
    today, now = timezone.localdate(), timezone.now()
    people, experts, chosen, placements = [], [], [], []
    for _ in range(number):
        n = next(numbers)
        people.append(
            User(
                email=f"shelf{n}@example.test",
                name=f"Person {n:04}",
                handle=f"shelf-{n}",
                member_since=now,
                counts_from=now,
            )
        )
    User.objects.bulk_create(people)
    for turn, person in enumerate(people):
        own = {name: value(turn) if callable(value) else value for name, value in facts.items()}
        own = {"headline": f"Helps people who need number {person.pk}.", "confirmed_at": now, **own}
        expert = Expert(member=person, state=State.LISTED, listed_at=now, **own)
        score, days = voices(turn), said_days_ago(turn)
        said_at = now - dt.timedelta(days=days) if score and days is not None else None
        quote = {
            "text": f"A sentence about {person.name}.",
            "author": f"Author {person.pk}",
            "handle": "",
            "relation": "client since 2022",
            "at": said_at.isoformat() if said_at else "",
        }
        experts.append(expert)
        chosen.append(ExpertCategory(expert=expert, category=category))
        placements.append(
            Placement(
                expert=expert,
                category=category,
                sort_name=plain(person.name),
                score=score,
                voices=score,
                terms=[{"text": f"{score} people recommend", "value": score}],
                newest_voice_at=said_at,
                quote=quote if score else None,
                shuffle=shuffled(expert_pk=person.pk, day=today) % 5,  # many ties
            )
        )
    Expert.objects.bulk_create(experts)
    ExpertCategory.objects.bulk_create(chosen)
    Placement.objects.bulk_create(placements)
    category.experts_count += number
    category.voices_count += sum(placement.voices for placement in placements)
    category.save(update_fields=["experts_count", "voices_count"])
    return experts
