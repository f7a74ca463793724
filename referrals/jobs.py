"""What the worker does for this app by the clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django_tasks import task

from directory.models import Expert
from referrals import standing
from referrals.models import Recommendation


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
    """Write every place anew: new members' fourteen days pass without an act, and equals change places daily."""
    for pk in Expert.objects.listed().order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            standing.write(Expert(pk=pk).locked())
    standing.shuffle_all()


SCHEDULE = [
    (print_due, dt.timedelta(hours=1)),
    (erase_unanswered, dt.timedelta(days=1)),
    (write_lists, dt.timedelta(days=1)),
]
