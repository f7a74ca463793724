"""Who was introduced to whom in the sample community, over two years: ever more, and to some experts far more than to
others."""

from __future__ import annotations

import bisect
import contextlib
import datetime as dt
import itertools
import random

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from accounts.models import Suppression, User
from accounts.names import plain
from referrals.models import Recommendation, Refusal
from referrals.models.stages import Route

from . import meetings
from .listings import Listing
from .meetings import Meeting
from .people import People, Register, Somebody
from .stories import Teller, Today, by_day
from .voices import Voice

NUMBER, DAYS = 1420, 730
ROUTES = {Route.DIRECT: 34, Route.RECOMMENDATION: 32, Route.MEMBER: 34}
CONNECTORS = 14  # members who introduce people all the time
AT_MOST = 12.0  # times as many as others


class Matchmaker:
    """Finds a prospect, an expert and a giver for a day. No prospect meets two of one firm."""

    def __init__(
        self, *, chance: random.Random, teller: Teller, people: People, listings: list[Listing], voices: list[Voice]
    ) -> None:
        self.chance, self.teller, self.people = chance, teller, people
        self.open = [one for one in listings if one.expert.in_print and not one.who.key]
        fame = [min(chance.paretovariate(1.2), AT_MOST) for _ in self.open]
        self.fame = list(itertools.accumulate(fame))
        self.said: dict[int, list[Voice]] = {}
        for voice in voices:
            if voice.shown and not voice.author.user.is_staff:
                self.said.setdefault(voice.listing.expert.pk, []).append(voice)
        self.members = [one for one in people.members if not one.key]
        self.joined = [one.since for one in self.members]
        self.connectors = chance.sample(self.members[40:600], CONNECTORS)
        self.register = Register(chance)
        everybody = (*people.members, *people.guests, *people.nominees)
        self.register.taken |= {slugify(plain(one.user.name)) for one in everybody}
        self.guests: list[Somebody] = []  # who came because of an expert
        self.met: dict[int, list[Listing]] = {}
        teller.instead = self.instead

    # Who.

    def expert(self, at: dt.datetime) -> Listing | None:
        """Somebody in print by then, the well-known more often."""
        for _ in range(50):
            one = self.chance.choices(self.open, cum_weights=self.fame)[0]
            if one.since < at - dt.timedelta(days=1):
                return one
        return None

    def may_meet(self, prospect: Somebody, listing: Listing) -> bool:
        theirs, firm = self.met.get(id(prospect), []), listing.who.user.organisation
        return (
            prospect is not listing.who
            and listing not in theirs
            and not (firm and firm in [prospect.user.organisation, *(one.who.user.organisation for one in theirs)])
            and id(prospect) not in self.teller.gone
        )

    def prospect(self, listing: Listing, *, at: dt.datetime) -> Somebody:
        """A member, somebody who asked before, or somebody new."""
        here = bisect.bisect(self.joined, at)
        for _ in range(4):
            kind = self.chance.choices(["member", "again", "new"], [38, 22, 40])[0]
            if kind == "new":
                break
            one = self.chance.choice(self.guests or self.members[:1]) if kind == "again" else (
                self.members[self.chance.randrange(max(here, 1))]
            )  # fmt: skip
            if self.may_meet(one, listing) and one.user.created_at < at:
                return one
        return self.guest(at=at)

    def guest(self, *, at: dt.datetime) -> Somebody:
        """Somebody who hears of the book on that day."""
        one = self.register.somebody()
        one.user.created_at = at
        self.guests.append(one)
        return one

    def voice(self, listing: Listing, prospect: Somebody, *, at: dt.datetime) -> Voice | None:
        """A recommendation that could be read by then."""
        said = self.said.get(listing.expert.pk, [])
        able = [one for one in said if one.row.printed_at and one.row.printed_at < at and one.author is not prospect]
        return self.chance.choice(able) if able else None

    def introducer(self, listing: Listing, prospect: Somebody, *, at: dt.datetime) -> Somebody | None:
        """One of those who bring people together, or somebody who recommends the expert."""
        able = [one for one in self.connectors if one.since < at]
        if self.chance.random() < 0.5 or not able:
            voice = self.voice(listing, prospect, at=at)
            return voice.author if voice else None
        one = self.chance.choice(able)
        return one if one not in (listing.who, prospect) else None

    def instead(self, meeting: Meeting, at: dt.datetime) -> Listing | None:
        """Somebody else of the same trade, whom the expert would rather send them to."""
        category = meeting.row.category
        able = [
            one
            for one in self.open
            if category in one.categories and one.since < at
            and self.may_meet(meeting.prospect, one)
        ]  # fmt: skip
        if not able:
            return None
        other = self.chance.choice(able)
        self.met[id(meeting.prospect)].append(other)
        return other

    # And how.

    def meet(self, prospect: Somebody, listing: Listing, *, at: dt.datetime, **how: object) -> Meeting:
        self.met.setdefault(id(prospect), []).append(listing)
        return self.teller.meet(prospect, listing, at=at, **how)  # type: ignore[arg-type]

    def make(self, listing: Listing, *, at: dt.datetime) -> None:
        """One more, by whichever way, and what becomes of it."""
        prospect = self.prospect(listing, at=at)
        route = self.chance.choices(list(ROUTES), list(ROUTES.values()))[0]
        voice = self.voice(listing, prospect, at=at) if route == Route.RECOMMENDATION else None
        giver = self.introducer(listing, prospect, at=at) if route == Route.MEMBER else None
        if voice:
            giver = voice.author
        elif giver is None:
            route = Route.DIRECT
        self.teller.tell(self.meet(prospect, listing, at=at, route=route, giver=giver, voice=voice))

    def crowd(self, listing: Listing, number: int, *, days: tuple[float, float]) -> None:
        """So many within so many days (most, least), each by another member and with a yes of both."""
        earliest = self.teller.now - dt.timedelta(days=days[0])
        able = [one for one in self.members if one.since < earliest and self.may_meet(one, listing)]
        givers = self.chance.sample(able, number)
        ages = sorted((self.chance.uniform(*days) for _ in range(number)), reverse=True)
        for giver, age in zip(givers, ages, strict=True):
            self.bring(giver, listing, at=by_day(self.teller.now - dt.timedelta(days=age)))

    def bring(self, giver: Somebody, listing: Listing, *, at: dt.datetime) -> None:
        """Somebody new whom both said yes to within two days."""
        prospect = self.guest(at=at)
        meeting = self.meet(prospect, listing, at=at, route=Route.MEMBER, giver=giver)
        for by in (prospect, listing.who):
            meeting.yes(by, at=by_day(meeting.at + dt.timedelta(days=self.chance.uniform(0.2, 0.9))))
        with contextlib.suppress(Today):
            self.teller.talk(meeting)
        self.teller.remind(meeting)


def arrange(matchmaker: Matchmaker) -> None:
    """Two years of it, ever more each month."""
    chance, now = matchmaker.chance, matchmaker.teller.now
    ages = sorted((DAYS * (1 - chance.random() ** 0.55) for _ in range(NUMBER)), reverse=True)
    for age in ages:
        at = min(by_day(now - dt.timedelta(days=age)), now - dt.timedelta(minutes=20))
        listing = matchmaker.expert(at)
        if listing:
            matchmaker.make(listing, at=at)


def save(matchmaker: Matchmaker) -> list[Meeting]:
    """Store the guests and all that happened, the oldest first."""
    guests = matchmaker.guests
    User.objects.bulk_create((one.user for one in guests), batch_size=500)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one.user, email=one.user.email, primary=True, verified=True) for one in guests
    )
    told = sorted(matchmaker.teller.meetings, key=lambda meeting: meeting.steps[0].at)
    meetings.save(told)
    _prove(told)
    for meeting in told:
        if any(refusal.kind == Refusal.Kind.TAKE_ME_OFF for refusal in meeting.refusals):
            Suppression.objects.add_address(meeting.prospect.user.email)
    return told


def _prove(told: list[Meeting]) -> None:
    """The recommendation behind what became business is proven."""
    rows: dict[int, Recommendation] = {}
    for meeting in told:
        row = meeting.voice.row if meeting.voice else None
        if row is None or not meeting.row.engaged_at or row.pk in rows or row.withdrawn_at or row.hidden_at:
            continue
        row.proven_by = meeting.row
        rows[row.pk] = row
    Recommendation.objects.bulk_update(rows.values(), ["proven_by"])
