"""What a curator has to do with introductions: messages that were reported, and lines of the bank that are disputed."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import cast

from referrals.bank import Kind
from referrals.models import Correction, Report, Stage

from .bank import Books, Event
from .meetings import Meeting
from .people import Somebody
from .stories import by_day, texts

UPHELD, DISMISSED, PENDING = 3, 2, 3
DAY = dt.timedelta(days=1)


@dataclass(eq=False)
class Case:
    """A message that its prospect showed to the curators, and what they found."""

    meeting: Meeting
    row: Report


def report(*, chance: random.Random, now: dt.datetime, meetings: list[Meeting], judges: list[Somebody]) -> list[Case]:
    """Some experts pitch. Decided long ago, or waiting at the desk. Before anything is stored."""
    old, young = _able(meetings, now=now, days=(400, 30)), _able(meetings, now=now, days=(25, 3))
    chance.shuffle(old)
    cases: list[Case] = []
    experts: set[int] = set()
    verdicts = [True] * UPHELD + [False] * DISMISSED + [None] * PENDING
    for number, verdict in enumerate(verdicts):
        candidates = young if verdict is None else old
        meeting = next(one for one in candidates if one.listing.expert.pk not in experts)
        experts.add(meeting.listing.expert.pk)
        pitched = verdict is not False and number != len(verdicts) - 1
        line = texts()["pitches"][number % 6] if pitched else texts()["harmless"][number % 3]
        at = by_day(meeting.touches[-1].at + dt.timedelta(days=chance.uniform(0.5, 2)))
        touch = meeting.write(meeting.expert, line.format(handle=meeting.expert.user.handle), at=at)
        row = Report(
            introduction=meeting.row, touch=touch, about=meeting.expert.user, by=meeting.prospect.user,
            kind=Report.Kind.PITCHED if pitched else Report.Kind.OTHER,
            words=texts()["report_words"][number % 6], at=at + dt.timedelta(hours=7),
        )  # fmt: skip
        if verdict is not None:
            reason = texts()["upheld_reasons" if verdict else "dismissed_reasons"][number % 3]
            row.upheld, row.reason = verdict, reason
            row.decided_at, row.decided_by = row.at + 2 * DAY, judges[number % len(judges)].user
        cases.append(Case(meeting, row))
    return cases


def _able(meetings: list[Meeting], *, now: dt.datetime, days: tuple[float, float]) -> list[Meeting]:
    """In touch, with a last word within these days and room for one more; the latest first."""
    first, last = now - dt.timedelta(days=days[0]), now - dt.timedelta(days=days[1])
    able = [
        one
        for one in meetings
        if one.row.stage == Stage.INTRODUCED and one.row.touches < 5 and not one.outcomes
        and any(touch.is_reflection for touch in one.touches) and not (one.expert.key or one.prospect.key)
    ]  # fmt: skip
    return sorted(
        (one for one in able if first < one.touches[-1].at < last), key=lambda one: one.touches[-1].at, reverse=True
    )


def save(cases: list[Case]) -> None:
    Report.objects.bulk_create(sorted((case.row for case in cases), key=lambda row: row.at))


def upheld(cases: list[Case]) -> list[Event]:
    """What the bank hears of."""
    rows = [case.row for case in cases if case.row.upheld]
    return [(row.decided_at, Kind.PUSHY, f"pushy:{row.pk}:upheld", None, row.about) for row in rows if row.decided_at]


def dispute(*, books: Books, now: dt.datetime, meetings: list[Meeting], judges: list[Somebody]) -> None:
    """Four lines of the last weeks: two corrections wait, one line was posted anew for somebody else, one stands."""
    known = {f"introduction:{one.row.pk}:accepted": one for one in meetings if one.giver and not one.expert.key}
    young = [entry for entry in books.entries if now - 50 * DAY < entry.effective_at < now - 8 * DAY]
    lines = [entry for entry in young if entry.idempotency_key in known and books.moved(entry) == 100][-4:]
    rows = []
    for number, entry in enumerate(lines):
        meeting = known[entry.idempotency_key]
        giver = cast(Somebody, meeting.giver)
        names = {"prospect": meeting.prospect.user.first_name, "giver": giver.user.first_name}
        words = texts()["correction_words"][3 - number].format(**names)
        row = Correction(entry=entry, by=meeting.expert.user, words=words, at=entry.effective_at + 2 * DAY)
        if number >= 2:
            reason, judge, at = texts()["correction_reasons"][number - 2], judges[number - 1].user, row.at + 3 * DAY
            row.decided_at, row.decided_by, row.reason = at, judge, reason
        if number == 2:
            others = (one.giver for one in known.values() if one.giver not in (giver, meeting.expert, meeting.prospect))
            row.reversal = books.reverse(entry, by=judge, reason=reason, at=at)
            row.posting = books.post_anew(entry, giver=cast(Somebody, next(others)).user, at=at)
        rows.append(row)
    books.save()
    Correction.objects.bulk_create(sorted(rows, key=lambda row: row.at))
