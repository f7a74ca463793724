"""Where an introduction can be, how it gets from one stage to the next, and the line that each move leaves."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


class Stage(models.TextChoices):
    ASKED = "asked", "Asked"
    OFFERED = "offered", "Answered with something else"
    PAUSED = "paused", "Not now"
    INTRODUCED = "introduced", "Introduced"
    DONE = "done", "Done"
    PASSED_ON = "passed-on", "Passed on"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REFUSED = "refused", "Refused"


MOVES: dict[str, tuple[str, ...]] = {
    Stage.ASKED: (
        Stage.INTRODUCED,
        Stage.OFFERED,
        Stage.PAUSED,
        Stage.DECLINED,
        Stage.WITHDRAWN,
        Stage.REFUSED,
    ),
    Stage.OFFERED: (Stage.ASKED, Stage.PASSED_ON, Stage.DONE, Stage.PAUSED, Stage.WITHDRAWN, Stage.REFUSED),
    Stage.PAUSED: (Stage.ASKED, Stage.INTRODUCED, Stage.WITHDRAWN, Stage.REFUSED),
    Stage.INTRODUCED: (Stage.DONE, Stage.PAUSED, Stage.WITHDRAWN, Stage.REFUSED),
    Stage.DONE: (Stage.INTRODUCED, Stage.REFUSED),
    Stage.REFUSED: (Stage.ASKED, Stage.INTRODUCED),  # by the prospect alone
}
OPEN = (Stage.ASKED, Stage.OFFERED, Stage.PAUSED, Stage.INTRODUCED)


class Route(models.TextChoices):
    """How the prospect came to this expert."""

    DIRECT = "direct", "found by themselves"
    RECOMMENDATION = "recommendation", "came by a recommendation"
    MEMBER = "member", "introduced by a member"
    EXPERT = "expert", "sent on by another expert"


class When(models.TextChoices):
    WEEK = "week", "This week"
    MONTH = "month", "This month"
    QUARTER = "quarter", "In the next three months"
    OPEN = "open", "There is no hurry"


class Step(models.Model):
    """One line of what happened to an introduction. Ids without a database constraint, like those of a Decision:
    whoever leaves is erased and the line stays. It holds nobody's words."""

    introduction = models.ForeignKey(
        "referrals.Introduction", models.DO_NOTHING, db_constraint=False, related_name="steps"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )  # nobody: the book itself
    act = models.SlugField(max_length=30)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["introduction", "id"], name="step_of_introduction")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.act}: {self.before} to {self.after}"
