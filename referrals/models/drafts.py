"""Words somebody began to write about an expert and has not signed. Seen by the author alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import User
from directory.models import Expert


class DraftManager(models.Manager["Draft"]):
    def keep(self, *, author: User, expert: Expert, words: dict[str, Any]) -> Draft:
        return self.update_or_create(author=author, expert=expert, defaults={"words": words})[0]


class Draft(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="drafts")
    words = models.JSONField(default=dict)  # what was typed, field by field, valid or not
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    objects = DraftManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "expert"], name="draft_one_per_pair"),
            models.CheckConstraint(condition=~models.Q(author=models.F("expert")), name="draft_never_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.author} about {self.expert}"
