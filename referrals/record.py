"""How an expert treats the people who ask: how surely and how soon they answer, and what came of it. Numbers of one
year, kept on the expert's row, where the page of the expert reads them."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from directory.models import Expert

YEAR = dt.timedelta(days=365)
A_DAY = dt.timedelta(days=1)


def write(expert: Expert) -> None:
    Expert.objects.filter(pk=expert.pk).update(record=of(expert, now=timezone.now()))


def of(expert: Expert, *, now: dt.datetime) -> dict[str, Any]:
    """Of the people who asked within a year: `asked`, those who were answered or waited ten days for it; `answered` of
    them in time, half of them within `days`; `introduced`, of them `by_referral`, and `engaged`, as both reported."""
    year = expert.introductions.filter(asked_at__gt=now - YEAR, asked_at__lte=now, prospect_yes_at__isnull=False)
    in_time, introduced = Q(answered_at__isnull=False, silent_at__isnull=True), Q(introduced_at__isnull=False)
    numbers = year.aggregate(
        asked=Count("pk", filter=in_time | Q(silent_at__isnull=False)),
        answered=Count("pk", filter=in_time),
        introduced=Count("pk", filter=introduced),
        by_referral=Count("pk", filter=introduced & Q(giver__isnull=False)),
        engaged=Count("pk", filter=Q(engaged_at__isnull=False)),
    )
    waited = list(year.filter(in_time).values_list(F("answered_at") - F("asked_at"), flat=True))
    return numbers | {"days": max(1, math.ceil(statistics.median(waited) / A_DAY)) if waited else 0}
