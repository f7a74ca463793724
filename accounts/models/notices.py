"""One row is both the line at /notifications/ and the letter to send. It is written in the transaction of
the act that it tells of; the worker sends it later, at most once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import letters

from .suppressions import Suppression
from .users import User

# The letter of sign-in codes and the like: somebody stands at the door, so it goes ahead of all others.
ACCOUNT = "account"
BACK_OFF = [
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
    dt.timedelta(days=1),
]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def listed_for(self, user: User) -> NoticeQuerySet:
        """What the person sees at /notifications/, newest first."""
        return self.filter(recipient=user, listed=True).order_by("-pk")

    def unsent(self) -> NoticeQuerySet:
        return self.filter(sent_at__isnull=True, held_at__isnull=True)

    def waiting(self) -> NoticeQuerySet:
        """Unsent, and nobody is sending it now."""
        return self.unsent().filter(started_at__isnull=True)


class NoticeManager(models.Manager.from_queryset(NoticeQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def tell(
        self,
        recipient: User | None,
        *,
        letter: str,
        key: str,
        path: str = "",
        words: dict[str, Any] | None = None,
        address: str = "",
        from_name: str = "",
        writer: User | None = None,
        listed: bool = True,
    ) -> Notice:
        """Write the notice and put its letter into the outbox. The same key twice is one notice.

        `letter` names the templates mail/<letter>-{subject,text,html}; `words` are their context; `path` is
        what it links to. With a `writer`, whose own words it carries, it is held where its reader once said no to them.
        """
        from accounts.tasks import deliver  # the task needs the model, the model starts the task

        address = address or (recipient.email if recipient else "")
        unwanted = writer is not None and Suppression.objects.said_no(writer=writer, email=address)
        notice, created = self.get_or_create(
            key=key,
            defaults={
                "recipient": recipient,
                "address": address,
                "letter": letter,
                "path": path,
                "words": words or {},
                "from_name": writer.name if writer else from_name,
                "listed": listed and recipient is not None and not unwanted,
            },
        )
        if created and unwanted:
            notice.hold("its reader said no to its writer")
        elif created:
            deliver.using(priority=50 if letter == ACCOUNT else 0).enqueue(notice.pk)
        return notice

    @transaction.atomic
    def claim(self, pk: int) -> Notice | None:
        """Begin an attempt to send: at most one begins at a time, and none after one whose outcome nobody
        knows. None when there is nothing to send (any more). Commits before the mail server hears of it."""
        notice = self.waiting().select_for_update(of=("self",)).filter(pk=pk).first()
        if notice is None:
            return None
        if notice.may_not_be_sent():
            notice.hold("the address asked to be left alone")
            return None
        notice.started_at = timezone.now()
        notice.attempts += 1
        notice.save(update_fields=["started_at", "attempts"])
        return notice


class Notice(models.Model):
    recipient = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="notices")
    address = models.EmailField(blank=True)
    letter = models.SlugField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    path = models.CharField(max_length=300, blank=True)
    words = models.JSONField(default=dict, blank=True)
    from_name = models.CharField(max_length=80, blank=True)
    listed = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(
        null=True, blank=True
    )  # a dialogue with the mail server began; nulled when it failed
    sent_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)  # will never be sent: `error` says why
    error = models.CharField(max_length=300, blank=True)

    objects = NoticeManager()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_list", condition=Q(listed=True)),
            models.Index(
                fields=["created_at"],
                name="notice_unsent",
                condition=Q(sent_at__isnull=True, held_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} to {self.address}"

    @property
    def subject(self) -> str:
        """The subject of the letter, which is also the line in the list."""
        return letters.subject(self)

    @property
    def to_stranger(self) -> bool:
        """Whether this goes to somebody who is no member: such letters carry the "take me off" link."""
        return self.recipient is None or not self.recipient.is_member

    def may_not_be_sent(self) -> bool:
        """The address asked to be left alone. A member still gets the code that he himself asked for at the
        door."""
        if self.letter == ACCOUNT and not self.to_stranger:
            return False
        return Suppression.objects.covers(self.address)

    def sent(self) -> None:
        self.sent_at, self.error = timezone.now(), ""
        self._settle("sent_at", "error")

    def hold(self, reason: str) -> None:
        """Never send it (again)."""
        self.held_at, self.error = timezone.now(), reason[:300]
        self._settle("held_at", "error")

    def failed(self, reason: str) -> dt.timedelta | None:
        """The mail server certainly did not take it: how long to wait before the next attempt, None after
        the last."""
        if self.attempts > len(BACK_OFF):
            self.hold(reason)
            return None
        self.started_at, self.error = None, reason[:300]
        self.save(update_fields=["started_at", "error"])
        return BACK_OFF[self.attempts - 1]

    def _settle(self, *fields: str) -> None:
        if self.letter == ACCOUNT:  # codes and reset links are worth nothing to anybody from here on
            self.words = {}
        self.save(update_fields=[*fields, "words"])
