"""Where a guide can stand, and what is asked of all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .categories import Category
from .experts import Expert, State


class PaperState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "On the desk"
    IN_PRINT = "in_print", "In print"
    WITHDRAWN = "withdrawn", "Out of print"


class PaperQuerySet(models.QuerySet["Paper"]):  # type: ignore[name-defined]
    def in_print(self) -> PaperQuerySet:
        """What anybody may read: printed, and by an expert who is in print. Every list and search begins with this."""
        return self.filter(state=PaperState.IN_PRINT, author__state=State.LISTED)

    def by(self, expert: Expert) -> PaperQuerySet:
        return self.filter(author=expert).newest_first()

    def in_category(self, category: Category) -> PaperQuerySet:
        """By experts who are still in print there themselves."""
        return self.filter(categories=category, author__placed_in__category=category).newest_first()

    def newest_first(self) -> PaperQuerySet:
        return self.order_by(models.F("printed_at").desc(nulls_last=True), "-pk")

    def with_author(self) -> PaperQuerySet:
        return self.select_related("author__member").defer("vector")

    def for_lists(self) -> PaperQuerySet:
        """Without the long texts, which no list shows."""
        return self.select_related("author__member").defer("vector", "body", "new_words", "author__own_words")

    def seen_by_the_desk(self) -> PaperQuerySet:
        """What curators have read, or are to read. Drafts that never left their author are nobody else's business."""
        seen = Q(submitted_at__isnull=False) | Q(sent_back_at__isnull=False) | Q(printed_at__isnull=False)
        return self.filter(seen)

    def waiting(self) -> PaperQuerySet:
        """What lies on the desk, new guides and new words of printed ones, the one that waits longest first."""
        return self.filter(submitted_at__isnull=False).for_lists().order_by("submitted_at", "pk")
