"""The letters of the book, as they lie in somebody's letter box."""

import re

from django.conf import settings
from django.core import mail

from accounts.tests.factories import send_letters


def last_letter(*, to: str) -> str:
    """The text of the newest letter to an address, after the worker has delivered."""
    send_letters()
    return str([letter for letter in mail.outbox if letter.to == [to]][-1].body)


def link_in(letter: str) -> str:
    """Where its button leads. It is the first link of a letter."""
    return re.findall(rf"{settings.SITE_URL}(/\S+)", letter)[0]


def code_in(letter: str) -> str:
    return re.findall(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter, re.MULTILINE)[0]
