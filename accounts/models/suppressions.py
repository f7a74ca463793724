"""Addresses that asked to be left alone. Only a slow hash is kept: the list must not become a list of
addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core import signing
from django.db import models, transaction
from django.utils import timezone

from .users import User

SALT = "accounts.suppression"


def hashed(email: str) -> str:
    """scrypt of the lower-case address. Slow on purpose (about 50 ms), since addresses are easy to guess;
    the salt is fixed, because the same address must always give the same hash, also after the secret key
    was changed."""
    digest = hashlib.scrypt(email.strip().lower().encode(), salt=b"book-of-experts:take-me-off", n=2**14, r=8, p=1)
    return digest.hex()


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def for_address(self, email: str) -> SuppressionQuerySet:
        return self.filter(email_hash=hashed(email))


@dataclass(frozen=True)
class Keeper:
    """What an app above does with people who want to be left alone. The first two are called with an address, in the
    transaction of the act; the third says whether the person with this address said no to somebody in particular."""

    left_alone: Callable[[str], None]
    taken_back: Callable[[str], None]
    said_no: Callable[[User, str], bool]


_keepers: list[Keeper] = []


def kept_by(keeper: Keeper) -> None:
    """Have an app above keep its side of it. The same one twice is one."""
    if keeper not in _keepers:
        _keepers.append(keeper)


class SuppressionManager(models.Manager.from_queryset(SuppressionQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def add_address(self, email: str) -> None:
        self.get_or_create(email_hash=hashed(email))
        for keeper in _keepers:
            keeper.left_alone(email)

    @transaction.atomic
    def remove_address(self, email: str) -> None:
        if self.exists():
            self.for_address(email).delete()
        for keeper in _keepers:
            keeper.taken_back(email)

    def covers(self, email: str) -> bool:
        """Whether nothing may be sent to this address. An empty list is the common case and costs no hash."""
        return self.exists() and self.for_address(email).exists()

    def said_no(self, *, writer: User, email: str) -> bool:
        """Whether the person with this address said no to this writer."""
        return any(keeper.said_no(writer, email) for keeper in _keepers)


class Suppression(models.Model):
    email_hash = models.CharField(max_length=128, primary_key=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SuppressionManager()

    def __str__(self) -> str:
        return self.email_hash[:12]


def off_token(email: str) -> str:
    """What stands in the "take me off" address of a letter: it proves that its holder got the letter."""
    return signing.Signer(salt=SALT).sign_object(email)


def off_address(token: str) -> str | None:
    """The address a "take me off" link was sent to, or None when we did not make the link."""
    try:
        return str(signing.Signer(salt=SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, UnicodeError):
        return None
