"""Introductions for tests, by the verbs of the models."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from directory.models import Expert
from referrals.models import Introduction, Recommendation

NEED = "My show has good guests and no listeners. I tried posting more often."


def ask(*, prospect: User, expert: Expert, **brief: Any) -> Introduction:
    introduction: Introduction = Introduction.objects.ask(prospect=prospect, expert=expert, **{"need": NEED, **brief})
    return introduction


def by_recommendation(said: Recommendation, *, prospect: User, **brief: Any) -> Introduction:
    return ask(prospect=prospect, expert=said.expert, recommendation=said, **brief)


def introduce(*, introducer: User, expert: Expert, prospect: User, **brief: Any) -> Introduction:
    """By a member, to be answered by both."""
    introduction: Introduction = Introduction.objects.introduce(
        introducer=introducer,
        expert=expert,
        name=prospect.name,
        email=prospect.email,
        **{"need": NEED, "note_to_expert": "She means it.", "note_to_prospect": "She helped me.", **brief},
    )
    return introduction


def introduced(*, prospect: User, expert: Expert, **brief: Any) -> Introduction:
    """Both said yes."""
    introduction = ask(prospect=prospect, expert=expert, **brief)
    introduction.say_yes(by=expert.member)
    return introduction
