from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User

STAFF_LENGTH = 15


class StaffLength:
    """Who decides for others has a longer password."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and user.is_staff and len(password) < STAFF_LENGTH:
            raise ValidationError(f"Use at least {STAFF_LENGTH} characters: you decide for others here.")

    def get_help_text(self) -> str:
        return f"Curators need at least {STAFF_LENGTH} characters."


class NotOurWords:
    """The name of the book is the first thing that somebody guesses."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = "".join(char for char in password.lower() if char.isalpha())
        own = "".join(char for char in settings.BOOK_NAME.lower() if char.isalpha())
        if plain in {own, own * 2, "bookofexperts"}:
            raise ValidationError("Choose something other than the name of this book.")

    def get_help_text(self) -> str:
        return "Not the name of this book."
