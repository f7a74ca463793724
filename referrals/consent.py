"""Where somebody's address can be read too early: before both of an introduction said yes, it may be nowhere but in the
letters to that person.

Looks at what is stored about the introduction, at every letter as it is composed, at the pages and downloads of all its
parties, rendered as they would see them, and at log files.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts import letters
from accounts.models import Notice, User
from referrals.letters.introductions import page
from referrals.models import Introduction

TEXTS = ("need", "tried", "success", "note_to_expert", "note_to_prospect", "offer_words", "prospect_name", "answers")


@dataclass(frozen=True)
class Trace:
    where: str
    whose: str  # "prospect" or "expert": never the address itself

    def __str__(self) -> str:
        return f"{self.where}: the address of the {self.whose}"


def traces(introduction: Introduction, *, logs: Iterable[Path] = ()) -> Iterator[Trace]:
    """Every place that tells one's address to another before both agreed."""
    people = {"prospect": introduction.prospect, "expert": introduction.expert.member}
    places = [_stored(introduction), _letters(introduction)]
    if not introduction.addresses_are_open:
        places.append(_pages(introduction))
    for place in places:
        for where, reader, text in place:
            for whose, person in people.items():
                if reader != person and _holds(text, person.email):
                    yield Trace(where, whose)
    for log in logs:
        with log.open(errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                for whose, person in people.items():
                    if _holds(line, person.email):
                        yield Trace(f"{log}, line {number}", whose)


Place = Iterator[tuple[str, User | None, str]]  # where, who reads it there, and all that is read


def _holds(text: str, email: str) -> bool:
    return email.lower() in html.unescape(unquote(text)).lower()


def _stored(introduction: Introduction) -> Place:
    for name in TEXTS:
        yield f"introduction {introduction.pk}, {name}", None, str(getattr(introduction, name))
    before = introduction.thread.all()
    if introduction.introduced_at is not None:
        before = before.filter(at__lt=introduction.introduced_at)
    for touch in before:
        yield f"touch {touch.pk}", None, touch.body


def _letters(introduction: Introduction) -> Place:
    """Those about this introduction that were written before both had agreed, whole, with their headers."""
    about = Q(key__regex=rf"^[a-z_]+:{introduction.pk}:")
    before = Notice.objects.select_related("recipient").filter(about)
    if introduction.introduced_at is not None:
        before = before.filter(created_at__lt=introduction.introduced_at)
    for notice in before.exclude(address=""):
        yield f"letter {notice.pk} ({notice.letter})", notice.recipient, letters.compose(notice).message().as_string()


def _pages(introduction: Introduction) -> Place:
    """As each party sees them, signed in and by letter. Looking leaves nothing behind."""
    host = urlsplit(settings.SITE_URL).netloc
    parties = {introduction.prospect, introduction.expert.member}
    for person in parties | ({introduction.giver} if introduction.giver else set()):
        with transaction.atomic():
            browser = Client(headers={"host": host}, raise_request_exception=False)
            by_letter = page(introduction, person)
            yield by_letter, person, _read(browser, by_letter)
            browser.force_login(person)
            for address in _addresses(introduction, person):
                yield address, person, _read(browser, address)
            transaction.set_rollback(True)


def _addresses(introduction: Introduction, person: User) -> list[str]:
    names = ["referrals:introductions", "accounts:notifications", "directory:home"]
    names += ["referrals:bank", "referrals:bank_csv"] if person.is_member else []
    expert = introduction.expert.get_absolute_url()
    return [*map(reverse, names), introduction.get_absolute_url(), expert]


def _read(browser: Client, address: str) -> str:
    answer = browser.get(address, secure=settings.SITE_URL.startswith("https"))
    return answer.getvalue().decode(errors="replace")
