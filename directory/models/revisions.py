"""Changes to the words of a page in print: read by a curator before they are printed, like the page itself was."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User

from .decisions import Decision
from .experts import Expert, State, WrongMove

# What a reader takes for the truth about somebody; plain facts (place, languages, price) change at once.
WORDS = ("headline", "own_words", "for_whom", "not_for_whom", "links", "portrait", "categories")


def printed(expert: Expert, field: str) -> Any:
    """What the page says now, in the form in which a revision keeps it."""
    if field == "categories":
        return list(expert.chosen.order_by("position").values_list("category", flat=True))
    return getattr(expert, field)


class RevisionManager(models.Manager["Revision"]):
    @transaction.atomic
    def propose(self, expert: Expert, *, words: dict[str, Any]) -> Revision | None:
        """Keep the changed words until a curator reads them. Nothing changed: nothing to read, and None."""
        expert = expert.locked()
        if set(words) - set(WORDS):
            raise ValueError("Only words are read before they are printed.")
        changed = {field: value for field, value in words.items() if value != printed(expert, field)}
        if not changed:
            self.filter(expert=expert).delete()
            return None
        return self.update_or_create(
            expert=expert, defaults={"words": changed, "submitted_at": timezone.now(), "note": ""}
        )[0]

    def waiting(self) -> models.QuerySet[Revision]:
        return self.filter(note="").select_related("expert__member").order_by("submitted_at", "pk")


class Revision(models.Model):
    expert = models.OneToOneField(Expert, models.CASCADE, primary_key=True, related_name="revision")
    words = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(default=timezone.now)
    note = models.TextField(max_length=1000, blank=True)  # why a curator sent it back

    objects = RevisionManager()

    def __str__(self) -> str:
        return f"Changes to {self.expert}"

    @transaction.atomic
    def print(self, *, by: User, reason: str = "") -> None:
        """Put the changed words in print. Raises WrongMove when the page is no longer there."""
        expert = self.expert.locked()
        there = Revision.objects.filter(pk=self.pk).exists()  # else somebody printed it a moment ago
        if not there or expert.state not in (State.LISTED, State.RESTING):
            raise WrongMove(expert.state)
        conflicted = expert.conflicts_with(by)
        expert.rewrite(self.words)
        Decision.objects.create(
            expert=expert, by=by, act="changes-printed", before=expert.state, after=expert.state,
            reason=reason, conflicted=conflicted,
        )  # fmt: skip
        self.delete()

    @transaction.atomic
    def send_back(self, *, by: User, reason: str) -> None:
        conflicted = self.expert.conflicts_with(by)
        self.note = reason
        self.save(update_fields=["note"])
        state = self.expert.state
        Decision.objects.create(
            expert=self.expert, by=by, act="changes-sent-back", before=state, after=state,
            reason=reason, conflicted=conflicted,
        )  # fmt: skip
