"""What the worker does for this app by the clock."""

from __future__ import annotations

import datetime as dt

from django_tasks import task

from directory.models import Word


@task()
def gather_words() -> None:
    """Keep what typing errors are compared with in step with what is in print."""
    Word.objects.gather()


SCHEDULE = [(gather_words, dt.timedelta(hours=6))]
