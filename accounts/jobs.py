"""What the worker does for this app by the clock."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from accounts.models import Notice
from accounts.tasks import deliver

LONGEST_DIALOGUE = dt.timedelta(minutes=15)  # every answer of the mail server is awaited for ten seconds at most
KEPT_FOR = dt.timedelta(days=400)
KEPT_FOR_STRANGERS = dt.timedelta(days=90)


@task()
def settle_letters() -> None:
    """Close attempts that a dying worker left open, and put letters back into the outbox whose task was
    lost."""
    before = timezone.now() - LONGEST_DIALOGUE
    for notice in Notice.objects.unsent().filter(started_at__lt=before):
        notice.hold("unknown outcome")
    queued = DBTaskResult.objects.filter(task_path=deliver.module_path, status=TaskResultStatus.READY)
    known = set(queued.values_list("args_kwargs__args__0", flat=True))
    for pk in Notice.objects.waiting().filter(created_at__lt=before).values_list("pk", flat=True):
        if pk not in known:
            deliver.enqueue(pk)


@task()
def forget_old_letters() -> None:
    """Empty letters that nobody needs any more. The key stays, so that nothing is ever told twice."""
    now = timezone.now()
    old = Notice.objects.filter(created_at__lt=now - KEPT_FOR)
    strangers = Notice.objects.filter(created_at__lt=now - KEPT_FOR_STRANGERS, recipient__isnull=True)
    for notices in (old, strangers):
        done = notices.exclude(address="").exclude(sent_at__isnull=True, held_at__isnull=True)
        done.update(words={}, address="", path="", from_name="", error="", listed=False)


SCHEDULE = [
    (settle_letters, dt.timedelta(minutes=10)),
    (forget_old_letters, dt.timedelta(days=1)),
]
