from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

WORKER = "worker"
LATE = dt.timedelta(minutes=5)


class JobManager(models.Manager["Job"]):
    @transaction.atomic
    def enqueue_if_due(self, *, task: Any, every: dt.timedelta) -> bool:
        """Hand a scheduled task to the worker when its time has come; of many callers only one does so."""
        now = timezone.now()
        self.get_or_create(name=task.module_path)
        due = Q(last_started_at__isnull=True) | Q(last_started_at__lte=now - every)
        job = self.select_for_update(skip_locked=True).filter(due, name=task.module_path).first()
        if job is None:
            return False
        job.last_started_at = now
        job.result_id = task.enqueue().id
        job.save(update_fields=["last_started_at", "result"])
        return True

    def enqueue_due(self, schedule: Iterable[tuple[Any, dt.timedelta]]) -> int:
        """Enqueue each task of the schedule that is due; returns how many were."""
        return sum(self.enqueue_if_due(task=task, every=every) for task, every in schedule)

    def beat(self) -> None:
        """The worker says that it is alive."""
        self.update_or_create(name=WORKER, defaults={"last_started_at": timezone.now()})

    def worker_is_alive(self) -> bool:
        """True when a worker has said so within five minutes."""
        return self.filter(name=WORKER, last_started_at__gt=timezone.now() - LATE).exists()


class Job(models.Model):
    """Something done at intervals: when it was last started and, by its task's result, how that ended."""

    name = models.CharField(max_length=200, primary_key=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(
        "django_tasks_database.DBTaskResult", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = JobManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
