"""A desk for tests: curators by name, words somebody signed, and what a curator's form carries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import make_curator, make_member, signed_in
from directory import proof
from directory.models import Expert, Revision, State
from directory.tests.listings import make_listing
from referrals.models import Recommendation

WORDS = {
    "relationship": "client",
    "how_i_know": "She edited our first season from raw tapes.",
    "what_i_like": "She asks what the listener should remember.",
    "why_i_trust": "She told us to drop our best joke, and was right.",
}


def make_submission(*, name: str = "Erin Vale", **words: Any) -> Expert:
    return make_listing(member=make_member(name=name), state=State.SUBMITTED, **words)


def make_printed(*, by: User, name: str = "Alice Moreau", **words: Any) -> Expert:
    """In print by this curator's decision, so that no other curator has to be there."""
    expert = make_submission(name=name, **words)
    expert.put_in_print(by=by, reason="Two letters and a talk I heard.")
    return Expert.objects.with_member().get(pk=expert.pk)


def make_words(*, author: User, expert: Expert, **words: Any) -> Recommendation:
    return Recommendation.objects.sign(
        author=author, expert=expert, categories=expert.categories[:1], **{**WORDS, **words}
    )


def make_changes(expert: Expert, **words: Any) -> Revision:
    revision = Revision.objects.propose(expert, words=words or {"headline": "Helps hosts who never began."})
    assert revision is not None
    return revision


def make_curators(number: int) -> list[User]:
    names = ("Dana Whitfield", "Lena Ortiz", "Miro Hale", "Nadia Frost")
    return [make_curator(name=name) for name in names[:number]]


def read_submission(expert: Expert, **typed: Any) -> dict[str, Any]:
    """What a curator's browser sends who has this submission open now."""
    return {"read": proof.of_submission(Expert.objects.with_member().get(pk=expert.pk)), **typed}


def read_changes(revision: Revision, **typed: Any) -> dict[str, Any]:
    return {"read": proof.of_changes(Revision.objects.get(pk=revision.pk)), **typed}


def address(name: str, expert: Expert) -> str:
    return reverse(f"directory:{name}", args=[expert.member.handle])


def state_of(expert: Expert) -> str:
    return Expert.objects.values_list("state", flat=True).get(pk=expert.pk)


def sit(curator: User) -> Client:
    return signed_in(curator)


def in_days(days: int) -> dt.date:
    return dt.date.today() + dt.timedelta(days=days)
