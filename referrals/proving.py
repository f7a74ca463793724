"""Proof of the books: everything the ledger says is recomputed from what stands below it.

Each check is one statement, or one walk of a server-side cursor, so a million entries need no more memory than ten.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, F, FilteredRelation, Func, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from referrals import bank
from referrals.bank import Kind
from referrals.models import Correction, Entry, Introduction, Leg, Report, Thanks
from referrals.models.ledger import payload_hash
from referrals.models.statements import worth

AT_ONCE = 5000
HORIZONS = (0, 30, 365)
TOLERANCE = 1e-6
HOUSE = 0  # no person has this key


@dataclass(frozen=True)
class Difference:
    """Something that is not as the rules say; where it is one entry's, which."""

    check: str
    entry: int | None
    says: str

    def __str__(self) -> str:
        return f"{self.check}: {f'entry {self.entry} ' if self.entry else ''}{self.says}"


def legs() -> Iterator[Difference]:
    """Each entry has two legs, its giver's and its receiver's, of its own day, that sum to 0."""
    strange = ~Q(legs__effective_at=F("effective_at")) | ~Q(
        Q(legs__account=F("giver")) | Q(legs__account=F("receiver"))
    )
    counted = Entry.objects.annotate(
        number=Count("legs__account"),
        total=Sum("legs__amount", default=0),
        strange=Count("legs__account", filter=Q(legs__account__isnull=False) & strange),
    )
    wrong = counted.filter(~Q(number=2) | ~Q(total=0) | ~Q(strange=0)).order_by("pk")
    for entry in wrong.iterator(chunk_size=AT_ONCE):
        if entry.number != 2:
            yield Difference("legs", entry.pk, f"has {entry.number} legs, not 2")
        if entry.total:
            yield Difference("legs", entry.pk, f"has legs that sum to {entry.total}, not 0")
        if entry.strange:
            yield Difference("legs", entry.pk, "has a leg of another account or another day")


def total() -> Iterator[Difference]:
    """All legs sum to 0."""
    points = Leg.objects.aggregate(points=Sum("amount", default=0))["points"]
    if points:
        yield Difference("total", None, f"all legs sum to {points}, not 0")


def balances() -> Iterator[Difference]:
    """All balances sum to 0, today and later."""
    for days in HORIZONS:
        at = timezone.now() + dt.timedelta(days=days)
        accounts = Leg.objects.filter(effective_at__lte=at).values("account").annotate(balance=Sum(worth(at)))
        points = accounts.aggregate(points=Sum("balance", default=0.0))["points"]
        if abs(points) > TOLERANCE:
            yield Difference("balances", None, f"all balances in {days} days sum to {points:.6f}, not 0")


def replay() -> Iterator[Difference]:
    """The entries of each series, one after the other by the rules, move what they say."""
    own_leg = FilteredRelation("legs", condition=Q(legs__account=F("giver")))
    rows = Entry.objects.annotate(own=own_leg, amount_moved=F("own__amount"), series=Coalesce("reverses__kind", "kind"))
    series = rows.order_by("series", "giver_id", "receiver_id", "pk").select_related("giver", "receiver")
    walk = series.iterator(chunk_size=AT_ONCE)
    for _, entries in itertools.groupby(walk, key=lambda entry: (entry.series, entry.giver_id, entry.receiver_id)):
        yield from replay_series(entries)


def replay_series(entries: Iterable[Any]) -> Iterator[Difference]:
    """One kind between one giver and one receiver, in the order of posting, with the reversals among them."""
    standing: dict[int, Any] = {}
    for entry in entries:
        if entry.kind == Kind.REVERSAL:
            former = standing.pop(entry.reverses_id, None)
            expected = -(former.amount_moved or 0) if former else 0
        else:
            since = entry.effective_at - bank.YEAR
            n = sum(since < earlier.effective_at <= entry.effective_at for earlier in standing.values())
            expected = bank.amount(entry.kind, n)
            standing[entry.pk] = entry
        if entry.amount_moved != expected:
            yield Difference("replay", entry.pk, f"moves {entry.amount_moved or 0} points, the rules say {expected}")
        if entry.payload_hash != payload_hash(entry.kind, entry.giver, entry.receiver):
            yield Difference("replay", entry.pk, "was posted for something else than it says")


def sources() -> dict[Kind, list[QuerySet[Any]]]:
    """Where entries of each kind come from: rows with the `key`, `giver`, `receiver` (people) and `day` of theirs."""
    accepted = expected(
        Introduction.objects.filter(introduced_at__isnull=False),
        key=Concat(Value("introduction:"), text("pk"), Value(":accepted")),
        giver="giver",
        receiver="expert__member",
        day="introduced_at",
    )
    thanked = expected(
        Thanks.objects.filter(by=F("introduction__expert__member")),
        key=Concat(Value("introduction:"), text("introduction_id"), Value(":thanks")),
        giver="introduction__giver",
        receiver="by",
        day="at",
    )
    pushy = expected(
        Report.objects.filter(upheld=True),
        key=Concat(Value("pushy:"), text("pk"), Value(":upheld")),
        giver=None,
        receiver="about",
        day="decided_at",
    )
    reversed_ones = expected(
        Entry.objects.exclude(kind=Kind.REVERSAL),
        key=Concat(Value("reversal:"), text("pk")),
        giver="giver__member",
        receiver="receiver__member",
        day="effective_at",
    )
    return {
        Kind.INTRODUCTION: [accepted, corrected(Kind.INTRODUCTION)],
        Kind.THANKS: [thanked, corrected(Kind.THANKS)],
        Kind.ANSWER: [],
        Kind.PUSHY: [pushy],
        Kind.REVERSAL: [reversed_ones],
    }


def corrected(kind: Kind) -> QuerySet[Any]:
    """What curators posted anew: the key is that of the introduction, and names the entry it stands for."""
    number = Func(F("entry__idempotency_key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    return expected(
        Correction.objects.filter(posting__kind=kind),
        key=Concat(Value("introduction:"), number, Value(":corrected:"), text("entry_id"), output_field=CharField()),
        giver="posting__giver__member",
        receiver="entry__receiver__member",
        day="entry__effective_at",
    )


def text(field: str) -> Cast:
    return Cast(field, CharField())


def expected(rows: QuerySet[Any], *, key: Any, giver: str | None, receiver: str, day: str) -> QuerySet[Any]:
    """Rows of a source, each with what its entry has to say. Without a giver it is the house."""
    return rows.annotate(
        its_key=key,
        its_giver=Coalesce(F(giver), HOUSE) if giver else Value(HOUSE),
        its_receiver=Coalesce(F(receiver), HOUSE),
        its_day=F(day),
    )


def origins() -> Iterator[Difference]:
    """No entry without the event it was posted for, of the same two people and the same day."""
    for kind, rows in sources().items():
        entries = Entry.objects.filter(kind=kind)
        for source in rows:
            its_own = source.filter(
                its_key=OuterRef("idempotency_key"),
                its_giver=Coalesce(OuterRef("giver__member"), HOUSE),
                its_receiver=Coalesce(OuterRef("receiver__member"), HOUSE),
                its_day=OuterRef("effective_at"),
            )
            entries = entries.filter(~Exists(its_own))
        for entry in entries.order_by("pk").iterator(chunk_size=AT_ONCE):
            says = f"({entry.kind}, {entry.idempotency_key}) has no event that says the same"
            yield Difference("origins", entry.pk, says)


CHECKS: tuple[Callable[[], Iterator[Difference]], ...] = (legs, total, balances, replay, origins)
