"""How django-allauth behaves in this book: nobody signs up by himself, and its letters go through the
outbox."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.letters import absolute, render, take_me_off_url
from accounts.models import Notice, User

LONGEST_ADDRESS = 254  # RFC 5321, and the column


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the only door for new people is the join page of an invitation
        (accounts.views.invitations.join)."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put one of allauth's letters into the outbox. It never waits for the mail server, so the answer
        takes as long for an address that is known here as for one that is not."""
        if len(email) > LONGEST_ADDRESS:
            return  # allauth's own forms take longer ones; nobody has them
        recipient = User.objects.filter(email=email.lower()).first()
        words = {
            **context,
            "email": email,
            "book_name": settings.BOOK_NAME,
            "site_url": settings.SITE_URL,
            "password_reset_url": context.get("password_reset_url") or absolute(reverse("account_reset_password")),
            "take_me_off_url": "" if recipient and recipient.is_member else take_me_off_url(email),
        }
        Notice.objects.tell(
            recipient,
            address=email,
            letter="account",
            key=f"account:{uuid.uuid4()}",
            words={
                "subject": render(f"{template_prefix}_subject.txt", words, autoescape=False),
                "text": render(f"{template_prefix}_message.txt", words, autoescape=False),
                "html": render(f"{template_prefix}_message.html", words, autoescape=True),
            },
            listed=False,
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def is_safe_url(self, url: str | None) -> bool:
        """Django's own check lets control characters through, and the redirect to them then fails."""
        if not url or any(unicodedata.category(char) == "Cc" for char in url):
            return False
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # "http://[" is no address at all
            return False
