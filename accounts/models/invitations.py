"""Members are invited by members: one link, one person, fourteen days."""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.letters import absolute

from .notices import Notice
from .suppressions import Suppression
from .users import User

VALID_FOR = dt.timedelta(days=14)
OPEN_AT_ONCE = 5
SALT = "accounts.invitation"


class TooManyOpen(Exception):
    """The inviter has as many unanswered invitations as one may have."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())

    def holding_a_place(self) -> InvitationQuerySet:
        """Those that count towards the five: the open ones, and those taken back after their letter had
        gone, or one could write to any number of strangers by inviting and taking back in turn."""
        waiting = self.filter(used_at__isnull=True, expires_at__gt=timezone.now())
        return waiting.exclude(withdrawn_at__isnull=False, email="")

    def by_token(self, token: str) -> InvitationQuerySet:
        """The invitation a link stands for; none when the link was not made by us."""
        try:
            return self.filter(pk=signing.Signer(salt=SALT).unsign_object(token))
        except (signing.BadSignature, ValueError, UnicodeError):
            return self.none()


class InvitationManager(models.Manager.from_queryset(InvitationQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def invite(self, *, inviter: User, sentence: str, email: str = "") -> Invitation:
        """Write an invitation and, when an address is named, the letter that carries it. Said twice in the
        same words to the same person it is one invitation. Raises TooManyOpen."""
        User.objects.select_for_update(no_key=True).get(pk=inviter.pk)  # the count below must not race itself
        email = email.strip().lower()
        same = self.filter(inviter=inviter, sentence=sentence, email=email).open().first()
        if same:
            return same
        if self.filter(inviter=inviter).holding_a_place().count() >= OPEN_AT_ONCE:
            raise TooManyOpen
        invitation = self.create(inviter=inviter, sentence=sentence, email=email)
        if email:
            Notice.objects.tell(
                None,
                address=email,
                letter="invite",
                key=f"invitation:{invitation.pk}",
                path=invitation.get_absolute_url(),
                words={"inviter": inviter.name, "inviter_first": inviter.first_name, "sentence": sentence},
                writer=inviter,
            )
        return invitation

    def owner_link(self) -> str:
        """The address under which the first owner takes the keys. Only while the book has no owner."""
        if User.objects.filter(is_superuser=True).exists():
            return ""
        invitation = self.filter(makes_owner=True).open().first() or self.create(makes_owner=True)
        return invitation.link


class Invitation(models.Model):
    inviter = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations")
    email = models.EmailField(blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    makes_owner = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="invitation")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(makes_owner=True) | (Q(inviter__isnull=False) & ~Q(sentence="")),
                name="invitation_has_inviter_and_sentence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inviter or 'The first owner'}: {self.sentence}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.expires_at = self.expires_at or self.created_at + VALID_FOR
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("accounts:join", args=[self.token])

    @property
    def token(self) -> str:
        return signing.Signer(salt=SALT).sign_object(self.pk)

    @property
    def link(self) -> str:
        """The whole address, to be sent by the inviter."""
        return absolute(self.get_absolute_url())

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    def is_for(self, user: User) -> bool:
        """An invitation that names an address is for the person who has it."""
        return not self.email or self.email == user.email

    @transaction.atomic
    def accept(self, *, by: User) -> bool:
        """Make `by` a member. False when somebody was faster, the time is over, it was withdrawn or is
        another's."""
        fresh = Invitation.objects.select_for_update().filter(pk=self.pk).open().first()
        by.refresh_from_db(from_queryset=User.objects.select_for_update())  # or two links at once would both be used up
        if fresh is None or by.is_member or not fresh.is_for(by):
            return False
        if fresh.makes_owner and User.objects.filter(is_superuser=True).exists():
            return False
        fresh.used_at, fresh.used_by = timezone.now(), by
        fresh.save(update_fields=["used_at", "used_by"])
        by.join(invited_by=fresh.inviter, as_owner=fresh.makes_owner)
        Suppression.objects.remove_address(by.email)  # a member asks to be written to
        return True

    @property
    def may_be_asked_for_again(self) -> bool:
        """Used or too old, and not because the inviter changed his mind."""
        return self.inviter is not None and not self.is_open and self.withdrawn_at is None

    def ask_for_another(self) -> bool:
        """Tell the inviter, once, that somebody stands before a used or expired link. False when that is no
        use."""
        if self.inviter is None or not self.may_be_asked_for_again:
            return False
        Notice.objects.tell(
            self.inviter,
            letter="invite-again",
            key=f"invitation:{self.pk}:again",
            path=reverse("accounts:invitations"),
            words={"sentence": self.sentence, "email": self.email},
        )
        return True

    def withdraw(self) -> None:
        Invitation.objects.filter(pk=self.pk, used_at__isnull=True).update(withdrawn_at=timezone.now())
