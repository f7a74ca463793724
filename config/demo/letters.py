"""What those who sign in were told about introductions, as referrals.letters.introductions writes it. Those letters
count as sent: nothing of this is ever mailed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Notice, User
from referrals.letters import introductions as letters

from .desk import sent
from .meetings import Meeting

RECENT = dt.timedelta(days=60)


def notify(*, now: dt.datetime, meetings: list[Meeting]) -> list[Notice]:
    rows = [
        notice
        for meeting in meetings
        if any(one and one.key for one in (meeting.prospect, meeting.expert, meeting.giver))
        for notice in _of(meeting)
    ]
    known = {f"{key}@example.test" for key in ("alice", "bob", "erin", "frank", "gwen")}
    return [row for row in rows if row.address in known and row.created_at > now - RECENT]


def _of(meeting: Meeting) -> list[Notice]:
    """The letters of one introduction, to whomever they went."""
    row, expert, prospect, giver = meeting.row, meeting.expert.user, meeting.prospect.user, meeting.giver
    told = [_notice(meeting, expert, "intro_ask_expert", at=row.asked_at)]
    if row.introduced_at:
        for to, other in ((prospect, expert), (expert, prospect)):
            reach = {"other": other.name, "other_first": other.first_name, "other_email": other.email}
            told.append(_notice(meeting, to, "introduction", at=row.introduced_at, **reach))
    for touch in meeting.touches:
        if touch.is_message:
            told.append(_message(meeting, touch.author, touch.body, at=touch.at, first=touch.is_reflection))
    if giver:
        for said in meeting.outcomes:
            told.append(_notice(meeting, giver.user, "intro_outcome", at=said.at, what=said.kind, by=said.by.name))
        for thanks in meeting.thanks:
            by = {"by": thanks.by.name, "by_first": thanks.by.first_name, "text": thanks.text}
            told.append(_notice(meeting, giver.user, "intro_thanks", at=thanks.at, from_name=thanks.by.name, **by))
    return told


def _message(meeting: Meeting, author: User, body: str, *, at: dt.datetime, first: bool) -> Notice:
    to = meeting.prospect.user if author is meeting.expert.user else meeting.expert.user
    return _notice(
        meeting, to, "intro_message", at=at, from_name=author.name, author=author.name,
        author_first=author.first_name, body=body, held=False, is_reflection=first,
    )  # fmt: skip


def _notice(meeting: Meeting, to: User, letter: str, *, at: dt.datetime, from_name: str = "", **more: Any) -> Notice:
    may_read = letters.names if meeting.giver and to is meeting.giver.user else letters.words
    return Notice(
        recipient=to,
        address=to.email,
        letter=letter,
        key=f"{letter}:{meeting.row.pk}:{to.pk}:{at.isoformat()}",
        path=letters.page(meeting.row, to),
        words={**may_read(meeting.row), "to_first": to.first_name, **more},
        from_name=from_name,
        **sent(at),
    )
