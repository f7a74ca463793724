"""The steps of an introduction, from the need to the thanks, for everybody who may see where it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

from referrals.models import Outcome, Route
from referrals.models.introductions import TOUCHES

if TYPE_CHECKING:
    from referrals.models import Introduction

Kind = Outcome.Kind


class Line(NamedTuple):
    words: str
    at: dt.datetime | None = None
    is_done: bool = False
    is_next: bool = False
    said: tuple[str, ...] = ()


def line(words: str, at: dt.datetime | None, *said: str) -> Line:
    """One that is done when it has a day."""
    return Line(words, at, is_done=at is not None, said=said)


def lines(introduction: Introduction) -> list[Line]:
    """What was done, with its day; and, as long as it goes on, what comes. Asks for outcomes and thanks."""
    found = [*_consent(introduction), _touchpoints(introduction), _outcome(introduction)]
    if introduction.route != Route.DIRECT:
        found.append(_thanks(introduction))
    if not introduction.is_open:
        return [each for each in found if each.is_done]
    coming = next((each for each in found if not each.is_done), None)
    return [each._replace(is_next=each is coming) for each in found]


def _consent(introduction: Introduction) -> list[Line]:
    expert, prospect = introduction.expert.member.first_name, introduction.prospect_first
    giver = introduction.giver if introduction.route == Route.MEMBER else None
    who = giver.first_name if giver else prospect
    both = [
        line(f"{expert} {said(introduction.expert_yes_at)} yes", introduction.expert_yes_at),
        line(f"{prospect} {said(introduction.prospect_yes_at)} yes", introduction.prospect_yes_at),
    ]
    both.sort(key=lambda yes: yes.at or timezone.now())  # who said it, in that order; then who has not
    need = line(f"Need, in {who}’s words", introduction.asked_at)
    return [need, *both, line("Introduced", introduction.introduced_at)]


def said(at: dt.datetime | None) -> str:
    return "said" if at else "says"


def _touchpoints(introduction: Introduction) -> Line:
    began = introduction.touches > 0 or introduction.round > 0
    count = f"Touchpoints: {introduction.touches} of {TOUCHES}" if began else "Touchpoints"
    return Line(count, is_done=began)


def _outcome(introduction: Introduction) -> Line:
    """The latest word of each of the two."""
    latest = sorted({each.by_id: each for each in introduction.outcomes.all()}.values(), key=lambda each: each.pk)
    words = [f"{_name(introduction, each.by_id)}: {labels(introduction, by=each.by_id)[each.kind]}" for each in latest]
    return line("Outcome", latest[-1].at if latest else None, *words)


def _thanks(introduction: Introduction) -> Line:
    thanks = list(introduction.thanks.all())
    words = [f"{_name(introduction, each.by_id)}: {each.text}" for each in thanks]
    return line("Thanks", thanks[-1].at if thanks else None, *words)


def _name(introduction: Introduction, pk: int) -> str:
    return introduction.prospect_first if pk == introduction.prospect_id else introduction.expert.member.first_name


def labels(introduction: Introduction, *, by: int) -> dict[str, str]:
    """The seven outcomes in the words of one of the two: only the prospect can choose somebody else."""
    words = {str(kind): str(label) for kind, label in Kind.choices}
    if by == introduction.expert_id:
        words[Kind.CHOSE_ANOTHER] = f"{introduction.prospect_first} chose someone else"
    return words
