"""How a notice becomes a letter: subject, plain text and simple HTML from templates/mail/."""

from __future__ import annotations

import re
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.urls import reverse

if TYPE_CHECKING:
    from accounts.models import Notice


def absolute(path: str) -> str:
    """The whole address of a page, from SITE_URL and never from a request: a forged Host header must not
    reach a letter."""
    return urljoin(settings.SITE_URL, path)


def one_line(text: str) -> str:
    """Without line breaks and control characters: what may stand in a header."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def subject(notice: Notice) -> str:
    return one_line(render(f"mail/{notice.letter}-subject.txt", notice.words, autoescape=False))


def compose(notice: Notice) -> EmailMultiAlternatives:
    """The letter of a notice. Two attempts give the same Message-ID, so that a mail server can drop the
    second."""
    words = _words(notice)
    text = render(f"mail/{notice.letter}-text.txt", words, autoescape=False)
    message = EmailMultiAlternatives(
        subject=subject(notice),
        body=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        from_email=_from(notice.from_name),
        to=[notice.address],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers=_headers(notice, take_me_off_url=words["take_me_off_url"]),
    )
    message.attach_alternative(render(f"mail/{notice.letter}-html.html", words, autoescape=True), "text/html")
    return message


def _words(notice: Notice) -> dict[str, Any]:
    return {
        **notice.words,
        "recipient": notice.recipient,
        "address": notice.address,
        "link": absolute(notice.path) if notice.path else "",
        "book_name": settings.BOOK_NAME,
        "site_url": settings.SITE_URL,
        "take_me_off_url": take_me_off_url(notice.address) if notice.to_stranger else "",
    }


def take_me_off_url(email: str) -> str:
    """Where the holder of a letter stops everything to his address. It is in every letter to somebody who
    is no member."""
    from accounts.models.suppressions import off_token  # the models need this module

    return absolute(reverse("accounts:take_me_off", args=[off_token(email)]))


def _headers(notice: Notice, *, take_me_off_url: str) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{notice.pk}.{notice.created_at:%Y%m%d%H%M%S%f}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    # Not on sign-in codes: a mail program's one-click button would lock somebody out who only wanted fewer
    # letters.
    if take_me_off_url and notice.letter != "account":
        headers["List-Unsubscribe"] = f"<{take_me_off_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _from(name: str) -> str:
    """ "Sam Whitlock via Book of Experts", always at the book's own address."""
    own_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = one_line(name)
    return formataddr((f"{name} via {settings.BOOK_NAME}" if name else own_name, address))


def render(template: str, words: dict[str, Any], *, autoescape: bool) -> str:
    """One part of a letter."""
    # Plain text is never HTML-escaped, whatever a template forgets to say.
    return Engine.get_default().get_template(template).render(Context(words, autoescape=autoescape))
