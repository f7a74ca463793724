"""What became of an introduction, as both of them say, and their thanks to whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from referrals.letters import introductions as letters

from . import deposits
from .asking import NotAllowed, WrongStage
from .refusals import Refusal
from .stages import Stage

if TYPE_CHECKING:
    from .introductions import Introduction

THANKS = 300


class OutcomeManager(models.Manager["Outcome"]):
    @transaction.atomic
    def report(self, *, introduction: Introduction, by: User, kind: str) -> Outcome:
        """One of the two says how it went; the latest word of each counts, and the introducer is told.

        When both say that it became business, the recommendation behind it is proven. "I chose someone else" by the
        prospect is a no, and final."""
        fresh = introduction.locked_after_prospect()
        if by.pk not in (fresh.prospect_id, fresh.expert_id):
            raise NotAllowed("Only the two who were introduced say how it went.")
        if fresh.stage not in (Stage.OFFERED, Stage.INTRODUCED, Stage.DONE):
            raise WrongStage(fresh.stage)
        kind = Outcome.Kind(kind)
        latest = fresh.outcomes.filter(by=by).last()
        if latest is not None and latest.kind == kind:
            return latest
        outcome = self.create(introduction=fresh, by=by, kind=kind)
        letters.outcome(fresh, what=kind, by=by)
        if kind == Outcome.Kind.ENGAGED:
            self._engaged(fresh)
        elif kind == Outcome.Kind.CHOSE_ANOTHER and by.pk == fresh.prospect_id:
            Refusal.objects.refuse(prospect=fresh.prospect, expert=fresh.expert, kind=Refusal.Kind.CHOSE_ANOTHER)
        elif kind in Outcome.ENDS and fresh.stage in (Stage.INTRODUCED, Stage.OFFERED):
            fresh.move(Stage.DONE, act=f"outcome-{kind}", by=by)
        introduction.refresh_from_db()
        return outcome

    def _engaged(self, introduction: Introduction) -> None:
        latest = {said.by_id: said.kind for said in introduction.outcomes.order_by("pk")}
        both = (latest.get(introduction.prospect_id), latest.get(introduction.expert_id))
        if introduction.engaged_at or set(both) != {Outcome.Kind.ENGAGED}:
            return
        introduction.engaged_at = timezone.now()
        introduction.save(update_fields=["engaged_at"])
        introduction._log("engaged", by=None, before=introduction.stage)
        deposits.proven(introduction)


class Outcome(models.Model):
    class Kind(models.TextChoices):
        MET = "met", "We talked"
        ENGAGED = "engaged", "It became business"
        NOT_NEEDED = "not-needed", "Nobody is needed any more"
        DID_NOT_HAPPEN = "did-not-happen", "It did not happen"
        NO_CONTACT = "no-contact", "I could not reach them"
        DECLINED = "declined", "It was not the right fit"
        CHOSE_ANOTHER = "chose-another", "I chose someone else"

    ENDS = (Kind.NOT_NEEDED, Kind.DID_NOT_HAPPEN, Kind.NO_CONTACT, Kind.DECLINED, Kind.CHOSE_ANOTHER)

    introduction = models.ForeignKey("referrals.Introduction", models.CASCADE, related_name="outcomes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutcomeManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *["met", "engaged", "not-needed", "did-not-happen", "no-contact", "declined"],
                        "chose-another",
                    ]
                ),
                name="outcome_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_kind_display()}"


class ThanksQuerySet(models.QuerySet["Thanks"]):
    def for_deposits(self) -> ThanksQuerySet:
        """Those of experts, which move points, with all that the rules of earning ask for."""
        people = self.select_related("introduction__expert__member", "introduction__giver", "by")
        return people.filter(by=F("introduction__expert"))


class ThanksManager(models.Manager.from_queryset(ThanksQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def say(self, *, introduction: Introduction, by: User, text: str) -> Thanks:
        """Thank the giver in one line, once. The expert's thanks is a deposit out of the expert's own account; the
        prospect's moves nothing and is printed beside the line."""
        fresh = introduction.locked()
        if by.pk not in (fresh.prospect_id, fresh.expert_id):
            raise NotAllowed("Only the two who were introduced say thank you.")
        if fresh.giver_id is None or fresh.introduced_at is None:
            raise NotAllowed("There is nobody to thank here.")
        if before := fresh.thanks.filter(by=by).first():
            return before
        thanks: Thanks = self.create(introduction=fresh, by=by, text=text, at=deposits.moment(fresh))
        if by.pk == fresh.expert_id:
            deposits.thanked(thanks)
        letters.thanks(thanks)
        return thanks


class Thanks(models.Model):
    introduction = models.ForeignKey("referrals.Introduction", models.CASCADE, related_name="thanks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="thanks_said")
    text = models.CharField(max_length=THANKS)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ThanksManager()

    class Meta:
        verbose_name_plural = "thanks"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["introduction", "by"], name="thanks_once_each"),
            models.CheckConstraint(condition=~Q(text=""), name="thanks_says_something"),
        ]

    def __str__(self) -> str:
        return f"Thanks of {self.by}"
