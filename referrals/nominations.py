"""People put forward to whom nobody has written yet: the desk writes to them, once, or declines."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Suppression, User
from directory.models import Expert, State, WrongMove
from directory.models.experts import ExpertQuerySet
from referrals import letters
from referrals.models import Recommendation


class LeftAlone(Exception):
    """The address is on the list of those that get no letters."""


def waiting() -> ExpertQuerySet:
    """Those who wait for a letter, the oldest first.

    Where a member put them forward with first words that no curator has read, the letter goes once they have been."""
    unread = Recommendation.objects.standing().filter(expert=OuterRef("pk"), read_at__isnull=True)
    by_itself = Q(nominated_by__isnull=False) & Q(Exists(unread))
    return Expert.objects.all().filter(~by_itself, state=State.NOMINATED).order_by("moved_at", "pk")


@transaction.atomic
def write_to(expert: Expert, *, by: User) -> None:
    """The letter that asks them, with the words of somebody who recommends them where there are any.

    Raises LeftAlone, or WrongMove when somebody was faster."""
    expert = expert.locked()
    if expert.state != State.NOMINATED:
        raise WrongMove(expert.state)
    if Suppression.objects.covers(expert.member.email):
        raise LeftAlone
    words = Recommendation.objects.standing().filter(expert=expert, read_at__isnull=False).select_related("author")
    expert.invite(by=by)
    letters.put_forward(expert=expert, recommendation=words.order_by("-signed_at", "-pk").first())


@transaction.atomic
def decline(expert: Expert, *, by: User, reason: str) -> None:
    """They never knew, so nobody is written to. Raises WrongMove or Conflict."""
    expert = expert.locked()
    if expert.state != State.NOMINATED:
        raise WrongMove(expert.state)
    expert.decline(by=by, reason=reason)
