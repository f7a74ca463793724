"""What can be asked of the legs of an account: its balance on a day, its lines, who gave and who received."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, FloatField, Func, Q, Sum, Value
from django.db.models.functions import Greatest, Power, TruncMonth
from django.utils import timezone

from referrals.bank import IN_DEBT, NOTICE, YEAR, faded

GIVER, RECEIVER = Q(account=F("entry__giver")), Q(account=F("entry__receiver"))


class Totals(NamedTuple):
    """Points without fading. A reversal takes away from the side that its entry was on."""

    given: int
    received: int


class Month(NamedTuple):
    first: dt.date
    given: int
    received: int
    balance: float  # at its end, or now


def worth(at: dt.datetime) -> models.Expression:
    """What a leg's points are worth on a day: they halve every 365 days."""
    template = "date_part('epoch', %(expressions)s)"
    seconds = Func(Value(at), F("effective_at"), template=template, arg_joiner=" - ", output_field=FloatField())
    return F("amount") * Power(Value(0.5), seconds / Value(YEAR.total_seconds()))


class LegQuerySet(models.QuerySet["Leg"]):  # type: ignore[name-defined]
    def balance(self, at: dt.datetime, *, posted_by: dt.datetime | None = None) -> float:
        """Their worth on a day; with `posted_by`, as it was known then."""
        legs = self.filter(effective_at__lte=at)
        if posted_by is not None:
            legs = legs.filter(entry__posted_at__lte=posted_by)
        return legs.aggregate(balance=Sum(worth(at), default=0.0))["balance"]

    def lines(self, at: dt.datetime) -> LegQuerySet:
        """As a statement prints them, the newest first, each with what it is worth."""
        parties = self.select_related("entry__giver__member", "entry__receiver__member")
        related = parties.select_related("entry__reversal", "entry__reverses")
        return related.annotate(worth=worth(at)).order_by("-effective_at", "-entry_id")

    def first_day(self) -> dt.datetime | None:
        """When the oldest of them counts from."""
        return self.order_by("effective_at").values_list("effective_at", flat=True).first()

    def totals(self, since: dt.datetime | None = None) -> Totals:
        legs = self if since is None else self.filter(effective_at__gte=since)
        sums = legs.aggregate(
            given=Sum("amount", filter=GIVER, default=0), received=Sum("amount", filter=RECEIVER, default=0)
        )
        return Totals(sums["given"], -sums["received"])

    def by_month(self, months: int) -> list[Month]:
        """The last so many months, the oldest first, those without a line too."""
        now, firsts = timezone.localtime(), [timezone.localdate().replace(day=1)]
        while len(firsts) < months:
            firsts.insert(0, (firsts[0] - dt.timedelta(days=1)).replace(day=1))
        starts = [timezone.make_aware(dt.datetime.combine(first, dt.time())) for first in firsts]
        moved = self._moved_since(starts[0], now)
        # All legs fade alike: their worth of today tells what they were worth on any day since.
        today = self.filter(effective_at__lt=starts[0]).aggregate(worth=Sum(worth(now), default=0.0))["worth"]
        found = []
        for first, end in zip(firsts, [*starts[1:], now], strict=True):
            row = moved.get(first, {"given": 0, "received": 0, "worth": 0.0})
            today += row["worth"]
            found.append(Month(first, row["given"], -row["received"], faded(today, end - now)))
        return found

    def _moved_since(self, since: dt.datetime, now: dt.datetime) -> dict[dt.date, dict[str, Any]]:
        """By month: given, received, and what both together are worth now."""
        month = TruncMonth("effective_at", output_field=models.DateField())
        rows = self.filter(effective_at__gte=since).order_by().values(month=month)
        moved = rows.annotate(
            given=Sum("amount", filter=GIVER, default=0),
            received=Sum("amount", filter=RECEIVER, default=0),
            worth=Sum(worth(now), default=0.0),
        )
        return {row["month"]: row for row in moved}

    def below_since(self, floor: float, at: dt.datetime) -> dt.datetime | None:
        """Since when their sum, as far as they were posted, has been below `floor`, at most 30 days back; None where it
        is not. What was posted goes down at once; between postings everything fades towards zero."""
        known = Greatest("effective_at", "entry__posted_at")
        before = at - NOTICE
        balance, then, since = self.balance(before, posted_by=before), before, before
        moves = self.annotate(known=known).filter(known__gt=before, known__lte=at).order_by("known", "entry_id")
        for moment, amount, day in [*moves.values_list("known", "amount", "effective_at"), (at, 0, at)]:
            balance, then = faded(balance, moment - then), moment
            since = moment if balance >= floor else since
            balance += faded(amount, moment - day)
        return since if balance < floor else None

    def far_below(self, at: dt.datetime) -> LegQuerySet:
        """The accounts of members that are below their credit line, each once."""
        members = self.filter(effective_at__lte=at, account__member__member_since__isnull=False)
        sums = members.filter(account__member__is_active=True).order_by().values("account").annotate(sum=Sum(worth(at)))
        return sums.filter(sum__lt=-F("account__credit_line")).filter(sum__lt=IN_DEBT).values("account")
