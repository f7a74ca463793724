"""What was decided about a listing, by whom and why. Lines are only ever added."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    from .categories import Category
    from .experts import Expert

GROUPS = 3  # picks stand in three groups, and standing asks two of them to agree
DISCLOSED = ("put-in-print", "changes-printed", "reinstated", "guide-printed")
FEW_CURATORS = 3  # below this number a conflicted decision is allowed, and disclosed

models.TextField.register_lookup(Length)


class Conflict(Exception):
    """A curator may not decide about oneself or about somebody one recommends."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def disclosed(self) -> DecisionQuerySet:
        """What a curator decided about somebody they recommend: readers are told."""
        return self.filter(conflicted=True, act__in=DISCLOSED).select_related("by")

    def about_listing(self) -> DecisionQuerySet:
        """Without what was decided about guides."""
        return self.filter(paper=None)


class Decision(models.Model):
    """One act on one listing, or on one guide of its expert.

    `expert`, `paper` and `by` are ids without a database constraint: a person who leaves is erased, the line stays and
    no longer leads to a name."""

    expert = models.ForeignKey("directory.Expert", models.DO_NOTHING, db_constraint=False, related_name="decisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="decisions"
    )  # nobody: the book itself
    paper = models.ForeignKey(
        "directory.Paper", models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="decisions"
    )
    act = models.SlugField(max_length=30)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    conflicted = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["expert", "-id"], name="decision_by_expert")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.act}: {self.before} to {self.after}"


class PickQuerySet(models.QuerySet["Pick"]):
    def standing(self) -> PickQuerySet:
        return self.filter(ended_at__isnull=True)

    def overdue(self) -> PickQuerySet:
        return self.standing().filter(review_on__lt=timezone.localdate())


class PickManager(models.Manager.from_queryset(PickQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def pick(self, *, curator: User, expert: Expert, category: Category, reason: str, review_on: dt.date) -> Pick:
        """Hand-pick a listed expert for one category. The curator puts their own name and reason to it.

        Raises Conflict when somebody would pick themselves, ValueError when the expert is not in print there."""
        locked = expert.locked()
        if locked.pk == curator.pk:
            raise Conflict
        if not locked.in_print or not locked.placed_in.filter(category=category).exists():
            raise ValueError("Only an expert in print can be picked, and only for one of their categories.")
        pick = self.create(
            curator=curator,
            expert=locked,
            category=category,
            reason=reason,
            review_on=review_on,
            group=self.group_of(curator=curator, expert=locked),
        )
        Decision.objects.create(
            expert=locked, by=curator, act="picked", before=locked.state, after=locked.state, reason=reason
        )
        locked.update_lists()
        return pick

    def group_of(self, *, curator: User, expert: Expert) -> int:
        """By curator where there are several, else by expert: each group must be able to disagree with the others."""
        curators = list(User.objects.curators().order_by("pk").values_list("pk", flat=True))
        return (curators.index(curator.pk) if len(curators) > 1 and curator.pk in curators else expert.pk) % GROUPS


class Pick(models.Model):
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="picks")
    expert = models.ForeignKey("directory.Expert", models.CASCADE, related_name="picks")
    category = models.ForeignKey("directory.Category", models.PROTECT, related_name="picks")
    reason = models.TextField(max_length=600)
    picked_on = models.DateField(default=timezone.localdate)
    review_on = models.DateField()
    group = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PickManager()

    class Meta:
        ordering = ["-picked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "category"], name="pick_once_at_a_time", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(reason__length__gte=20), name="pick_has_a_reason"),
            models.CheckConstraint(condition=Q(reason=Trim(F("reason"))), name="pick_reason_is_trimmed"),
            models.CheckConstraint(condition=Q(review_on__gt=F("picked_on")), name="pick_has_a_review_date"),
            models.CheckConstraint(condition=Q(group__lt=GROUPS), name="pick_group_is_0_to_2"),
            models.CheckConstraint(condition=~Q(curator=F("expert")), name="pick_is_never_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.expert} for {self.category}, picked by {self.curator}"

    @transaction.atomic
    def end(self, *, by: User, reason: str) -> None:
        expert = self.expert.locked()
        if Pick.objects.filter(pk=self.pk).standing().update(ended_at=timezone.now()):
            Decision.objects.create(
                expert=expert, by=by, act="pick-ended", before=expert.state, after=expert.state, reason=reason
            )
            expert.update_lists()
