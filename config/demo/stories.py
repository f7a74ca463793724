"""What becomes of a sample introduction, from the first line to the outcome, as far as today."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
import random
from collections.abc import Callable
from typing import Any

from directory.models import Category, Paper
from referrals.models import Introduction, Outcome, Refusal, Stage, When
from referrals.models.asking import REMINDER, SILENCE
from referrals.models.stages import Route

from .listings import Listing
from .meetings import Meeting
from .people import Somebody
from .voices import Voice
from .words import HERE, say

Kind = Outcome.Kind
ANSWERS = {"yes": 74, "guide": 12, "better": 6, "later": 3, "no": 5, "silence": 5, "withdrawn": 1, "refused": 1}
FATES: dict[str, float] = {
    "engaged": 33, "half": 6, "met": 14, Kind.NOT_NEEDED: 5, Kind.DID_NOT_HAPPEN: 8, Kind.NO_CONTACT: 4,
    Kind.DECLINED: 5, Kind.CHOSE_ANOTHER: 7, Refusal.Kind.NO: 3, Refusal.Kind.NEVER: 1.5, Refusal.Kind.NOT_NOW: 4,
    "withdrawn": 2, "open": 8,
}  # fmt: skip


@functools.cache
def texts() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / "introductions.json").read_text("utf-8"))
    return content


def by_day(at: dt.datetime) -> dt.datetime:
    """What would be at night is in the morning."""
    return at + dt.timedelta(hours=7) if at.hour < 7 else at


class Today(Exception):
    """The story has come to the present: what would be next has not happened yet."""


class Teller:
    """Tells stories; the same chance tells the same ones."""

    def __init__(self, *, chance: random.Random, now: dt.datetime, guides: dict[int, Paper]) -> None:
        self.chance, self.now, self.guides = chance, now, guides
        self.meetings: list[Meeting] = []
        self.instead: Callable[[Meeting, dt.datetime], Listing | None] = lambda meeting, at: None
        self.thanked: dict[tuple[int, str], list[str]] = {}  # lines left, by the giver
        self.gone: set[int] = set()  # who asked to be left alone by everybody
        self.situation: dict[int, list[str]] = {}  # of a prospect: in their words, and said back to them

    # How it begins.

    def meet(
        self,
        prospect: Somebody,
        listing: Listing,
        *,
        at: dt.datetime,
        route: Route = Route.DIRECT,
        giver: Somebody | None = None,
        voice: Voice | None = None,
        came_from: Meeting | None = None,
    ) -> Meeting:
        """One that has just been asked for. Whatever was written, was written about the expert's own trade."""
        chance, category = self.chance, listing.categories[0]
        mine, _ = self._situation(prospect)
        row = Introduction(
            prospect=prospect.user, expert=listing.expert, route=route, giver=giver.user if giver else None,
            recommendation=voice.row if voice else None, category=category, prospect_name=prospect.user.name,
            need=f"{self._problem(category)} {mine}", asked_at=at, moved_at=at,
        )  # fmt: skip
        if chance.random() < 0.75:
            row.tried, row.success = chance.choice(texts()["tried"]), chance.choice(texts()["success"])
        row.timing = chance.choices([*When.values, ""], [10, 30, 35, 15, 10])[0]
        if route == Route.MEMBER:
            row.note_to_expert = self._about(prospect, "notes_to_expert")
            row.note_to_prospect = self._about(listing.who, "notes_to_prospect")
        meeting = Meeting(prospect, listing, row, giver=giver, voice=voice, came_from=came_from)
        meeting.begin()
        self.meetings.append(meeting)
        return meeting

    def _situation(self, prospect: Somebody) -> list[str]:
        return self.situation.setdefault(id(prospect), self.chance.choice(texts()["situations"]))

    def _problem(self, category: Category) -> str:
        problem: str = self.chance.choice(category.problems)
        return problem

    def _about(self, who: Somebody, kind: str) -> str:
        return say(self.chance.choice(texts()[kind]), name=who.user.name, she=who.she)

    def tell(self, meeting: Meeting) -> None:
        """Go on with one that was just asked for, until it ends or today comes."""
        with contextlib.suppress(Today):
            if meeting.row.prospect_yes_at or self._prospect_answers(meeting):
                self.expert_answers(meeting)
        self.remind(meeting)

    def _later(self, meeting: Meeting, least: float, most: float) -> dt.datetime:
        at = by_day(meeting.at + dt.timedelta(days=self.chance.uniform(least, most)))
        if at >= self.now:
            raise Today
        return at

    def _one_of(self, weights: dict[str, float] | dict[str, int]) -> str:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def remind(self, meeting: Meeting) -> None:
        """What the clock did meanwhile: the one reminder; ten days of silence; the letters of the 14th and 45th day."""
        row = meeting.row
        waits = row.stage == Stage.ASKED
        asked, until = row.asked_at, self.now
        if not waits:
            asked, until = meeting.steps[0].at, next(step.at for step in meeting.steps if step.after != Stage.ASKED)
        if asked + REMINDER < until:
            row.reminded_at = asked + REMINDER
            meeting.log("reminded", by=None, at=row.reminded_at, before=Stage.ASKED, after=Stage.ASKED)
        unanswered = waits and row.prospect_yes_at and row.answered_at is None and row.silent_at is None
        if unanswered and row.asked_at + SILENCE < self.now:
            self._silent(meeting)
        if row.introduced_at:
            until = self.now if row.stage == Stage.INTRODUCED else row.moved_at
            days = (until - row.introduced_at).days
            row.reminders = (days >= 14) + (days >= 45)

    def _silent(self, meeting: Meeting) -> None:
        meeting.row.silent_at = meeting.row.asked_at + SILENCE
        meeting.log("silent", by=None, at=meeting.row.silent_at, before=meeting.row.stage)

    # The two consents.

    def _prospect_answers(self, meeting: Meeting) -> bool:
        """Somebody was introduced by a member. Whether they want it."""
        says = self._one_of({"yes": 86, "nothing": 5, "no": 5, "never": 1, "take-me-off": 0.4, "withdrawn": 2})
        if says == "nothing":
            return False
        at = self._later(meeting, 0.05, 4)
        if says == "yes":
            meeting.yes(meeting.prospect, at=at)
            return True
        if says == "withdrawn":
            meeting.move(Stage.WITHDRAWN, act="withdrawn", by=meeting.giver, at=at)
            return False
        if says == Refusal.Kind.TAKE_ME_OFF and any(
            each.prospect is meeting.prospect for each in self.meetings if each is not meeting
        ):
            says = Refusal.Kind.NO  # there are others to whom it would have to be said
        if says == Refusal.Kind.TAKE_ME_OFF:
            self.gone.add(id(meeting.prospect))
        meeting.refuse(says, at=at)
        return False

    def expert_answers(self, meeting: Meeting, says: str = "") -> None:
        says = says or self._one_of(ANSWERS)
        if says == "silence":
            return self._expert_is_silent(meeting)
        at = self._later(meeting, 0.05, 5.5)
        guide = self.guides.get(meeting.listing.expert.pk)
        if says == "guide" and guide and guide.printed_at and guide.printed_at < at:
            return self._offer_guide(meeting, guide, at)
        if says == "better" and (other := self.instead(meeting, at)):
            return self._offer_better(meeting, other, at)
        if says == "later":
            return meeting.answer(Stage.PAUSED, act="expert-not-now", at=at)
        if says == "no":
            return meeting.answer(Stage.DECLINED, act="expert-no", at=at)
        if says == "withdrawn":
            return meeting.move(Stage.WITHDRAWN, act="withdrawn", by=meeting.prospect, at=at)
        if says == "refused":
            return meeting.refuse(Refusal.Kind.NO, at=at)
        meeting.yes(meeting.expert, at=at)
        return self.talk(meeting)

    def _expert_is_silent(self, meeting: Meeting) -> None:
        """After ten days the prospect hears of it. Some wait on, some go, some experts come back from the sea."""
        if meeting.row.asked_at + SILENCE >= self.now:
            raise Today
        self._silent(meeting)
        then = self._one_of({"yes": 40, "withdrawn": 45, "nothing": 15})
        if then == "withdrawn":
            at = self._later(meeting, 0.1, 8)
            meeting.move(Stage.WITHDRAWN, act="withdrawn", by=meeting.prospect, at=at)
        elif then == "yes":
            meeting.yes(meeting.expert, at=self._later(meeting, 1, 9))
            self.talk(meeting)

    def _offer_guide(self, meeting: Meeting, guide: Paper, at: dt.datetime) -> None:
        meeting.row.paper = guide
        meeting.row.offer_words = self.chance.choice(texts()["guide_words"])
        meeting.answer(Stage.OFFERED, act="offered-guide", at=at)
        self._after_offer(meeting, {"enough": 40, "still": 25, "nothing": 35})

    def _offer_better(self, meeting: Meeting, other: Listing, at: dt.datetime) -> None:
        meeting.row.better = other.expert
        meeting.row.offer_words = self._about(other.who, "better_words")
        meeting.answer(Stage.OFFERED, act="offered-better", at=at)
        self._after_offer(meeting, {"meet": 72, "still": 12, "nothing": 16}, other)

    def _after_offer(self, meeting: Meeting, weights: dict[str, int], other: Listing | None = None) -> None:
        then = self._one_of(weights)
        if then == "nothing":
            return None
        at = self._later(meeting, 0.1, 7)
        if then == "enough":
            return meeting.report(meeting.prospect, Kind.NOT_NEEDED, at=at)
        if then == "meet" and other:
            return self._send_on(meeting, other, at)
        meeting.ask_still(at=at)
        return self.expert_answers(meeting, says="yes")

    def _send_on(self, meeting: Meeting, other: Listing, at: dt.datetime) -> None:
        """The honest no. Whoever said it is the giver of what comes of it."""
        meeting.move(Stage.PASSED_ON, act="passed-on", by=meeting.prospect, at=at)
        onward = self.meet(meeting.prospect, other, at=at, route=Route.EXPERT, giver=meeting.expert, came_from=meeting)
        for name in ("need", "tried", "success", "timing"):
            setattr(onward.row, name, getattr(meeting.row, name))
        onward.row.category, onward.row.note_to_expert = meeting.row.category, meeting.row.offer_words
        with contextlib.suppress(Today):
            self.expert_answers(onward, says="" if self.chance.random() < 0.2 else "yes")
        self.remind(onward)

    # What they say to each other.

    def talk(self, meeting: Meeting) -> None:
        """The expert says the need again; they go to and fro; it comes to something or to nothing."""
        self._thank(meeting)
        chance, lines = self.chance, texts()
        theirs, mine = chance.sample(lines["expert_messages"], 6), chance.sample(lines["prospect_messages"], 5)
        if chance.random() < 0.94:
            self.reflect(meeting, at=self._later(meeting, 0.1, 3))
            if chance.random() < 0.82:
                meeting.write(
                    meeting.prospect, chance.choice(lines["prospect_answers"]), at=self._later(meeting, 0.1, 4)
                )
                for _ in range(chance.choice([0, 1, 1, 2, 2, 3])):
                    self._turn(meeting, theirs, mine)
            else:
                self._chase(meeting)
        if chance.random() < 0.1:
            who = chance.choice([meeting.prospect, meeting.expert])
            meeting.remember(who, chance.choice(lines["private_notes"]), at=meeting.at)
        self._end(meeting)

    def reflect(self, meeting: Meeting, *, at: dt.datetime) -> None:
        """The first reply: the need, in the words of somebody who knows the trade."""
        back = f"{meeting.category.description} {self._situation(meeting.prospect)[1]}"
        words = self.chance.choice(texts()["first_replies"]).format(
            prospect=meeting.prospect.user.first_name, back=back, handle=meeting.expert.user.handle
        )
        meeting.write(meeting.expert, words, at=at)

    def _turn(self, meeting: Meeting, theirs: list[str], mine: list[str]) -> None:
        """A word of the expert, here or elsewhere, and one of the prospect."""
        at = self._later(meeting, 0.2, 6)
        if self.chance.random() < 0.3:
            self.contact(meeting, at=at)
        else:
            gave = self.chance.choices(["", "answer", "follow-up", "contact", "guide"], [70, 12, 8, 6, 4])[0]
            meeting.write(meeting.expert, theirs.pop(), at=at, gave=gave)
        if self.chance.random() < 0.8:
            meeting.write(meeting.prospect, mine.pop(), at=self._later(meeting, 0.1, 6))

    def contact(self, meeting: Meeting, *, at: dt.datetime) -> None:
        channel = self.chance.choices(["phone", "video", "email", "person", "other"], [35, 30, 15, 18, 2])[0]
        meeting.write(meeting.expert, self.chance.choice(texts()["contacts"][channel]), at=at, channel=channel)

    def _chase(self, meeting: Meeting) -> None:
        """No answer. Most let it be after one or two more lines."""
        for line in texts()["chasers"][: self.chance.choices([0, 1, 2, 3, 6], [30, 35, 20, 10, 5])[0]]:
            meeting.write(meeting.expert, line, at=self._later(meeting, 4, 9))

    def _thank(self, meeting: Meeting) -> None:
        """Some thank the giver on the day they meet or soon after."""
        for by, kind, often in ((meeting.expert, "expert_thanks", 0.34), (meeting.prospect, "prospect_thanks", 0.3)):
            at = meeting.met_at + dt.timedelta(days=self.chance.uniform(0.2, 20))
            if meeting.giver and self.chance.random() < often and at < self.now:
                self.thank(meeting, by, kind, at=at)

    def thank(self, meeting: Meeting, by: Somebody, kind: str, *, at: dt.datetime) -> None:
        names = {"prospect": meeting.prospect.user.first_name, "expert": meeting.expert.user.first_name}
        said = self.thanked.setdefault((id(meeting.giver), kind), [])
        if not said:  # nobody is thanked twice in the same words before all of them were used
            said += self.chance.sample(texts()[kind], len(texts()[kind]))
        meeting.thank(by, said.pop().format(**names), at=at)

    # How it ends.

    def _end(self, meeting: Meeting) -> None:
        fate = self._one_of(FATES)
        at = self._later(meeting, 2, 25)
        one, other = self.chance.sample([meeting.prospect, meeting.expert], 2)
        if fate in Outcome.ENDS:
            by = meeting.prospect if fate == Kind.CHOSE_ANOTHER else one
            meeting.report(by, Kind(fate), at=at)
        elif fate in (Refusal.Kind.NO, Refusal.Kind.NEVER):
            meeting.refuse(fate, at=at)
            if fate == Refusal.Kind.NO and self.chance.random() < 0.25:
                meeting.take_back(at=self._later(meeting, 5, 40))
        elif fate == Refusal.Kind.NOT_NOW:
            self._not_now(meeting, at)
        elif fate == "withdrawn":
            meeting.move(Stage.WITHDRAWN, act="withdrawn", by=one, at=at)
        elif fate != "open":
            meeting.report(one, Kind.MET if fate == "met" else Kind.ENGAGED, at=at)
            if fate == "engaged":
                meeting.report(other, Kind.ENGAGED, at=self._later(meeting, 0.5, 20))

    def _not_now(self, meeting: Meeting, at: dt.datetime) -> None:
        """Until a day. When it has come, they go on where they were."""
        until = at + dt.timedelta(days=self.chance.choice([30, 60, 90, 180]))
        meeting.refuse(Refusal.Kind.NOT_NOW, at=at, until=until.date())
        if until.date() <= self.now.date():
            woken = min(until, self.now - dt.timedelta(minutes=5))
            meeting.move(Stage.INTRODUCED, act="woken", by=None, at=woken)
            if self.chance.random() < 0.5:
                meeting.report(meeting.prospect, Kind.MET, at=self._later(meeting, 3, 30))
