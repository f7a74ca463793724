"""What the first page of the book says to somebody whose turn it is."""

from __future__ import annotations

from accounts.models import User
from directory.waiting import NextThing
from referrals.models import Introduction
from referrals.turns import turn


def next_thing(user: User) -> NextThing | None:
    """The introduction that has waited longest for this person."""
    introduction = Introduction.objects.waiting_for(user).with_people().first()
    if introduction is None:
        return None
    return NextThing(turn(introduction, user).sentence, "Open it", introduction.get_absolute_url())
