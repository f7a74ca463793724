"""One prospect brought to one expert, followed from two consents to its outcome.

A prospect asks, or a member introduces; nobody else can begin. Both are asked and both have to say yes before either
sees the other's address.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from directory.models import Category, Expert, Paper
from referrals.letters import introductions as letters

from . import deposits
from .asking import IntroductionManager, NotAllowed, WrongStage
from .outcomes import Outcome
from .recommendations import Recommendation
from .refusals import NOT_REFUSED, Refusal
from .stages import MOVES, OPEN, Route, Stage, When

BRIEF = 600
NOTE = 400
TOUCHES = 7  # of the expert, over every channel, before the prospect writes again
WARNED_AT = 5


class Introduction(models.Model):
    prospect = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="introductions")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="introductions")
    route = models.CharField(max_length=14, choices=Route.choices)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="introductions_given"
    )  # whom the bank thanks for it: the introducer, the author of the named recommendation, the expert who sent on
    recommendation = models.ForeignKey(Recommendation, models.SET_NULL, null=True, related_name="brought")
    came_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="led_to")  # sent on from there
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="introductions")
    prospect_name = models.CharField(max_length=80)  # as the prospect or the introducer wrote it

    need = models.TextField(max_length=BRIEF)
    tried = models.TextField(max_length=BRIEF, blank=True)
    success = models.TextField(max_length=BRIEF, blank=True)
    timing = models.CharField(max_length=8, choices=When.choices, blank=True)
    answers = models.JSONField(default=list)  # to the category's own questions: [{"question": .., "answer": ..}]
    note_to_expert = models.TextField(max_length=NOTE, blank=True)
    note_to_prospect = models.TextField(max_length=NOTE, blank=True)

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.ASKED, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    prospect_yes_at = models.DateTimeField(null=True, editable=False)
    expert_yes_at = models.DateTimeField(null=True, editable=False)
    introduced_at = models.DateTimeField(null=True, editable=False)  # the second yes
    answered_at = models.DateTimeField(null=True, editable=False)  # the expert's first answer, whatever it was
    reminded_at = models.DateTimeField(null=True, editable=False)  # the one reminder, after five days
    silent_at = models.DateTimeField(null=True, editable=False)  # ten days without one
    confirmed_at = models.DateTimeField(null=True, editable=False)  # "yes, that is it", to the expert's first reply
    engaged_at = models.DateTimeField(null=True, editable=False)  # both said that it became business
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)  # how often both were asked how it went

    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, related_name="offered_in")
    better = models.ForeignKey(Expert, models.SET_NULL, null=True, related_name="+")  # meet somebody better for this
    offer_words = models.TextField(max_length=NOTE, blank=True)

    round = models.PositiveSmallIntegerField(default=0, editable=False)  # how often the prospect has written
    touches = models.PositiveSmallIntegerField(default=0, editable=False)  # of the expert in this round

    objects: ClassVar[IntroductionManager] = IntroductionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prospect", "expert"], name="introduction_one_open_per_pair", condition=Q(stage__in=OPEN)
            ),
            models.CheckConstraint(condition=~Q(prospect=F("expert")), name="introduction_never_to_oneself"),
            models.CheckConstraint(
                condition=Q(giver__isnull=True) | (~Q(giver=F("expert")) & ~Q(giver=F("prospect"))),
                name="introduction_giver_is_a_third",
            ),
            models.CheckConstraint(
                condition=Q(route=Route.DIRECT, giver__isnull=True)
                | Q(route__in=(Route.RECOMMENDATION, Route.MEMBER, Route.EXPERT), giver__isnull=False),
                name="introduction_route_names_a_giver",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="introduction_stage_is_known"),
            models.CheckConstraint(
                condition=Q(introduced_at__isnull=True, stage__in=[s for s in Stage if s != Stage.INTRODUCED])
                | Q(introduced_at__isnull=False, prospect_yes_at__isnull=False, expert_yes_at__isnull=False),
                name="introduction_after_two_yes",
            ),
            models.CheckConstraint(condition=Q(touches__lte=TOUCHES), name="introduction_seven_touches"),
            models.CheckConstraint(condition=~Q(need=""), name="introduction_has_a_need"),
        ]
        indexes = [
            models.Index(fields=["prospect", "-id"], name="introduction_of_prospect"),
            models.Index(fields=["expert", "-id"], name="introduction_of_expert"),
            models.Index(fields=["giver", "-id"], name="introduction_of_giver", condition=Q(giver__isnull=False)),
            models.Index(
                fields=["asked_at"],
                name="introduction_unanswered",
                condition=Q(stage=Stage.ASKED, answered_at__isnull=True, silent_at__isnull=True),
            ),
            models.Index(
                fields=["introduced_at"],
                name="introduction_how_did_it_go",
                condition=Q(stage=Stage.INTRODUCED, reminders__lt=2),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="moves",
                field="stage",
                transitions=[(before, after) for before, afters in MOVES.items() for after in afters],
            ),
            pgtrigger.ReadOnly(name="pair_is_fixed", fields=["prospect", "expert", "giver", "route"]),
            pgtrigger.Trigger(
                name="a_no_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=NOT_REFUSED.format(prospect="NEW.prospect_id", expert="NEW.expert_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prospect_name} and {self.expert}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:introduction", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def prospect_called(self) -> str:
        """The name the prospect goes by here: the one typed by the introducer, until the prospect has said yes."""
        return self.prospect.name if self.prospect_yes_at else self.prospect_name

    @property
    def prospect_first(self) -> str:
        return self.prospect_called.split()[0]

    @property
    def addresses_are_open(self) -> bool:
        """Whether both see how to reach each other: after both said yes, and as long as nobody ended it."""
        return self.introduced_at is not None and self.stage in (Stage.INTRODUCED, Stage.DONE)

    @property
    def links_are_open(self) -> bool:
        """Links of the expert's first reply are held back until the prospect answers it."""
        return self.confirmed_at is not None or self.round > 0

    @property
    def touches_left(self) -> int:
        return TOUCHES - self.touches

    @property
    def is_late(self) -> bool:
        """Whether "not many left" is said beside the count."""
        return WARNED_AT <= self.touches < TOUCHES

    def is_party(self, person: object) -> bool:
        return isinstance(person, User) and person.pk in (self.prospect_id, self.expert_id, self.giver_id)

    def other_than(self, person: User) -> User:
        """The one of the two whom this one was introduced to."""
        return self.prospect if person.pk == self.expert_id else self.expert.member

    def locked(self) -> Introduction:
        """This introduction as it is now, with its row locked."""
        rows = Introduction.objects.select_for_update(no_key=True, of=("self",)).with_people()
        return rows.get(pk=self.pk)

    def locked_after_prospect(self) -> Introduction:
        """The same where the prospect's noes are read or written: their person is locked first, everywhere."""
        User.objects.select_for_update(no_key=True).get(pk=self.prospect_id)
        return self.locked()

    # The two consents.

    @transaction.atomic
    def say_yes(self, *, by: User) -> None:
        """One of the two agrees. The second yes introduces them; the same yes twice is one."""
        fresh = self.locked()
        field = fresh._own_field(by)
        if fresh.stage == Stage.INTRODUCED or (getattr(fresh, field) and fresh.stage == Stage.ASKED):
            return self.refresh_from_db()
        if fresh.stage != Stage.ASKED:
            raise WrongStage(fresh.stage)
        now = timezone.now()
        setattr(fresh, field, now)
        if by.pk == fresh.expert_id:
            fresh.answered_at = fresh.answered_at or now
        fresh.save(update_fields=[field, "answered_at"])
        fresh._log("said-yes", by=by, before=fresh.stage)
        if fresh.prospect_yes_at and fresh.expert_yes_at:
            fresh._meet()
        return self.refresh_from_db()

    def _own_field(self, person: User) -> str:
        if person.pk == self.prospect_id:
            return "prospect_yes_at"
        if person.pk == self.expert_id:
            return "expert_yes_at"
        raise NotAllowed("Only the two who are introduced can agree to it.")

    def _meet(self) -> None:
        """Both said yes: in one transaction they see each other's address, and the giver has made a deposit."""
        self.introduced_at = deposits.moment(self)
        self.move(Stage.INTRODUCED, act="introduced", by=None, fields=["introduced_at"])
        deposits.accepted(self)
        letters.introduced(self)

    # The expert's other answers.

    @transaction.atomic
    def offer_guide(self, paper: Paper, *, words: str = "") -> None:
        """Here is something free that answers it."""
        fresh = self.locked()
        if paper.author_id != fresh.expert_id:
            raise NotAllowed("Offer a guide of your own.")
        fresh.paper, fresh.better, fresh.offer_words = paper, None, words
        fresh._answer(Stage.OFFERED, act="offered-guide", fields=["paper", "better", "offer_words"])
        letters.offered(fresh)
        self.refresh_from_db()

    @transaction.atomic
    def offer_better(self, expert: Expert, *, words: str = "") -> None:
        """Meet somebody who is better for this. Nobody is written to before the prospect agrees."""
        fresh = self.locked()
        if expert.pk in (fresh.expert_id, fresh.prospect_id) or not expert.in_print:
            raise NotAllowed("Name another expert who is in print.")
        fresh.better, fresh.paper, fresh.offer_words = expert, None, words
        fresh._answer(Stage.OFFERED, act="offered-better", fields=["paper", "better", "offer_words"])
        letters.offered(fresh)
        self.refresh_from_db()

    @transaction.atomic
    def expert_not_now(self) -> None:
        fresh = self.locked()
        fresh._answer(Stage.PAUSED, act="expert-not-now")
        letters.expert_cannot(fresh)
        self.refresh_from_db()

    @transaction.atomic
    def expert_says_no(self) -> None:
        fresh = self.locked()
        fresh._answer(Stage.DECLINED, act="expert-no")
        letters.expert_cannot(fresh)
        self.refresh_from_db()

    def _answer(self, to: Stage, *, act: str, fields: list[str] | None = None) -> None:
        if self.stage != Stage.ASKED or self.expert_yes_at:
            raise WrongStage(self.stage)
        self.answered_at = self.answered_at or timezone.now()
        self.move(to, act=act, by=self.expert.member, fields=[*(fields or []), "answered_at"])

    # What the prospect says to that.

    @transaction.atomic
    def meet_better(self) -> Introduction:
        """Yes, introduce me to that other expert. The expert who sent the prospect on is the giver."""
        fresh = self.locked_after_prospect()
        if fresh.stage == Stage.PASSED_ON and (before := fresh.led_to.first()):
            return before
        if fresh.better is None:
            raise WrongStage(fresh.stage)
        fresh._prospect_agrees()
        fresh.move(Stage.PASSED_ON, act="passed-on", by=fresh.prospect, fields=["prospect_yes_at"])
        onward: Introduction = Introduction.objects.send_on(fresh)
        letters.outcome(fresh, what="passed-on")
        self.refresh_from_db()
        return onward

    @transaction.atomic
    def ask_still(self) -> None:
        """Thank you, and I would still like to talk: the expert is asked once more."""
        fresh = self.locked()
        if fresh.stage not in (Stage.OFFERED, Stage.PAUSED):
            raise WrongStage(fresh.stage)
        fresh._prospect_agrees()
        fresh.asked_at, fresh.silent_at, fresh.answered_at = timezone.now(), None, None
        fields = ["prospect_yes_at", "asked_at", "silent_at", "answered_at"]
        fresh.move(Stage.ASKED, act="asked-still", by=fresh.prospect, fields=fields)
        letters.ask_expert(fresh)
        self.refresh_from_db()

    def _prospect_agrees(self) -> None:
        self.prospect_yes_at = self.prospect_yes_at or timezone.now()

    @transaction.atomic
    def guide_was_enough(self) -> None:
        """You do not need anyone: a good outcome."""
        fresh = self.locked()
        if fresh.stage != Stage.OFFERED:
            raise WrongStage(fresh.stage)
        Outcome.objects.report(introduction=fresh, by=fresh.prospect, kind=Outcome.Kind.NOT_NEEDED)
        self.refresh_from_db()

    # Ends.

    @transaction.atomic
    def withdraw(self, *, by: User) -> None:
        """Either closes it, or the introducer before both agreed. No reason is asked for."""
        fresh = self.locked()
        steps_in = fresh.route == Route.MEMBER and not fresh.introduced_at
        if by.pk not in (fresh.prospect_id, fresh.expert_id) and not (by.pk == fresh.giver_id and steps_in):
            raise NotAllowed("Only the two who were introduced can close it.")
        fresh.move(Stage.WITHDRAWN, act="withdrawn", by=by)
        letters.ended(fresh, by=by)
        self.refresh_from_db()

    @transaction.atomic
    def reopen(self) -> None:
        """The prospect takes a no back, or a "not now": everything is where it was before."""
        fresh = self.locked_after_prospect()
        Refusal.objects.lift(prospect=fresh.prospect, expert=fresh.expert)
        if fresh.stage in (Stage.REFUSED, Stage.PAUSED):
            back_to = Stage.INTRODUCED if fresh.introduced_at else Stage.ASKED
            fresh.move(back_to, act="reopened", by=fresh.prospect)
            letters.reopened(fresh)
        self.refresh_from_db()

    # By the clock.

    @transaction.atomic
    def remind(self) -> bool:
        """The one reminder, to whoever has not answered, so that nobody else has to send it."""
        fresh = self.locked()
        if fresh.stage != Stage.ASKED or fresh.reminded_at:
            return False
        fresh.reminded_at = timezone.now()
        fresh.save(update_fields=["reminded_at"])
        fresh._log("reminded", by=None, before=fresh.stage)
        for person, yes in ((fresh.prospect, fresh.prospect_yes_at), (fresh.expert.member, fresh.expert_yes_at)):
            if yes is None:
                letters.reminder(fresh, to=person)
        return True

    @transaction.atomic
    def note_silence(self) -> bool:
        """Ten days without an answer: the prospect is offered the next expert, the introducer is told."""
        fresh = self.locked()
        if fresh.stage != Stage.ASKED or fresh.answered_at or fresh.silent_at:
            return False
        fresh.silent_at = timezone.now()
        fresh.save(update_fields=["silent_at"])
        fresh._log("silent", by=None, before=fresh.stage)
        letters.expert_silent(fresh, others=Introduction.objects.next_experts(fresh))
        return True

    @transaction.atomic
    def ask_how_it_went(self) -> bool:
        """The one letter of this day to each who has not said yet."""
        fresh = self.locked()
        if fresh.stage != Stage.INTRODUCED or fresh.reminders != self.reminders:
            return False
        fresh.reminders += 1
        fresh.save(update_fields=["reminders"])
        said = set(fresh.outcomes.values_list("by", flat=True))
        for person in (fresh.prospect, fresh.expert.member):
            if person.pk not in said:
                letters.how_did_it_go(fresh, to=person)
        return True

    @transaction.atomic
    def wake(self) -> bool:
        """The day until which the prospect wanted to be left alone has come: go on where it was, and ask once more what
        is still open."""
        fresh = self.locked()
        if fresh.stage != Stage.PAUSED:
            return False
        fresh.move(Stage.INTRODUCED if fresh.introduced_at else Stage.ASKED, act="woken", by=None)
        if fresh.prospect_yes_at is None:
            letters.ask_prospect(fresh)
        return True

    # Every move is a row.

    def move(self, to: Stage, *, act: str, by: User | None, fields: list[str] | None = None) -> None:
        """Go to another stage and write down who did it and when. The row must be locked by the caller.

        Raises WrongStage where no such move exists."""
        if to not in MOVES.get(self.stage, ()):
            raise WrongStage(self.stage)
        before, self.stage, self.moved_at = self.stage, to, timezone.now()
        self.save(update_fields=["stage", "moved_at", *(fields or [])])
        self._log(act, by=by, before=before)

    def _log(self, act: str, *, by: User | None, before: str) -> None:
        self.steps.create(by=by, act=act, before=before, after=self.stage)
