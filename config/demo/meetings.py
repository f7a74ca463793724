"""One sample introduction with all that hangs on it, made as the book's own verbs make it, only on days long past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from directory.models import Category
from referrals.models import Introduction, Outcome, PrivateNote, Refusal, Stage, Step, Thanks, Touch
from referrals.models.stages import Route

from .listings import Listing
from .people import Somebody
from .voices import Voice


@dataclass(eq=False)
class Meeting:
    prospect: Somebody
    listing: Listing
    row: Introduction
    giver: Somebody | None = None
    voice: Voice | None = None  # whose recommendation brought them
    came_from: Meeting | None = None
    steps: list[Step] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    thanks: list[Thanks] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[PrivateNote] = field(default_factory=list)

    @property
    def expert(self) -> Somebody:
        return self.listing.who

    @property
    def at(self) -> dt.datetime:
        """When something last happened between the two."""
        steps, touches = (step.at for step in self.steps), (touch.at for touch in self.touches)
        return max(*steps, *touches, *(said.at for said in self.outcomes), self.row.asked_at)

    @property
    def met_at(self) -> dt.datetime:
        """When both had said yes. Of those who did."""
        return cast(dt.datetime, self.row.introduced_at)

    @property
    def category(self) -> Category:
        return cast(Category, self.row.category)

    @property
    def with_thread(self) -> bool:
        """Whether they ever wrote to each other: the database takes messages only of two who are introduced."""
        return bool(self.touches)

    def log(self, act: str, *, by: Somebody | None, at: dt.datetime, before: str, after: str = "") -> None:
        after = after or self.row.stage
        user = by.user if by else None
        self.steps.append(Step(introduction=self.row, by=user, act=act, before=before, after=after, at=at))

    def move(self, to: Stage, *, act: str, by: Somebody | None, at: dt.datetime) -> None:
        before, self.row.stage, self.row.moved_at = self.row.stage, to, at
        self.log(act, by=by, at=at, before=before)

    def begin(self) -> None:
        by_member = self.row.route == Route.MEMBER
        by, act = (self.giver, "introduced-by") if by_member else (self.prospect, "asked")
        self.log(act, by=by, at=self.row.asked_at, before="")
        if not by_member:
            self.row.prospect_yes_at = self.row.asked_at

    def yes(self, by: Somebody, *, at: dt.datetime) -> None:
        """The second one introduces them."""
        row = self.row
        if by is self.expert:
            row.expert_yes_at, row.answered_at = at, row.answered_at or at
        else:
            row.prospect_yes_at = at
        self.log("said-yes", by=by, at=at, before=row.stage)
        if row.prospect_yes_at and row.expert_yes_at:
            row.introduced_at = at
            self.move(Stage.INTRODUCED, act="introduced", by=None, at=at)

    def answer(self, to: Stage, *, act: str, at: dt.datetime) -> None:
        """Another answer of the expert than yes."""
        self.row.answered_at = at
        self.move(to, act=act, by=self.expert, at=at)

    def ask_still(self, *, at: dt.datetime) -> None:
        self.row.asked_at, self.row.silent_at, self.row.answered_at = at, None, None
        self.move(Stage.ASKED, act="asked-still", by=self.prospect, at=at)

    def write(self, by: Somebody, body: str, *, at: dt.datetime, channel: str = "book", gave: str = "") -> Touch:
        row, number = self.row, None
        first = by is self.expert and channel == "book" and not any(t.is_reflection for t in self.touches)
        if by is self.expert:
            row.touches += 1
            number = row.touches
        else:
            row.round, row.touches = row.round + 1, 0
            row.confirmed_at = row.confirmed_at or at
        touch = Touch(
            introduction=row, author=by.user, channel=channel, body=body, gave=gave, on=at.date(), at=at,
            round=row.round, number=number, is_reflection=first,
        )  # fmt: skip
        self.touches.append(touch)
        return touch

    def report(self, by: Somebody, kind: Outcome.Kind, *, at: dt.datetime) -> None:
        """How it went, as one of them says."""
        self.outcomes.append(Outcome(introduction=self.row, by=by.user, kind=kind, at=at))
        said = {each.by_id: each.kind for each in self.outcomes}
        if kind == Outcome.Kind.CHOSE_ANOTHER and by is self.prospect:
            self.refuse(Refusal.Kind.CHOSE_ANOTHER, at=at)
        elif kind in Outcome.ENDS and self.row.stage in (Stage.INTRODUCED, Stage.OFFERED):
            self.move(Stage.DONE, act=f"outcome-{kind}", by=by, at=at)
        elif len(said) == 2 and set(said.values()) == {Outcome.Kind.ENGAGED}:
            self.row.engaged_at = at
            self.log("engaged", by=None, at=at, before=self.row.stage)

    def refuse(self, kind: str, *, at: dt.datetime, until: dt.date | None = None) -> None:
        """The prospect's no."""
        expert = None if kind == Refusal.Kind.TAKE_ME_OFF else self.listing.expert
        refusal = Refusal(prospect=self.prospect.user, expert=expert, kind=kind, at=at, until=until)
        self.refusals.append(refusal)
        self.move(refusal.leads_to, act=f"prospect-{kind}", by=self.prospect, at=at)

    def take_back(self, *, at: dt.datetime) -> None:
        """The prospect thought better of a no."""
        self.refusals[-1].lifted_at = at
        self.move(Stage.INTRODUCED, act="reopened", by=self.prospect, at=at)

    def thank(self, by: Somebody, text: str, *, at: dt.datetime) -> None:
        self.thanks.append(Thanks(introduction=self.row, by=by.user, text=text, at=at))

    def remember(self, by: Somebody, text: str, *, at: dt.datetime) -> None:
        self.notes.append(PrivateNote(introduction=self.row, author=by.user, text=text, changed_at=at))


def save(meetings: list[Meeting]) -> None:
    """Store them in the order in which they were asked for."""
    ended = _as_if_open(meetings)
    Introduction.objects.bulk_create((each.row for each in meetings), batch_size=500)
    for each in meetings:
        each.row.came_from = each.came_from.row if each.came_from else None
    Introduction.objects.bulk_update((each.row for each in meetings if each.came_from), ["came_from"])
    Touch.objects.bulk_create(_in_order(meetings, "touches"), batch_size=1000)
    for stage, rows in ended.items():
        Introduction.objects.filter(pk__in=[row.pk for row in rows]).update(stage=stage)
        for row in rows:
            row.stage = stage
    Step.objects.bulk_create(_in_order(meetings, "steps"), batch_size=1000)
    Outcome.objects.bulk_create(_in_order(meetings, "outcomes"), batch_size=1000)
    Thanks.objects.bulk_create(_in_order(meetings, "thanks"), batch_size=1000)
    Refusal.objects.bulk_create(_in_order(meetings, "refusals"), batch_size=1000)
    PrivateNote.objects.bulk_create(note for each in meetings for note in each.notes)


def _as_if_open(meetings: list[Meeting]) -> dict[str, list[Introduction]]:
    """Those who wrote to each other and have come apart since: by their stage, which they get once the messages are
    stored."""
    ended: dict[str, list[Introduction]] = {}
    for each in meetings:
        if each.with_thread and each.row.stage != Stage.INTRODUCED:
            ended.setdefault(each.row.stage, []).append(each.row)
            each.row.stage = Stage.INTRODUCED
    return ended


def _in_order(meetings: Iterable[Meeting], what: str) -> list[Any]:
    """Of all meetings, the oldest first. What happened at the same moment stays in its order."""
    return sorted((row for each in meetings for row in getattr(each, what)), key=lambda row: row.at)
