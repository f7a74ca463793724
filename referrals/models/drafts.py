"""Words somebody began to write and has not signed. Seen by the author alone."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import User
from directory.models import Expert


class DraftManager(models.Manager["Draft"]):
    def of(self, *, author: User, expert: Expert | None) -> Draft | None:
        """What this author began to write about this expert; without one, about somebody who is not in the book."""
        return self.filter(author=author, expert=expert).first()

    def keep(self, *, author: User, expert: Expert | None, words: dict[str, Any]) -> Draft | None:
        """Keep what was typed. An empty form is no beginning and leaves nothing."""
        if not any(words.values()) and not self.filter(author=author, expert=expert).exists():
            return None
        return self.update_or_create(author=author, expert=expert, defaults={"words": words})[0]


class Draft(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    expert = models.ForeignKey(Expert, models.CASCADE, null=True, related_name="drafts")  # null: not in the book yet
    words = models.JSONField(default=dict)  # what was typed, field by field, valid or not
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    objects = DraftManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "expert"], name="draft_one_per_pair"),
            models.UniqueConstraint(fields=["author"], name="draft_one_nomination", condition=Q(expert__isnull=True)),
            models.CheckConstraint(condition=~Q(author=F("expert")), name="draft_never_of_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.author} about {self.name}"

    def get_absolute_url(self) -> str:
        """The form that goes on with it."""
        if self.expert is None:
            return reverse("referrals:nominate")
        return reverse("referrals:recommend", args=[self.expert.member.handle])

    @property
    def name(self) -> str:
        """Whom it is about, as far as the author has said."""
        return self.expert.name if self.expert else self.words.get("name") or "somebody who is not in the book"

    @property
    def fingerprint(self) -> str:
        """Changes with the words: what is signed must be what was read."""
        return hashlib.blake2b(json.dumps(self.words, sort_keys=True).encode(), digest_size=12).hexdigest()
