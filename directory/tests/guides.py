"""Guides for tests, at every stage and through the real acts."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from accounts.tests.factories import make_curator
from directory import proof
from directory.models import Expert, Paper, PaperState

REASON = "Plain, and true as far as I can judge."
# The acts that lead to each state.
STEPS = {
    PaperState.DRAFT: "",
    PaperState.SUBMITTED: "submit",
    PaperState.IN_PRINT: "submit print",
    PaperState.WITHDRAWN: "submit print withdraw",
}


def guide_words(author: Expert, **words: Any) -> dict[str, Any]:
    return {
        "title": "My invoices are paid two months late",
        "summary": "Send them on the day, and say when you will ring.",
        "body": "Write the date of payment first.\n\nThen ring on that date.",
        "link": "",
        "categories": [author.categories[0].pk],
        **words,
    }


def make_guide(author: Expert, *, state: str = PaperState.IN_PRINT, by: User | None = None, **words: Any) -> Paper:
    """A guide that went all the way to `state`, read by this curator or by a new one."""
    paper = Paper.objects.write(author=author, words=guide_words(author, **words))
    for step in STEPS[PaperState(state)].split():
        acts = {
            "submit": paper.submit,
            "print": lambda: paper.print(by=by or make_curator(), reason=REASON),
            "withdraw": lambda: paper.withdraw(by=author.member),
        }
        acts[step]()
    return fresh(paper)


def fresh(paper: Paper) -> Paper:
    return Paper.objects.with_author().get(pk=paper.pk)


def guide_typed(**changes: Any) -> dict[str, Any]:
    """What somebody fills into the form of a guide."""
    return {
        "title": "Nobody listens to my show",
        "summary": "Cut the first minute.",
        "body": "Begin where it hurts.\n\nThen stop.",
        "link": "",
        "categories": ["podcasting"],
        **changes,
    }


def read_guide(paper: Paper, **typed: Any) -> dict[str, Any]:
    """What a curator's browser sends who has this guide open now."""
    return {"read": proof.of_guide(fresh(paper)), "reason": REASON, **typed}
