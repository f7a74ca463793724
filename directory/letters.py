"""What people are told about their listing: one Notice each, in the transaction of the act it tells of."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from accounts.models import Notice, User
from directory.models import Expert, Paper


def _tell(expert: Expert, *, letter: str, at: dt.datetime, path: str, by: User, reason: str) -> None:
    Notice.objects.tell(
        expert.member,
        letter=letter,
        key=f"{letter}:{expert.pk}:{at.isoformat()}",
        path=path,
        words={"expert_first": expert.member.first_name, "curator": by.name, "reason": reason},
    )


def listing_printed(expert: Expert, *, by: User, reason: str) -> None:
    path = expert.get_absolute_url()
    _tell(expert, letter="listing_printed", at=expert.moved_at, path=path, by=by, reason=reason)


def listing_sent_back(expert: Expert, *, by: User, reason: str) -> None:
    path = reverse("directory:listing")
    _tell(expert, letter="listing_sent_back", at=expert.moved_at, path=path, by=by, reason=reason)


def listing_declined(expert: Expert, *, by: User, reason: str) -> None:
    path = reverse("directory:chosen")
    _tell(expert, letter="listing_declined", at=expert.moved_at, path=path, by=by, reason=reason)


def listing_suspended(expert: Expert, *, by: User, reason: str) -> None:
    path = reverse("directory:listing")
    _tell(expert, letter="listing_suspended", at=expert.moved_at, path=path, by=by, reason=reason)


def listing_reinstated(expert: Expert, *, by: User, reason: str) -> None:
    path = expert.get_absolute_url()
    _tell(expert, letter="listing_reinstated", at=expert.moved_at, path=path, by=by, reason=reason)


def changes_printed(expert: Expert, *, submitted_at: dt.datetime, by: User, reason: str) -> None:
    path = expert.get_absolute_url()
    _tell(expert, letter="changes_printed", at=submitted_at, path=path, by=by, reason=reason)


def changes_sent_back(expert: Expert, *, submitted_at: dt.datetime, by: User, reason: str) -> None:
    path = reverse("directory:listing")
    _tell(expert, letter="changes_sent_back", at=submitted_at, path=path, by=by, reason=reason)


def _tell_author(paper: Paper, *, letter: str, at: dt.datetime, path: str, by: User, reason: str) -> None:
    author = paper.author.member
    Notice.objects.tell(
        author,
        letter=letter,
        key=f"{letter}:{paper.pk}:{at.isoformat()}",
        path=path,
        words={"expert_first": author.first_name, "curator": by.name, "reason": reason, "guide": paper.title},
    )


def guide_printed(paper: Paper, *, at: dt.datetime, by: User, reason: str) -> None:
    """`at`: when its author sent it to the desk."""
    _tell_author(paper, letter="guide_printed", at=at, path=paper.get_absolute_url(), by=by, reason=reason)


def guide_sent_back(paper: Paper, *, at: dt.datetime, by: User, reason: str) -> None:
    path = reverse("directory:edit_guide", args=[paper.pk])
    _tell_author(paper, letter="guide_sent_back", at=at, path=path, by=by, reason=reason)


def guide_withdrawn(paper: Paper, *, at: dt.datetime, by: User, reason: str) -> None:
    """By a curator."""
    _tell_author(paper, letter="guide_withdrawn", at=at, path=reverse("directory:guides"), by=by, reason=reason)
