"""What those who sign in find: an introduction in each situation that they can try out."""

from __future__ import annotations

import datetime as dt

from referrals.models import Outcome
from referrals.models.stages import Route

from . import picks
from .introductions import Matchmaker
from .listings import Listing
from .people import Somebody
from .stories import texts


class Scenes:
    def __init__(self, *, matchmaker: Matchmaker, listings: list[Listing], established: set[int]) -> None:
        self.matchmaker, self.teller = matchmaker, matchmaker.teller
        self.chance, self.now = matchmaker.chance, matchmaker.teller.now
        self.listings, self.established = listings, established
        self.named = {one.who.key: one for one in listings if one.who.key}

    def play(self) -> None:
        self.received()
        self.given()
        self.ratings()
        self.gwen()
        self.waiting()
        self.her_turn()
        self.five_of_seven()

    def ago(self, days: float) -> dt.datetime:
        return self.now - dt.timedelta(days=days)

    def person(self, key: str) -> Somebody:
        return self.matchmaker.people.named(key)

    def payers(self) -> list[Listing]:
        """Experts in print whose account can pay."""
        return [one for one in self.matchmaker.open if one.expert.pk in self.established]

    def received(self) -> None:
        """Alice and Erin a few of every kind. Frank nine, and he gave none."""
        for key, number in (("alice", 7), ("erin", 5)):
            for age in sorted((self.chance.uniform(30, 330) for _ in range(number)), reverse=True):
                self.matchmaker.make(self.named[key], at=self.ago(age))
        self.matchmaker.crowd(self.named["frank"], 9, days=(330, 40))
        self.matchmaker.crowd(self.named["frank"], 2, days=(20, 6))

    def given(self) -> None:
        """Bob and Alice bring people together, Erin does now and then."""
        for key, number in (("bob", 7), ("alice", 9), ("erin", 3)):
            giver = self.person(key)
            oldest = max(giver.since, self.ago(500)) + dt.timedelta(days=30)
            experts = self.chance.sample([one for one in self.payers() if one.since < oldest], number)
            for listing in experts:
                self.matchmaker.bring(giver, listing, at=oldest + (self.ago(12) - oldest) * self.chance.random())

    def ratings(self) -> None:
        """Much at once: some who were fine a month ago, and some who have just come."""
        new = picks.newcomers(now=self.now, listings=self.listings)
        for listing in new:
            age = (self.now - listing.since).total_seconds() / 86400
            self.matchmaker.crowd(listing, 6, days=(age - 1, 3.5))
        received = {id(one): 0 for one in self.payers()}
        for meeting in self.teller.meetings:
            if meeting.giver and id(meeting.listing) in received:
                received[id(meeting.listing)] += 1
        quiet = sorted((one for one in self.payers() if one not in new), key=lambda one: received[id(one)])
        for listing in [one for one in quiet if one.since < self.ago(60)][:4]:
            self.matchmaker.crowd(listing, 6, days=(26, 3.5))

    def gwen(self) -> None:
        """One open, by Bob's recommendation; one finished."""
        gwen, alice = self.person("gwen"), self.named["alice"]
        said = next(voice for voice in self.matchmaker.said[alice.expert.pk] if voice.author.key == "bob")
        other = next(one for one in self.payers() if one.since < self.ago(120) and one.who.user.organisation)
        meeting = self.matchmaker.meet(gwen, other, at=self.ago(84))
        meeting.yes(other.who, at=self.ago(82))
        self.teller.reflect(meeting, at=self.ago(81))
        meeting.write(gwen, texts()["prospect_answers"][0], at=self.ago(80))
        self.teller.contact(meeting, at=self.ago(74))
        meeting.write(other.who, texts()["expert_messages"][7], at=self.ago(73))
        meeting.write(gwen, texts()["prospect_messages"][5], at=self.ago(61))
        meeting.report(other.who, Outcome.Kind.MET, at=self.ago(60))
        meeting.report(gwen, Outcome.Kind.NOT_NEEDED, at=self.ago(40))
        self.teller.remind(meeting)
        how = {"route": Route.RECOMMENDATION, "giver": said.author, "voice": said}
        self.matchmaker.meet(gwen, alice, at=self.ago(2.2), **how)

    def waiting(self) -> None:
        """Erin is asked by Bob; whom he introduced has said yes."""
        erin, bob = self.named["erin"], self.person("bob")
        guest = self.matchmaker.guest(at=self.ago(3.1))
        meeting = self.matchmaker.meet(guest, erin, at=self.ago(3), route=Route.MEMBER, giver=bob)
        meeting.yes(guest, at=self.ago(1.4))

    def her_turn(self) -> None:
        """Alice has just been introduced. The first word is hers."""
        alice = self.named["alice"]
        guest = self.matchmaker.guest(at=self.ago(4))
        giver = self.matchmaker.connectors[0]
        meeting = self.matchmaker.meet(guest, alice, at=self.ago(3.6), route=Route.MEMBER, giver=giver)
        meeting.yes(guest, at=self.ago(2.1))
        meeting.yes(alice.who, at=self.ago(0.8))

    def five_of_seven(self) -> None:
        """Alice wrote five times, and there was no answer."""
        alice = self.named["alice"]
        meeting = self.matchmaker.meet(self.matchmaker.guest(at=self.ago(47)), alice, at=self.ago(47))
        meeting.yes(alice.who, at=self.ago(46))
        self.teller.reflect(meeting, at=self.ago(45.2))
        meeting.write(meeting.prospect, texts()["prospect_answers"][6], at=self.ago(44))
        meeting.write(alice.who, texts()["expert_messages"][0], at=self.ago(42))
        self.teller.contact(meeting, at=self.ago(35))
        for number, age in enumerate((27, 16, 7)):
            meeting.write(alice.who, texts()["chasers"][number], at=self.ago(age))
        self.teller.remind(meeting)
