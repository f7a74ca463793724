"""Whom the curators picked besides: experts whose word about others counts, and a few newcomers."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from directory.models import Decision, Pick, State

from .listings import Listing
from .people import People
from .stories import texts
from .voices import Voice
from .words import say

NEWCOMERS = 5
FRIENDS = 8  # who recommend those that sign in
NEW = dt.timedelta(days=84)


def pick(
    *, chance: random.Random, now: dt.datetime, people: People, listings: list[Listing], voices: list[Voice]
) -> None:
    """What picked people say makes accounts established, so that the bank can book what is given to them."""
    picks, acts = [], []
    some = _choose(now=now, listings=listings, voices=voices)
    reasons = chance.sample(texts()["new_picks"], NEWCOMERS) + chance.sample(texts()["picks"], len(texts()["picks"]))
    for number, (listing, line) in enumerate(zip(some, reasons, strict=False)):
        curator = people.curators[number % 3].user
        at = max(listing.since, now - dt.timedelta(days=chance.randint(15, 300)))
        review = now + dt.timedelta(days=chance.randint(60, 300))
        reason = say(line, name=listing.who.user.name, she=listing.who.she)
        picks.append(
            Pick(
                curator=curator,
                expert=listing.expert,
                category=listing.categories[0],
                reason=reason,
                picked_on=at.date(),
                review_on=review.date(),
                group=Pick.objects.group_of(curator=curator, expert=listing.expert),
            )
        )
        acts.append(
            Decision(expert=listing.expert, by=curator, act="picked", before=State.LISTED, after=State.LISTED,
                     reason=reason, at=at)
        )  # fmt: skip
    Pick.objects.bulk_create(picks)
    Decision.objects.bulk_create(sorted(acts, key=lambda act: act.at))


def newcomers(*, now: dt.datetime, listings: list[Listing]) -> list[Listing]:
    """In print, and members for less than three months; those in print longest first."""
    able = [one for one in listings if one.expert.in_print and one.who.since > now - NEW]
    return sorted(able, key=lambda one: one.since)[:NEWCOMERS]


def _choose(*, now: dt.datetime, listings: list[Listing], voices: list[Voice]) -> list[Listing]:
    """A few newcomers, some who recommend Alice, Erin and Frank, and those who recommend most."""
    counted = [voice for voice in voices if voice.counted(now)]
    given = Counter(voice.author.user.pk for voice in counted)
    close = {voice.author.user.pk for voice in counted if voice.listing.who.key}
    picked = set(Pick.objects.values_list("expert", flat=True))
    able = [one for one in listings if one.expert.in_print and not one.who.key and one.expert.pk not in picked]
    able.sort(key=lambda one: -given[one.who.user.pk])
    new = [one for one in newcomers(now=now, listings=listings) if one in able]
    friends = [one for one in able if one.who.user.pk in close and one not in new][:FRIENDS]
    return [*new, *friends, *(one for one in able if one not in new and one not in friends)]
