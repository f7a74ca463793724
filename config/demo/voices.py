"""What the sample people say of each other: who wrote about whom and when, and what became of it."""

from __future__ import annotations

import bisect
import datetime as dt
import random
from dataclasses import dataclass, field
from typing import cast

from directory.models import Category, State
from referrals.models import Recommendation, Relationship
from referrals.models.questions import SEVEN_DAYS

from .listings import CROWDED, Listing
from .people import NAMED, People, Somebody
from .words import lines, say

SENTENCES = 14  # of each kind and trade: so many people can speak of one expert without repeating each other
AT_MOST = 20  # recommendations by one person
MUTUAL = 25
NEWCOMERS = 12  # the last members; the first thing they write is read by a curator
TO_BE_READ = 7
CURATORS_SAY = 3
NUMBERS = {
    State.LISTED: (range(2, 29), [5, 6, 7, 8, 9, 9, 9, 8, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]),
    State.SUBMITTED: (range(3, 7), [1, 1, 1, 1]),
    State.DRAFT: (range(1, 4), [2, 1, 1]),
    State.DECLINED: (range(1, 3), [1, 1]),
}
OUT_OF_PRINT = (range(2, 9), [1, 1, 2, 2, 1, 1, 1])


@dataclass(eq=False)
class Voice:
    author: Somebody
    listing: Listing
    category: Category  # whose sentences it uses
    row: Recommendation
    carries: bool = False  # the word that a page in print stands on
    categories: list[Category] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        row = self.row
        return bool(row.printed_at and not row.hidden_at and not row.withdrawn_at and self.listing.expert.in_print)

    def counted(self, now: dt.datetime) -> bool:
        """As Recommendation.objects.counted() asks the database."""
        row, since = self.row, self.author.user.counts_from
        private = row.same_company or row.relationship == Relationship.FRIEND
        return self.shown and since is not None and since <= now and not private and not self.same_firm

    @property
    def same_firm(self) -> bool:
        mine, theirs = self.author.user.organisation, self.listing.who.user.organisation
        return bool(mine) and mine == theirs


class Chorus:
    """Collects voices: nobody speaks twice of one expert, or twice in one trade, or more often than allowed."""

    def __init__(self, *, chance: random.Random, now: dt.datetime, people: People) -> None:
        self.chance, self.now, self.people = chance, now, people
        self.speakers = people.members[:-NEWCOMERS]
        self.joined = [m.since for m in self.speakers]
        self.voices: list[Voice] = []
        self.said: set[tuple[int, int | str]] = set()
        self.number: dict[int, int] = {}
        self.used: dict[tuple[int, str], int] = {}

    def add(
        self, listing: Listing, category: Category, *, at: dt.datetime, author: Somebody | None = None
    ) -> Voice | None:
        """None when nobody is left to say it."""
        about = listing.expert.pk
        author = author or self._anybody(listing, category, at=at)
        if author is None or self.used.get((about, category.slug), 0) == SENTENCES:
            return None
        if not self._may(author, listing, category):
            return None
        me = author.user.pk
        self.said |= {(me, about), (me, category.slug)}
        self.number[me] = self.number.get(me, 0) + 1
        self.used[about, category.slug] = self.used.get((about, category.slug), 0) + 1
        row = Recommendation(author=author.user, expert=listing.expert, signed_at=at)
        if not listing.who.user.is_member:
            row.nominated_as, row.nominated_email = listing.who.user.name, listing.who.user.email
        voice = Voice(author, listing, category, row, categories=[category])
        self.voices.append(voice)
        return voice

    def _may(self, author: Somebody, listing: Listing, category: Category) -> bool:
        me, about = author.user.pk, listing.expert.pk
        return (
            me != about
            and author is not listing.decider
            and (me, about) not in self.said
            and (me, category.slug) not in self.said
            and self.number.get(me, 0) < AT_MOST
        )

    def _anybody(self, listing: Listing, category: Category, *, at: dt.datetime) -> Somebody | None:
        """Somebody who was here by then; the generous more often."""
        here = bisect.bisect(self.joined, at - dt.timedelta(hours=2))
        for _ in range(400 if here else 0):
            one = self.speakers[self.chance.randrange(here)]
            tired = one.user.is_staff and self.number.get(one.user.pk, 0) == CURATORS_SAY
            willing = one.key not in NAMED and self.chance.random() < one.generosity
            if willing and not tired and self._may(one, listing, category):
                return one
        return None

    def speak_of(self, listing: Listing) -> None:
        """Give one listing its voices, between its nomination and now, or the day it left."""
        number = self._how_many(listing)
        until = (listing.left_at or self.now) - dt.timedelta(hours=3)
        span = until - listing.nominated_at
        for count in range(number):
            at = listing.nominated_at + (span * self.chance.random() ** 0.8 if count else dt.timedelta(0))
            category = listing.categories[0]
            if count and len(listing.categories) > 1 and (count > 9 or self.chance.random() < 0.25):
                category = self.chance.choice(listing.categories[1:])
                if category.slug == CROWDED:  # its own sentences would not do for so many
                    category = listing.categories[0]
            first = listing.nominator if not count else None
            self.add(listing, category, at=at, author=first if first and first.key not in NAMED else None)

    def _how_many(self, listing: Listing) -> int:
        state = listing.expert.state
        if state == State.DECLINED and not listing.accepted_at:  # a nominee's no erases what was written
            return 0
        if listing.thin or state == State.INVITED or (state == State.NOMINATED and listing.nominator):
            return 1
        if listing.who.key:
            return 12
        numbers, weights = NUMBERS.get(State(state), OUT_OF_PRINT if listing.left_at else (range(1), [1]))
        return self.chance.choices(numbers, weights)[0]


def gather(*, chance: random.Random, now: dt.datetime, people: People, listings: list[Listing]) -> list[Voice]:
    """All voices with their fates, the oldest first. Their words come next."""
    chorus = Chorus(chance=chance, now=now, people=people)
    _by_name(chorus, listings)
    _mutual(chorus, listings)
    for listing in listings:
        chorus.speak_of(listing)
    firsts = _firsts(chorus, listings)
    voices = sorted(chorus.voices, key=lambda voice: voice.row.signed_at)
    _read(voices, people, chance, firsts)
    for voice in voices:
        _tell(voice, chance, now)
    for listing in listings:
        if listing.expert.in_print:
            _carry(listing, [voice for voice in voices if voice.listing is listing], now)
    for voice in voices:
        _afterwards(voice, chance, now)
    return voices


def _by_name(chorus: Chorus, listings: list[Listing]) -> None:
    """bob recommends alice and a few more; alice and erin recommend others, alice and one of them each other."""
    people, now = chorus.people, chorus.now
    at = {one.who.key: one for one in listings if one.who.key}
    bob, alice, erin = people.named("bob"), people.named("alice"), people.named("erin")
    chorus.add(at["alice"], at["alice"].categories[0], at=now - dt.timedelta(days=300), author=bob)
    others = [one for one in listings if one.listed_at and not one.left_at and not one.who.key]
    for author, number in ((bob, 4), (alice, 6), (erin, 3)):
        for listing in chorus.chance.sample(others, number):
            start = max(listing.nominated_at, author.since)
            chorus.add(listing, listing.categories[0], at=start + (now - start) * 0.7, author=author)
    friend = min((v.listing for v in chorus.voices if v.author is alice), key=lambda one: one.who.since)
    chorus.add(at["alice"], at["alice"].categories[0], at=now - dt.timedelta(days=90), author=friend.who)


def _mutual(chorus: Chorus, listings: list[Listing]) -> None:
    """Pairs who recommend each other, and three in a ring."""
    old = chorus.now - dt.timedelta(days=100)
    known = [one for one in listings if one.expert.in_print and one.nominated_at < old and not one.who.key]
    some = chorus.chance.sample(known, MUTUAL * 2 + 3)
    rings = [some[:3], *(some[n : n + 2] for n in range(3, len(some), 2))]
    for ring in rings:
        for giver, taker in zip(ring, ring[1:] + ring[:1], strict=True):
            start = max(taker.nominated_at, giver.who.since)
            at = start + (chorus.now - start) * chorus.chance.uniform(0.2, 0.9)
            chorus.add(taker, taker.categories[0], at=at, author=giver.who)


def _firsts(chorus: Chorus, listings: list[Listing]) -> list[Voice]:
    """What people wrote who never wrote before: on the desk, and two sent back with a question."""
    chance, now = chorus.chance, chorus.now
    in_print = [one for one in listings if one.expert.in_print and not one.who.key]
    shy = [m for m in chorus.speakers if m.user.pk not in chorus.number and m.key not in NAMED]
    authors = chance.sample(shy, TO_BE_READ + len(lines()["sent_back_notes"]))
    firsts = []
    for author, listing in zip(authors, chance.sample(in_print, len(authors)), strict=True):
        at = now - dt.timedelta(days=chance.uniform(0.1, 3))
        firsts.append(chorus.add(listing, listing.categories[0], at=at, author=author))
    for note, voice in zip(lines()["sent_back_notes"], filter(None, firsts), strict=False):
        voice.row.sent_back_at = voice.row.signed_at + dt.timedelta(hours=2)
        voice.row.sent_back_note = say(note, name=voice.listing.who.user.name, she=voice.listing.who.she)
    unread = [v for v in chorus.voices if v.listing.expert.state == State.NOMINATED]
    return [*filter(None, firsts), *unread]


def _read(voices: list[Voice], people: People, chance: random.Random, unread: list[Voice]) -> None:
    """An author's first words are read by a curator before they go on; later ones go on at once."""
    first: dict[int, Recommendation] = {}
    for voice in voices:
        row, author = voice.row, voice.author
        start = first.setdefault(author.user.pk, row)
        if voice in unread:
            continue
        if start is row and not author.user.is_staff:
            row.read_by = chance.choice(people.curators).user
            row.read_at = row.signed_at + dt.timedelta(hours=chance.uniform(0.5, 2))
        else:
            row.read_at = max(row.signed_at, start.read_at or row.signed_at)


def _tell(voice: Voice, chance: random.Random, now: dt.datetime) -> None:
    """The subject hears of it, and accepts, is silent for seven days, or does not show it."""
    row, listing = voice.row, voice.listing
    if row.read_at is None or listing.accepted_at is None:
        return
    row.told_at = max(row.read_at, listing.accepted_at)
    said, answered_at = chance.random(), row.told_at + dt.timedelta(days=chance.uniform(0.05, 6.5))
    if answered_at <= now and said < 0.62:
        row.accepted_at = answered_at
    elif answered_at <= now and said > 0.975:
        row.hidden_at = answered_at
    _print(voice, now)


def _print(voice: Voice, now: dt.datetime) -> None:
    row, listing = voice.row, voice.listing
    if listing.listed_at is None or row.hidden_at or row.told_at is None:
        return
    silence = SEVEN_DAYS if row.accepted_at is None else dt.timedelta(0)
    printed = max(row.accepted_at or row.told_at + silence, listing.listed_at + silence)
    if printed <= (listing.left_at or now):
        row.printed_at = printed


def _carry(listing: Listing, voices: list[Voice], now: dt.datetime) -> None:
    """Somebody's accepted word has carried this page into print: alice's is bob's."""
    able = [v for v in voices if v.row.told_at and (v.author.user.counts_from or now) < now and not v.same_firm]
    carrier = min(able, key=lambda v: v.author.key != "bob")
    row = carrier.row
    carrier.carries, row.hidden_at = True, None
    row.accepted_at = row.accepted_at or min(cast(dt.datetime, row.told_at) + dt.timedelta(days=1), now)
    _print(carrier, now)


def _afterwards(voice: Voice, chance: random.Random, now: dt.datetime) -> None:
    """Years later: still true, taken back, left out of one's own book, or shown no more."""
    row = voice.row
    if row.printed_at is None or voice.author.key:
        return
    said, since = chance.random(), now - row.printed_at
    if row.accepted_at is None and said < 0.05:
        row.withdrawn_at = row.printed_at + since * chance.random()
    elif row.accepted_at is None and said < 0.11:
        row.hidden_at = row.printed_at + since * chance.random()
    elif since > dt.timedelta(days=380) and said > 0.5:
        row.confirmed_at = row.signed_at + dt.timedelta(days=365) + (since - dt.timedelta(days=370)) * chance.random()
    row.in_book = said < 0.96
    row.paid = 0.93 < said < 0.945
