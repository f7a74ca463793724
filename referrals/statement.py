"""A member's statement: the lines of an account in words, and what stands above and beside them.

A line's key says which event it was posted for; the events of all lines of a page are fetched together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from directory.paging import Key, encode
from referrals import bank, chart, standing
from referrals.bank import Kind, Rating
from referrals.models import Account, Correction, Entry, Introduction, Leg, Recommendation, Report, Route, Thanks
from referrals.models.cases import DISPUTED_WITHIN
from referrals.models.deposits import close_to, waiting_with

SHORT = 6  # months of the picture on a small screen
WAITING = 20  # of what the ledger has not booked, the newest
ORDER = [Key("effective_at", descending=True), Key("entry_id", descending=True)]

GIVEN, RECEIVED = True, False
WORDS: dict[tuple[str, bool], str] = {
    (Kind.INTRODUCTION, GIVEN): "Introduced {prospect} to {other}",
    (Kind.INTRODUCTION, RECEIVED): "Introduction by {other}: {prospect}",
    (Kind.THANKS, GIVEN): "Thanks from {other} for {prospect}",
    (Kind.THANKS, RECEIVED): "Thanked {other} for {prospect}",
    (Kind.ANSWER, GIVEN): "Answered a question of {other}",
    (Kind.ANSWER, RECEIVED): "Answer by {other} that helped",
    (Kind.PUSHY, GIVEN): "Pushy follow-up of {other}, upheld",
    (Kind.PUSHY, RECEIVED): "Pushy follow-up, upheld",
}
BY_ROUTE: dict[tuple[str, bool], str] = {
    (Route.RECOMMENDATION, GIVEN): "Brought {prospect} to {other} by a recommendation",
    (Route.RECOMMENDATION, RECEIVED): "Brought by {other}’s recommendation: {prospect}",
    (Route.EXPERT, GIVEN): "Sent {prospect} on to {other}",
    (Route.EXPERT, RECEIVED): "Sent on by {other}: {prospect}",
}
SENTENCES = {
    Rating.OVERDRAWN: "You have received more than you gave. It is your turn to give.",
    Rating.NOTICE: "You have received much more than you gave. It is your turn to give.",
    Rating.INSUFFICIENT: "You have received much more than you gave for a while. To ask again, give first.",
    Rating.NEW: "You have received more than you gave in your first months. There is time to give.",
}
NEVER = "never counts: one firm or one household"
TOO_OFTEN = "counts no more: too often between the same two in a year"
WAITS_FOR_THEM = "counts when the one who received it is established"
WAITS_FOR_YOU = "counts when you are established"


@dataclass(frozen=True)
class Line:
    """A leg in words. Without an address there is nothing behind it that its reader may open."""

    leg: Leg
    words: str
    address: str = ""
    said: str = ""
    said_by: str = ""
    reason: str = ""
    undoes: str = ""  # where the line stands that it undoes
    correction: Correction | None = None

    @property
    def can_be_disputed(self) -> bool:
        """Whether its owner may ask for a correction."""
        entry = self.leg.entry
        is_recent = entry.effective_at >= timezone.now() - DISPUTED_WITHIN
        return is_recent and entry.reverses is None and not hasattr(entry, "reversal") and self.correction is None


@dataclass(frozen=True)
class Waiting:
    """Something given or received that the ledger has not booked, and why."""

    at: dt.datetime
    words: str
    why: str
    address: str


def told(legs: Sequence[Leg], *, member: User, reader: User) -> list[Line]:
    """The lines of a member's account in words: one query for each kind of event, however many lines."""
    events = [leg.entry.reverses or leg.entry for leg in legs]
    introductions, reports = _introductions(events), _reports(events)
    asked = Correction.objects.filter(by=member, entry__in=[leg.entry_id for leg in legs]).order_by("pk")
    corrections = {correction.entry_id: correction for correction in asked}
    here = {leg.entry_id for leg in legs}
    lines = []
    for leg, event in zip(legs, events, strict=True):
        report = reports.get(number(event, "pushy"))
        introduction = report.introduction if report else introductions.get(number(event, "introduction"))
        line: dict[str, Any] = {
            "words": _words(event.kind, is_given=leg.is_given, other=leg.other, member=member, of=introduction),
            "address": _address(introduction, reader=reader),
            "reason": report.reason if report else "",
            "correction": corrections.get(leg.entry_id),
        }
        if event != leg.entry:
            line |= {
                "words": f"Reversed: {line['words']}",
                "reason": leg.entry.reason,
                "undoes": _undone(leg, here=here),
            }
        elif introduction:
            line |= _said(event.kind, introduction, is_given=leg.is_given)
        lines.append(Line(leg, **line))
    return lines


def number(event: Entry, name: str) -> int:
    """The key of the row that an entry was posted for: 12 of "introduction:12:accepted"; 0 for another kind of row."""
    kind, _, rest = event.idempotency_key.partition(":")
    found = rest.partition(":")[0]
    return int(found) if kind == name and found.isdecimal() else 0


def _introductions(events: Iterable[Entry]) -> dict[int, Introduction]:
    wanted = {number(event, "introduction") for event in events} - {0}
    found = Introduction.objects.select_related("prospect", "expert__member").prefetch_related("thanks")
    return found.in_bulk(wanted)


def _reports(events: Iterable[Entry]) -> dict[int, Report]:
    wanted = {number(event, "pushy") for event in events} - {0}
    return Report.objects.select_related("introduction__prospect").in_bulk(wanted)


def _words(kind: str, *, is_given: bool, other: Account | User, member: User, of: Introduction | None) -> str:
    """Who is not part of an introduction reads no prospect's name, as on its page."""
    prospect = of.prospect_called if of and of.is_party(member) else "somebody"
    by_route = BY_ROUTE.get((of.route, is_given)) if of and kind == Kind.INTRODUCTION else None
    return (by_route or WORDS[kind, is_given]).format(prospect=prospect, other=other)


def _address(introduction: Introduction | None, *, reader: User) -> str:
    return introduction.get_absolute_url() if introduction and introduction.is_party(reader) else ""


def _said(kind: str, introduction: Introduction, *, is_given: bool) -> dict[str, str]:
    """What the prospect said to whoever introduced them, beside the introduction; the expert's thanks beside theirs."""
    by = introduction.prospect_id if kind == Kind.INTRODUCTION else introduction.expert_id
    words = [thanks.text for thanks in introduction.thanks.all() if thanks.by_id == by]
    if not words or (kind == Kind.INTRODUCTION and not is_given):
        return {}
    by_prospect = kind == Kind.INTRODUCTION
    return {"said": words[0], "said_by": introduction.prospect_called if by_prospect else introduction.expert.name}


def _undone(leg: Leg, *, here: set[int]) -> str:
    """A reversal counts from the same moment as its line, so that line is the first on the page after the reversal."""
    line = f"#line-{leg.entry.reverses_id}"
    return line if leg.entry.reverses_id in here else f"?after={encode(leg, ORDER)}{line}"


# Above and beside the lines.


def summary(account: Account, *, at: dt.datetime) -> dict[str, Any]:
    """The figures of a statement, its rating and its picture."""
    months, rating = account.by_month(), account.rating(at)
    balance, since = months[-1].balance, timezone.make_aware(dt.datetime.combine(months[0].first, dt.time()))
    given, received = sum(month.given for month in months), sum(month.received for month in months)
    return {
        "credit_line": account.credit_line,
        "balance": balance,
        "given": given,
        "received": received,
        "rating": rating,
        "sentence": SENTENCES.get(rating) or _sentence(rating, given=given, received=received),
        "pictures": [chart.draw(months, name="wide"), chart.draw(months[-SHORT:], name="narrow")],
        "gave_to": account.given_to_most(since=since),
        "got_from": account.received_from_most(since=since),
        **_notice(account, rating=rating, balance=balance, at=at),
        **_recommendations(account),
    }


def _sentence(rating: Rating, *, given: int, received: int) -> str:
    if rating == Rating.GENEROUS:
        return "You have given much more than you received. People remember that."
    if not given and not received:
        return "Nothing was given or received in these twelve months."
    if given > received:
        return "You have given more than you received this year. People remember that."
    return "You have given as much as you received this year." if given == received else (
        "You have received a little more than you gave this year. That is what the book is for."
    )  # fmt: skip


def _notice(account: Account, *, rating: Rating, balance: float, at: dt.datetime) -> dict[str, Any]:
    """On notice: when it becomes insufficient if nothing happens, or when it is back above the line by fading alone."""
    since = account.on_notice_since(at) if rating == Rating.NOTICE else None
    if since is None:
        return {}
    insufficient = since + bank.NOTICE
    above = at + bank.YEAR * math.log2(balance / bank.lowest(account.credit_line))
    return {"insufficient_on": insufficient} if insufficient < above else {"above_on": above}


def _recommendations(account: Account) -> dict[str, int]:
    """Counted beside the balance, and never paid."""
    given, received = Q(author=account.member_id), Q(expert=account.member_id)
    printed = Recommendation.objects.printed().filter(given | received)
    return printed.aggregate(recommended=Count("pk", filter=given), recommended_by=Count("pk", filter=received))


def waiting(member: User) -> list[Waiting]:
    """What this member gave or received in 180 days that is in no line, and why not."""
    events = waiting_with(member, most=WAITING)
    if not events:
        return []
    introductions = [event.introduction if isinstance(event, Thanks) else event for event in events]
    close, can_pay = close_to(member), standing.established({each.expert_id for each in introductions})
    found = []
    for event, introduction in zip(events, introductions, strict=True):
        is_given = introduction.giver_id == member.pk
        other = introduction.expert.member if is_given else cast(User, introduction.giver)
        kind, at = (Kind.THANKS, event.at) if isinstance(event, Thanks) else (Kind.INTRODUCTION, event.introduced_at)
        words = _words(kind, is_given=is_given, other=other, member=member, of=introduction)
        never, too_often = other.pk in close or member.same_firm(other), introduction.expert_id in can_pay
        waits = WAITS_FOR_THEM if is_given else WAITS_FOR_YOU
        why = NEVER if never else TOO_OFTEN if too_often else waits
        found.append(Waiting(cast(dt.datetime, at), words, why, introduction.get_absolute_url()))
    return found
