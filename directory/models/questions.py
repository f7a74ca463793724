"""What a category asks of whoever wants an introduction in it. Curators write these; at first there are none."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.utils import timezone

from accounts.models import User

from .categories import Category

SHORTEST, LONGEST = 10, 160  # characters
AT_MOST = 5  # asked in one category

models.CharField.register_lookup(Length)


class TooManyQuestions(Exception):
    """A category asks AT_MOST questions already."""


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked(self) -> QuestionQuerySet:
        """Those that are on the form today, in their order."""
        return self.filter(retired_at__isnull=True).order_by("position")

    def retired(self) -> QuestionQuerySet:
        """Those that were on it, the last one first."""
        return self.filter(retired_at__isnull=False).order_by("-retired_at", "-pk")


class QuestionManager(models.Manager.from_queryset(QuestionQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def add(self, *, category: Category, text: str, by: User) -> Question:
        """Ask one more, after the others; one that is asked already is returned as it is. Raises TooManyQuestions."""
        _lock(category)
        asked = self.filter(category=category).asked()
        if before := asked.filter(text=text).first():
            return before
        if asked.count() >= AT_MOST:
            raise TooManyQuestions
        question: Question = self.create(category=category, text=text, added_by=by, position=asked.count() + 1)
        return question


def _lock(category: Category) -> None:
    """Positions are counted and moved while the category's row is locked, so that two curators do not share one."""
    Category.objects.select_for_update(no_key=True, of=("self",)).get(pk=category.pk)


class Question(models.Model):
    """Its words never change: answers were given to them. Another wording is another question.

    Who added and who retired it are ids without a database constraint, like those of a Decision."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="questions")
    text = models.CharField(max_length=LONGEST)
    position = models.PositiveSmallIntegerField(null=True)  # 1 to AT_MOST; none once it is retired
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    objects = QuestionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "position"],
                name="question_each_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                & Q(position__isnull=False, position__gte=1, position__lte=AT_MOST)
                | Q(retired_at__isnull=False, retired_by__isnull=False, position__isnull=True),
                name="question_five_are_asked",
            ),
            models.CheckConstraint(condition=Q(text__length__gte=SHORTEST), name="question_is_a_sentence"),
            models.CheckConstraint(condition=Q(text=Trim(F("text"))), name="question_is_trimmed"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="words_stay", fields=["category", "text", "added_at", "added_by"]),
            pgtrigger.Protect(name="kept_for_good", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="retired_stays_retired",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @transaction.atomic
    def retire(self, *, by: User) -> bool:
        """Ask it no more; those after it move up. False when it was retired before."""
        asked = self._asked_beside()
        places = {question.pk: place for place, question in enumerate(asked, start=1)}
        if self.pk not in places:
            return False
        self.position, self.retired_at, self.retired_by = None, timezone.now(), by
        self.save(update_fields=["position", "retired_at", "retired_by"])
        asked.filter(position__gt=places[self.pk]).update(position=F("position") - 1)
        return True

    @transaction.atomic
    def move(self, *, up: bool) -> None:
        """Change places with the one before or after it, where there is one."""
        asked = list(self._asked_beside())
        if self not in asked:
            return
        place = asked.index(self)
        there = place + (-1 if up else 1)
        if 0 <= there < len(asked):
            asked[place], asked[there] = asked[there], asked[place]
            for position, question in enumerate(asked, start=1):
                question.position = position
            Question.objects.bulk_update(asked, ["position"])

    def _asked_beside(self) -> QuestionQuerySet:
        """What the category asks, with its row locked."""
        _lock(self.category)
        asked: QuestionQuerySet = Question.objects.filter(category=self.category_id).asked()
        return asked
