"""A whole community at once: a thousand members, three hundred experts, three thousand recommendations. The
same seed gives the same names and texts, at whatever time it is loaded."""

from __future__ import annotations

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from directory.models import Expert

from . import desk, listings, people, portraits, voices, wording

SEED = 1492
SIGN_INS = tuple(people.NAMED)


def is_loaded() -> bool:
    """Whether this book holds the sample community. It was stored whole or not at all."""
    return User.objects.filter(email="alice@example.test", expert__isnull=False).exists()


def load(*, now: dt.datetime, password: str, faces: bool = True, seed: int = SEED) -> None:
    """Fill an empty book. Nobody is written to."""
    chance = random.Random(seed)
    # Encoders work outside Python's lock: the faces are drawn while the database is busy.
    with ThreadPoolExecutor(2) as painters, transaction.atomic():
        everybody = people.settle(chance=chance, now=now)
        set_password(password)
        book = listings.publish(chance=chance, now=now, people=everybody)
        painted = [
            painters.submit(portraits.hang, name=one.expert.portrait, she=one.who.she)
            for one in book
            if faces and one.expert.portrait
        ]
        said = voices.gather(chance=chance, now=now, people=everybody, listings=book)
        wording.write(chance=chance, now=now, voices=said)
        desk.pick(chance=chance, now=now, people=everybody, listings=book)
        desk.share_books(chance=chance, now=now, voices=said)
        desk.begin_drafts(chance=chance, people=everybody, listings=book, voices=said)
        desk.invite(chance=chance, now=now, people=everybody)
        desk.notify(now=now, voices=said)
        for expert in Expert.objects.listed().with_member():
            expert.update_lists()
    for portrait in painted:
        portrait.result()  # raises what went wrong


def set_password(password: str) -> None:
    """Let the people of the sign-in list in with this password."""
    emails = [f"{key}@example.test" for key in SIGN_INS]
    User.objects.filter(email__in=emails).update(password=make_password(password))
