"""The words of each recommendation. On one page no sentence comes twice, and neither do the lines that the
cards of one category quote."""

from __future__ import annotations

import datetime as dt
import random
from typing import cast

from directory.models import Category
from referrals.models import Recommendation, Relationship, Wording
from referrals.models.recommendations import WORDS

from .listings import Listing
from .voices import SENTENCES, Voice
from .words import Trade, lines, relationship, say, trades, years

REWRITTEN = 20


class Writer:
    """Remembers what was said where."""

    def __init__(self, *, chance: random.Random, now: dt.datetime) -> None:
        self.chance, self.now = chance, now
        self.quoted: set[tuple[int, str, int]] = set()  # in which category, of which trade, which line

    def write(self, listing: Listing, voices: list[Voice]) -> None:
        """Find the words for everybody who speaks of this expert."""
        left = {voice.category.slug: self._shuffled() for voice in voices}
        answers = self.chance.sample(lines()["answers"], len(lines()["answers"]))
        for voice in voices:
            self._know(voice, trades()[voice.category.slug], left[voice.category.slug][0])
            self._tag(voice)
        featured: set[int] = set()  # the categories whose card already has its line
        for voice in sorted(voices, key=self._as_quoted):
            trade, (_, like, trust) = trades()[voice.category.slug], left[voice.category.slug]
            number = self._line(voice, like, featured)
            like.remove(number)
            voice.row.what_i_like = self._say(trade.like[number], voice)
            voice.row.why_i_trust = self._say(trade.trust[trust.pop()], voice)
            if voice.shown and self.chance.random() < 0.09:
                self._answer(voice, answers.pop())

    def _shuffled(self) -> list[list[int]]:
        return [self.chance.sample(range(SENTENCES), SENTENCES) for _ in range(3)]

    def _as_quoted(self, voice: Voice) -> tuple[bool, bool, float]:
        """The order in which a card takes its line: counted, accepted, newest."""
        newest = voice.row.confirmed_at or voice.row.signed_at
        return (not voice.counted(self.now), voice.row.accepted_at is None, -newest.timestamp())

    def _tag(self, voice: Voice) -> None:
        """One in three speaks of a second category of the expert's too."""
        others = [c for c in voice.listing.categories if c is not voice.category]
        if others and self.chance.random() < 0.35:
            voice.categories.append(self.chance.choice(others))

    def _line(self, voice: Voice, like: list[int], featured: set[int]) -> int:
        """A line that no other card shows wherever this one would be quoted."""
        slug = voice.category.slug
        cards: list[Category] = []
        if voice.counted(self.now):
            cards = [c for c in voice.categories if c.pk not in featured]
        number = next((n for n in like if all((c.pk, slug, n) not in self.quoted for c in cards)), None)
        if number is None and len(voice.categories) == 1:
            return like[0]
        if number is None:  # the second category has to do without this voice
            voice.categories = [voice.category]
            return self._line(voice, like, featured)
        featured |= {c.pk for c in cards}
        self.quoted |= {(c.pk, slug, number) for c in cards}
        return number

    def _know(self, voice: Voice, trade: Trade, left: list[int]) -> None:
        """How they know each other, and since when. Nobody speaks of a year that had not come when they signed."""
        row = voice.row
        number = next((n for n in left if max(years(trade.how[n]), default=0) < row.signed_at.year), left[0])
        left.remove(number)
        row.how_i_know = self._say(trade.how[number], voice)
        row.relationship = relationship(trade, number)
        row.same_company = voice.same_firm
        if row.relationship == Relationship.SEEN and not voice.carries and self.chance.random() < 0.08:
            row.relationship = Relationship.FRIEND
        row.since, row.until = self._period(trade.how[number], row.signed_at.year)

    def _say(self, sentence: str, voice: Voice) -> str:
        who = voice.listing.who
        return say(sentence, name=who.user.name, she=who.she)

    def _period(self, how: str, signed: int) -> tuple[int | None, int | None]:
        """The years named in the sentence; when it names none, sometimes some before the signature."""
        named = years(how)
        if len(named) > 1:
            return min(named), max(named)
        if named:
            return named[0], None if "since" in how.lower() else named[0]
        if self.chance.random() < 0.45:
            return None, None
        since = signed - self.chance.randint(0, 6)
        return since, None if self.chance.random() < 0.6 else min(signed, since + self.chance.randint(0, 2))

    def _answer(self, voice: Voice, line: str) -> None:
        printed = cast(dt.datetime, voice.row.printed_at)
        voice.row.answer = line.format(author=voice.author.user.first_name)
        voice.row.answered_at = printed + (self.now - printed) * self.chance.random() * 0.3


def write(*, chance: random.Random, now: dt.datetime, voices: list[Voice]) -> None:
    """Give all voices their words and store them, in the order in which they were signed."""
    writer = Writer(chance=chance, now=now)
    about: dict[int, list[Voice]] = {}
    for voice in voices:
        about.setdefault(voice.listing.expert.pk, []).append(voice)
    for some in about.values():
        writer.write(some[0].listing, some)
    Recommendation.objects.bulk_create((voice.row for voice in voices), batch_size=500)
    tag = Recommendation.categories.through
    tag.objects.bulk_create(
        (
            tag(recommendation_id=voice.row.pk, category_id=category.pk)
            for voice in voices
            for category in voice.categories
        ),
        batch_size=2000,
    )
    _remember_former_words(voices, chance)


def _remember_former_words(voices: list[Voice], chance: random.Random) -> None:
    """A few were written anew since; what they said before is kept."""
    printed = [voice for voice in voices if voice.shown and not voice.author.key]
    rows = []
    for voice in chance.sample(printed, REWRITTEN):
        former = {word: getattr(voice.row, word) for word in WORDS}
        former["why_i_trust"] = former["why_i_trust"].split(". ")[0].rstrip(".") + "."
        before = voice.row.signed_at - dt.timedelta(days=chance.uniform(1, 20))
        rows.append(Wording(recommendation=voice.row, signed_at=before, replaced_at=voice.row.signed_at, **former))
    Wording.objects.bulk_create(rows)
