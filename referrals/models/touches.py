"""What the two say to each other, and every other contact the expert had with the prospect: each is a touch.

The expert has seven before the prospect writes again. A message of the prospect begins a new round.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from referrals.letters import introductions as letters

from .asking import NotAllowed, WrongStage
from .introductions import TOUCHES, Introduction
from .refusals import Refusal
from .stages import Stage

MESSAGE = 2000

# Whoever tries by another way than the verbs below: only the two, only while they are introduced, and never after a no.
ONLY_WHILE_INTRODUCED = """
SELECT prospect_id, expert_id, stage INTO pair FROM referrals_introduction WHERE id = NEW.introduction_id;
IF referrals_refused(pair.prospect_id, pair.expert_id) THEN
    RAISE EXCEPTION 'This prospect said no to this expert, and that is final.' USING ERRCODE = 'integrity_constraint_violation';
END IF;
IF pair.stage <> 'introduced' OR NEW.author_id NOT IN (pair.prospect_id, pair.expert_id) THEN
    RAISE EXCEPTION 'Only the two of an open introduction write to each other.' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
"""  # noqa: E501


class TooMany(NotAllowed):
    """The eighth touch without a word of the prospect."""


class TouchManager(models.Manager["Touch"]):
    @transaction.atomic
    def write(self, *, introduction: Introduction, author: User, body: str) -> Touch:
        """A message. The expert's first one says the need again in the expert's own words.

        Raises TooMany past seven, WrongStage when they are not (any more) introduced, NotAllowed for anybody else."""
        fresh = self._open(introduction, author=author)
        if author.pk == fresh.prospect_id:
            touch: Touch = self._from_prospect(fresh, body=body)
        else:
            first = not fresh.thread.filter(author=author, channel=Touch.Channel.BOOK).exists()
            touch = self._counted(fresh, channel=Touch.Channel.BOOK, body=body, is_reflection=first)
        letters.message(touch)
        introduction.refresh_from_db()
        return touch

    @transaction.atomic
    def note(
        self, *, introduction: Introduction, author: User, channel: str, on: dt.date, body: str, gave: str = ""
    ) -> Touch:
        """The expert records a contact that happened elsewhere: it counts like a message, and nobody is written to."""
        fresh = self._open(introduction, author=author)
        if author.pk != fresh.expert_id:
            raise NotAllowed("Only the expert’s contacts are counted.")
        touch: Touch = self._counted(fresh, channel=channel, body=body, on=on, gave=gave)
        introduction.refresh_from_db()
        return touch

    @transaction.atomic
    def confirm(self, *, introduction: Introduction, by: User) -> None:
        """ "Yes, that is it": the expert's first reply says the need right, and its links open."""
        fresh = introduction.locked()
        if by.pk != fresh.prospect_id:
            raise NotAllowed("Only the prospect knows whether that is it.")
        if fresh.stage != Stage.INTRODUCED or not fresh.thread.filter(is_reflection=True).exists():
            raise WrongStage(fresh.stage)
        if fresh.confirmed_at is None:
            fresh.confirmed_at = timezone.now()
            fresh.save(update_fields=["confirmed_at"])
            fresh._log("confirmed", by=by, before=fresh.stage)
        introduction.refresh_from_db()

    def _open(self, introduction: Introduction, *, author: User) -> Introduction:
        fresh = introduction.locked()
        if author.pk not in (fresh.prospect_id, fresh.expert_id):
            raise NotAllowed("Only the two who were introduced write to each other.")
        if fresh.stage == Stage.DONE and author.pk == fresh.prospect_id:
            fresh.move(Stage.INTRODUCED, act="taken-up-again", by=author)
        if fresh.stage != Stage.INTRODUCED:
            raise WrongStage(fresh.stage)
        if Refusal.objects.stands_between(prospect=fresh.prospect, expert=fresh.expert):
            raise NotAllowed("A no stands between the two of you, and that is final.")
        return fresh

    def _from_prospect(self, introduction: Introduction, *, body: str) -> Touch:
        introduction.round, introduction.touches = introduction.round + 1, 0
        introduction.save(update_fields=["round", "touches"])
        return self.create(introduction=introduction, author=introduction.prospect, body=body, round=introduction.round)

    def _counted(self, introduction: Introduction, **said: Any) -> Touch:
        if introduction.touches >= TOUCHES:
            raise TooMany(
                f"You reached {introduction.prospect_first} seven times without an answer. "
                f"The next word is {introduction.prospect_first}’s."
            )
        introduction.touches += 1
        introduction.save(update_fields=["touches"])
        return self.create(
            introduction=introduction,
            author=introduction.expert.member,
            round=introduction.round,
            number=introduction.touches,
            **said,
        )


class Touch(models.Model):
    class Channel(models.TextChoices):
        BOOK = "book", "Written here"
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Telephone"
        VIDEO = "video", "Video call"
        PERSON = "person", "In person"
        OTHER = "other", "Another way"

    class Gave(models.TextChoices):
        GUIDE = "guide", "A guide"
        CONTACT = "contact", "A connection"
        ANSWER = "answer", "An answer"
        FOLLOW_UP = "follow-up", "A follow-up"

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="thread")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.BOOK)
    body = models.TextField(max_length=MESSAGE, blank=True)
    gave = models.CharField(max_length=10, choices=Gave.choices, blank=True)
    on = models.DateField(default=timezone.localdate)
    at = models.DateTimeField(default=timezone.now, editable=False)
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(null=True)  # 1 to 7 of the expert in this round; the prospect's are free
    is_reflection = models.BooleanField(default=False)  # the expert's first reply: the need in the expert's words

    objects = TouchManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["introduction", "round", "number"], name="touch_each_number_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1, number__lte=TOUCHES), name="touch_seven_at_most"
            ),
            models.CheckConstraint(condition=~Q(channel="book") | ~Q(body=""), name="touch_message_says_something"),
            models.CheckConstraint(condition=~Q(number__isnull=True) | Q(channel="book"), name="touch_outside_counts"),
            models.UniqueConstraint(
                fields=["introduction"], name="touch_one_reflection", condition=Q(is_reflection=True)
            ),
        ]
        indexes = [models.Index(fields=["introduction", "id"], name="touch_of_introduction")]
        triggers = [
            pgtrigger.Trigger(
                name="only_while_introduced",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("pair", "record")],
                func=ONLY_WHILE_INTRODUCED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} of {self.author}"

    @property
    def is_message(self) -> bool:
        return self.channel == Touch.Channel.BOOK

    @property
    def by_prospect(self) -> bool:
        return self.author_id == self.introduction.prospect_id


class PrivateNoteManager(models.Manager["PrivateNote"]):
    def keep(self, *, introduction: Introduction, author: User, text: str) -> None:
        """Save what one wrote for oneself. An empty text deletes it."""
        if text:
            self.update_or_create(introduction=introduction, author=author, defaults={"text": text})
        else:
            self.filter(introduction=introduction, author=author).delete()


class PrivateNote(models.Model):
    """What one of the parties wrote for themselves about an introduction. Nobody else reads it; it goes with it."""

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="private_notes")
    text = models.TextField(max_length=MESSAGE)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PrivateNoteManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["introduction", "author"], name="private_note_one_each"),
        ]

    def __str__(self) -> str:
        return f"Note of {self.author}"
