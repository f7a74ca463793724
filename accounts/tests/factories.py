"""People for tests: plain functions, keyword-only, each with an address that is already confirmed."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Notice, User
from accounts.tasks import deliver

PASSWORD = "a long enough password"
numbers = itertools.count(1)


def make_user(*, name: str = "", email: str = "", password: str | None = None, **fields: Any) -> User:
    """Somebody we know the address of, and nothing more."""
    number = next(numbers)
    user = User.objects.create_user(
        email or f"person{number}@example.test", password, name=name or f"Person {number}", **fields
    )
    user.confirm_email()
    return user


def make_guest(*, name: str = "Gwen Adair", **fields: Any) -> User:
    """Signs in, and is no member."""
    return make_user(name=name, **fields)


def make_member(*, name: str = "", days: int = 100, invited_by: User | None = None, **fields: Any) -> User:
    """A member for so many days: what he signs counts when there are 14."""
    member = make_user(name=name, **fields)
    member.join(invited_by=invited_by)
    since = timezone.now() - dt.timedelta(days=days)
    counts_from = since + dt.timedelta(days=14)
    User.objects.filter(pk=member.pk).update(member_since=since, counts_from=counts_from)
    member.refresh_from_db()
    return member


def make_curator(*, name: str = "Dana Whitfield", **fields: Any) -> User:
    curator = make_member(name=name, **fields)
    curator.make_curator()
    return curator


def make_owner(*, name: str = "Olga Owens", **fields: Any) -> User:
    owner = make_user(name=name, **fields)
    owner.join(invited_by=None, as_owner=True)
    return owner


def make_invitation(
    *, inviter: User | None = None, sentence: str = "She rebuilt our offer.", email: str = ""
) -> Invitation:
    return Invitation.objects.invite(inviter=inviter or make_member(), sentence=sentence, email=email)


def make_notice(*, recipient: User | None = None, letter: str = "invite", **fields: Any) -> Notice:
    """A letter in the outbox. Without a recipient it goes to a stranger."""
    number = next(numbers)
    if recipient is None:
        fields.setdefault("address", f"stranger{number}@example.test")
    words = {"inviter": "Priya Raman", "inviter_first": "Priya", "sentence": "She rebuilt our offer."}
    fields = {"key": f"test:{number}", "path": "/join/a/", "words": words, **fields}
    return Notice.objects.tell(recipient, letter=letter, **fields)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send_letters() -> None:
    """What the worker does with the outbox."""
    for pk in Notice.objects.waiting().order_by("pk").values_list("pk", flat=True):
        deliver.call(pk)
