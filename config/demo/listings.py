"""The sample listings, one in every state a listing can be in, and the acts that led there."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import cast

from directory import facts
from directory.models import Category, Decision, Expert, ExpertCategory, Revision, State

from .people import People, Somebody
from .words import Trade, lines, say, trades

NUMBERS = {
    State.LISTED: 290,
    State.RESTING: 6,
    State.RETIRED: 4,
    State.SUSPENDED: 2,
    State.SUBMITTED: 8,
    State.DRAFT: 10,
    State.DECLINED: 2,  # two more are declined by the nominees themselves
}
NOMINEES = {State.NOMINATED: 8, State.INVITED: 6, State.DECLINED: 2}
SLOTS = 6  # as many own words as each trade has: no two pages share them
AT_LEAST = 3  # experts in print in each category
IN_NAMED_CATEGORY = {"alice": "podcasting", "erin": "podcasting", "frank": "accounting-and-bookkeeping"}
CROWDED, A_CROWD, ENOUGH = "business-coaching", 22, 9
NEW = 6  # listings of the last days
IMPORTED = 3  # nominees who came from a file
THIN = 3  # submissions that a curator should look at twice


@dataclass(eq=False)
class Listing:
    who: Somebody
    expert: Expert
    categories: list[Category]
    decider: Somebody
    nominated_at: dt.datetime
    nominator: Somebody | None
    accepted_at: dt.datetime | None = None
    listed_at: dt.datetime | None = None
    left_at: dt.datetime | None = None  # out of print since
    acts: list[Decision] = field(default_factory=list)
    thin: bool = False

    @property
    def trade(self) -> Trade:
        return trades()[self.categories[0].slug]

    @property
    def since(self) -> dt.datetime:
        """The day it went in print. Of those that did."""
        return cast(dt.datetime, self.listed_at)

    def act(self, name: str, *, by: Somebody | None, at: dt.datetime, after: str, reason: str = "") -> None:
        before = self.expert.state if self.acts else ""
        self.acts.append(
            Decision(
                expert=self.expert,
                by=by.user if by else None,
                act=name,
                before=before,
                after=after,
                at=at,
                reason=say(reason, name=self.who.user.name, she=self.who.she),
            )
        )
        self.expert.state, self.expert.moved_at = after, at


class Printer:
    """Writes the pages: no two of them with the same own words."""

    def __init__(self, *, chance: random.Random, now: dt.datetime, people: People) -> None:
        self.chance, self.now, self.people = chance, now, people
        self.categories = {c.slug: c for c in Category.objects.current().order_by("slug")}
        related = Category.related.through.objects.order_by("to_category__slug")
        self.related: dict[str, list[str]] = {}
        for one, other in related.values_list("from_category__slug", "to_category__slug"):
            self.related.setdefault(one, []).append(other)
        self.size = dict.fromkeys(self.categories, 0)  # experts in print by category
        self.order = {slug: [chance.sample(range(n), n) for n in (6, 6, 6, 6)] for slug in self.categories}

    def ago(self, least: float, most: float) -> dt.datetime:
        return self.now - dt.timedelta(days=self.chance.uniform(least, most))

    def slots(self) -> list[tuple[str, int]]:
        """Where a page can stand: first three for each category, then the rest in any order."""
        first = [(slug, n) for n in range(AT_LEAST) for slug in self.categories]
        rest = [(slug, n) for n in range(AT_LEAST, SLOTS) for slug in self.categories]
        return first + self.chance.sample(rest, len(rest))

    def begin(
        self, who: Somebody, categories: list[Category], *, at: dt.datetime, by: Somebody | None = None
    ) -> Listing:
        """Put forward by whoever invited them, unless somebody else is named."""
        by = by or next((m for m in self.people.members if m.user is who.user.invited_by), None)
        expert = Expert(member=who.user, nominated_by=by.user if by else None)
        listing = Listing(who, expert, categories, self.chance.choice(self.people.curators), at, by)
        listing.act("nominated", by=by, at=at, after=State.NOMINATED)
        return listing

    def categories_from(self, primary: str, *, in_print: bool) -> list[Category]:
        """The primary one and up to three near it, so that none but one gets crowded."""
        wanted = self.chance.choices([0, 1, 2, 3], [40, 33, 18, 9])[0]
        near = self.chance.sample(self.related[primary], len(self.related[primary]))
        if self.chance.random() < 0.2:
            near.insert(0, CROWDED)
        chosen = [primary]
        for slug in near:
            limit = A_CROWD if slug == CROWDED else ENOUGH
            if len(chosen) <= wanted and slug not in chosen and self.size[slug] < limit:
                chosen.append(slug)
        if in_print:
            for slug in chosen:
                self.size[slug] += 1
        return [self.categories[slug] for slug in chosen]

    def write(self, listing: Listing, number: int) -> None:
        """The page itself."""
        chance, expert, trade = self.chance, listing.expert, listing.trade
        words, heads, fors, nots = (order[number] for order in self.order[listing.categories[0].slug])
        expert.headline, expert.own_words = trade.headlines[heads], trade.own_words[words]
        expert.for_whom, expert.not_for_whom = trade.for_whom[fors], trade.not_for_whom[nots]
        expert.place = listing.who.place if chance.random() < 0.92 else None
        expert.remote = expert.place is None or chance.random() < 0.7
        expert.languages = listing.who.languages
        expert.clients = sorted(chance.sample([kind for kind, _ in facts.CLIENTS], chance.randint(1, 3)))
        expert.price_band = chance.choices(["", "modest", "middle", "premium"], [15, 20, 45, 20])[0]
        self._availability(expert)
        site = f"https://{listing.who.user.handle}.example.test/"
        expert.links = [site, f"{site}work"][: chance.choices([0, 1, 2], [25, 55, 20])[0]]
        if chance.random() < 0.6 or listing.who.key:
            expert.portrait = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=20))

    def _availability(self, expert: Expert) -> None:
        expert.taking_clients = self.chance.random() < 0.82
        if self.chance.random() < (0.12 if expert.taking_clients else 0.75):
            expert.taking_until = (self.now + dt.timedelta(days=self.chance.randint(20, 200))).date()

    # How a listing came to be where it is.

    def print_one(self, who: Somebody, slot: tuple[str, int], *, days: tuple[float, float] | None = None) -> Listing:
        """From the nomination to the day it went in print."""
        earliest, chance = who.since + dt.timedelta(days=10), self.chance
        latest = self.now - dt.timedelta(days=12)
        at = self.ago(*days) if days else earliest + (latest - earliest) * chance.random() ** 1.5
        began = max(at - dt.timedelta(days=chance.uniform(12, 40)), who.since + dt.timedelta(hours=5))
        listing = self.begin(who, self.categories_from(slot[0], in_print=True), at=began)
        self.write(listing, slot[1])
        listing.accepted_at = began + (at - began) * 0.4
        listing.act("invited", by=listing.decider, at=began + (at - began) * 0.2, after=State.INVITED)
        listing.act("accepted", by=who, at=listing.accepted_at, after=State.DRAFT)
        listing.act("submitted", by=who, at=began + (at - began) * 0.8, after=State.SUBMITTED)
        reason = chance.choice(lines()["print_reasons"])
        listing.act("put-in-print", by=listing.decider, at=at, after=State.LISTED, reason=reason)
        listing.listed_at = listing.expert.listed_at = at
        listing.expert.changed_at = at + (self.now - at) * chance.random() * 0.6
        listing.expert.confirmed_at = max(at, self.ago(1, 90 if chance.random() < 0.8 else 200))
        return listing

    def take_out(self, listing: Listing, state: State, reason: str) -> None:
        """Out of print again: resting by one's own wish, retired, or suspended."""
        for category in listing.categories:
            self.size[category.slug] -= 1
        listing.left_at = max(self.ago(3, 120), cast(dt.datetime, listing.listed_at) + dt.timedelta(days=3))
        if state == State.SUSPENDED:
            listing.act("suspended", by=listing.decider, at=listing.left_at, after=state, reason=reason)
            return
        listing.act("rested", by=listing.who, at=listing.left_at, after=State.RESTING, reason=reason)
        if state == State.RETIRED:
            later = listing.left_at + (self.now - listing.left_at) / 2
            listing.act("retired", by=listing.decider, at=later, after=state, reason=reason)

    def draft(self, who: Somebody, slot: tuple[str, int]) -> Listing:
        """Somebody who became a member by saying yes to a nomination."""
        listing = self.begin(who, self.categories_from(slot[0], in_print=False), at=who.since - dt.timedelta(days=3))
        listing.act("invited", by=listing.decider, at=who.since - dt.timedelta(days=2), after=State.INVITED)
        listing.act("accepted", by=who, at=who.since, after=State.DRAFT)
        listing.accepted_at = who.since
        self.write(listing, slot[1])
        return listing

    def submit(self, listing: Listing, *, days: tuple[float, float]) -> None:
        at = max(self.ago(*days), listing.who.since + dt.timedelta(hours=1))
        listing.act("submitted", by=listing.who, at=at, after=State.SUBMITTED)

    def make_thin(self, listing: Listing) -> None:
        """Not enough for a reader: half a page, no face, one city and nothing else."""
        listing.thin, expert = True, listing.expert
        expert.own_words = expert.own_words.split("\n\n")[0]
        expert.portrait, expert.not_for_whom, expert.links, expert.clients = "", "", [], []

    def half_write(self, listing: Listing) -> None:
        expert = listing.expert
        if self.chance.random() < 0.6:
            expert.own_words = expert.for_whom = expert.not_for_whom = expert.portrait = ""
        if self.chance.random() < 0.3:
            expert.headline = ""


def publish(*, chance: random.Random, now: dt.datetime, people: People) -> list[Listing]:
    """Make all listings and store them, with the decisions about them."""
    printer = Printer(chance=chance, now=now, people=people)
    slots = printer.slots()
    listings = _named(printer, slots)
    long_here = [m for m in people.members if not m.key and m.since < now - dt.timedelta(days=60)]
    lately = [m for m in people.members if not m.key and dt.timedelta(days=15) < now - m.since < dt.timedelta(days=55)]
    before_print = NUMBERS[State.DRAFT] + NUMBERS[State.SUBMITTED] + NUMBERS[State.DECLINED]
    in_print = NUMBERS[State.LISTED] - len(listings)
    out_of_print = sum(NUMBERS[state] for state in (State.RESTING, State.RETIRED, State.SUSPENDED))
    crowd = iter(chance.sample(long_here, in_print + out_of_print))
    for number in range(in_print):
        listings.append(printer.print_one(next(crowd), slots.pop(0), days=(1, 5) if number >= in_print - NEW else None))
    for state, reasons in (
        (State.RESTING, "rest_reasons"), (State.RETIRED, "retire_reasons"), (State.SUSPENDED, "suspend_reasons"),
    ):  # fmt: skip
        for reason in lines()[reasons][: NUMBERS[state]]:
            listing = printer.print_one(next(crowd), slots.pop(0))
            printer.take_out(listing, state, reason)
            listings.append(listing)
    drafts = [printer.draft(who, slots.pop(0)) for who in chance.sample(lately, before_print)]
    _before_print(printer, drafts)
    listings += drafts + _nominees(printer, people, slots)
    _save(listings)
    _propose_changes(printer, listings)
    return listings


def _named(printer: Printer, slots: list[tuple[str, int]]) -> list[Listing]:
    """Those who sign in are in print for long, and show their faces."""
    listings = []
    for key, slug in IN_NAMED_CATEGORY.items():
        slot = next(each for each in slots if each[0] == slug)
        slots.remove(slot)
        who = printer.people.named(key)
        listing = printer.print_one(who, slot, days=(350, 600))
        listing.expert.taking_clients, listing.expert.taking_until = True, None
        listings.append(listing)
    return listings


def _before_print(printer: Printer, drafts: list[Listing]) -> None:
    """Some on the desk, good ones and thin ones, two sent back, two declined; the rest still writing."""
    queue, rest = drafts[: NUMBERS[State.SUBMITTED]], drafts[NUMBERS[State.SUBMITTED] :]
    for number, listing in enumerate(queue):
        printer.submit(listing, days=(0.2, 9))
        if number >= len(queue) - THIN:
            printer.make_thin(listing)
    for reason in lines()["decline_reasons"]:
        listing = rest.pop()
        printer.submit(listing, days=(6, 9))
        listing.act("declined", by=listing.decider, at=printer.ago(1, 5), after=State.DECLINED, reason=reason)
    for reason in lines()["send_back_reasons"]:
        listing = rest.pop()
        printer.submit(listing, days=(6, 9))
        listing.act("sent-back", by=listing.decider, at=printer.ago(1, 5), after=State.DRAFT, reason=reason)
    for listing in rest:
        printer.half_write(listing)


def _nominees(printer: Printer, people: People, slots: list[tuple[str, int]]) -> list[Listing]:
    """People who have not answered yet, or said no. Nothing about them is public. The last of those nobody
    wrote to came from a file and have no nominator."""
    waiting, listings = iter(people.nominees), []
    newcomers = iter(people.members[: -NOMINEES[State.NOMINATED] : -1])
    for state, number in NOMINEES.items():
        for count in range(number):
            slug, who = slots.pop(0)[0], next(waiting)
            if state == State.NOMINATED:
                by, at = next(newcomers) if count < number - IMPORTED else None, printer.ago(0.01, 0.2)
            else:
                by, at = printer.chance.choice(people.members[10:600]), printer.ago(4, 40)
            listing = printer.begin(who, [printer.categories[slug]], at=at, by=by)
            if state != State.NOMINATED:
                listing.act("invited", by=None, at=at + dt.timedelta(days=1), after=State.INVITED)
            if state == State.DECLINED:
                listing.act("declined", by=who, at=at + dt.timedelta(days=2), after=State.DECLINED)
            listings.append(listing)
    return listings


def _save(listings: list[Listing]) -> None:
    Expert.objects.bulk_create(listing.expert for listing in listings)
    ExpertCategory.objects.bulk_create(
        ExpertCategory(expert=listing.expert, category=category, position=position)
        for listing in listings
        for position, category in enumerate(listing.categories)
    )
    acts = [act for listing in listings for act in listing.acts]
    Decision.objects.bulk_create(sorted(acts, key=lambda act: act.at))


def _propose_changes(printer: Printer, listings: list[Listing]) -> None:
    """Three changed pages wait for a curator; one came back with a note."""
    long_in_print = [one for one in listings if one.expert.in_print and not one.who.key]
    for number, listing in enumerate(printer.chance.sample(long_in_print, 4)):
        words = {"headline": listing.trade.headlines[SLOTS + number % 2]}
        if number % 2:
            words["own_words"] = f"{listing.expert.own_words}\n\nFrom January I take two clients at a time."
        note = lines()["revision_notes"][0] if number == 3 else ""
        Revision.objects.create(expert=listing.expert, words=words, note=note, submitted_at=printer.ago(0.3, 6))
