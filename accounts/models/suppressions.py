"""Addresses that asked to be left alone. Only a slow hash is kept: the list must not become a list of
addresses."""

from __future__ import annotations

import hashlib

from django.core import signing
from django.db import models
from django.utils import timezone

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


class SuppressionManager(models.Manager.from_queryset(SuppressionQuerySet)):  # type: ignore[misc]
    def add_address(self, email: str) -> None:
        self.get_or_create(email_hash=hashed(email))

    def remove_address(self, email: str) -> None:
        if self.exists():
            self.for_address(email).delete()

    def covers(self, email: str) -> bool:
        """Whether nothing may be sent to this address. An empty list is the common case and costs no hash."""
        return self.exists() and self.for_address(email).exists()


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
