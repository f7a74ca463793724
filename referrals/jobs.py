"""What the worker does for this app by the clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django_tasks import task

from directory.models import Expert
from referrals import record, standing
from referrals.models import Account, Introduction, Recommendation


@task()
def print_due() -> None:
    """Tell subjects whose page came into being meanwhile, and print what seven days of silence have made due."""
    Recommendation.objects.tell_all()
    Recommendation.objects.print_due()


@task()
def erase_unanswered() -> None:
    """Erase those who were put forward sixty days ago and never answered."""
    Recommendation.objects.erase_unanswered()


@task()
def write_lists() -> None:
    """Write every place and record anew: new members' fourteen days pass without an act, and equals change places."""
    for pk in Expert.objects.listed().order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            expert = Expert(pk=pk).locked()
            standing.write(expert)
            record.write(expert)
    standing.shuffle_all()


@task()
def follow_introductions() -> None:
    """Go on where a prospect's "not now" has run out, remind once after five days, offer the next expert after ten days
    of silence, and ask at 14 and at 45 days how it went."""
    Introduction.objects.wake()
    Introduction.objects.remind()
    Introduction.objects.tell_of_silence()
    Introduction.objects.ask_how_it_went()


@task()
def send_bank_notices() -> None:
    """Write to members whose balance went below their credit line, once each time it does."""
    Account.objects.tell_of_notice()


SCHEDULE = [
    (print_due, dt.timedelta(hours=1)),
    (follow_introductions, dt.timedelta(hours=1)),
    (send_bank_notices, dt.timedelta(days=1)),
    (erase_unanswered, dt.timedelta(days=1)),
    (write_lists, dt.timedelta(days=1)),
]
