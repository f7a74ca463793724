"""Cases for the desk: a reported message, a disputed line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.demo import factory
from directory.models import Expert
from referrals.models import Correction, Entry, Introduction, Report, Touch
from referrals.tests.introducing import introduce, introduced

PITCH = "Buy my course today, it costs less."


def make_report(
    *, expert: Expert, prospect: User | None = None, kind: str = "pitched", words: str = "", body: str = PITCH
) -> Report:
    """An expert wrote to a prospect, who shows it to the curators."""
    prospect = prospect or factory.make_guest()
    introduction = prospect.introductions.filter(expert=expert).first() or introduced(prospect=prospect, expert=expert)
    touch = Touch.objects.write(introduction=introduction, author=expert.member, body=body)
    report: Report = Report.objects.report(touch=touch, by=prospect, kind=kind, words=words)
    return report


def upheld_before(number: int, *, expert: Expert, by: User, days: int = 0) -> None:
    """So many cases, decided so many days ago."""
    for _ in range(number):
        report = make_report(expert=expert)
        assert report.decide(by=by, upheld=True, reason="That was a pitch.")
        then = timezone.now() - dt.timedelta(days=days)
        Report.objects.filter(pk=report.pk).update(decided_at=then)


def make_introduction(*, introducer: User, expert: Expert, prospect: User | None = None) -> Introduction:
    """By a member, accepted by both, to an expert who can pay for it."""
    if not expert.picks.exists():
        factory.make_pick(expert=expert)
    prospect = prospect or factory.make_guest()
    introduction = introduce(introducer=introducer, expert=expert, prospect=prospect)
    introduction.say_yes(by=prospect)
    introduction.say_yes(by=expert.member)
    return introduction


def make_correction(*, by: User, introduction: Introduction, name: str = "accepted") -> Correction:
    """Somebody says that the line of this introduction is wrong."""
    entry = Entry.objects.get(idempotency_key=f"introduction:{introduction.pk}:{name}")
    correction: Correction = Correction.objects.ask(entry=entry, by=by, words="It was somebody else.")
    return correction


def curators(number: int) -> list[User]:
    """More of them, so that nobody has to decide in a conflict."""
    return [factory.make_curator(name=f"Lena Ortiz {n}") for n in range(number)]


def nobody(*people: Any) -> list[User]:
    """Who has no business at the desk."""
    return [factory.make_guest(), factory.make_member(), *people]
