import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.jobs import SCHEDULE, clear_sessions, schedule
from config.models import Job

HOUR = dt.timedelta(hours=1)


def enqueue(_: int = 0) -> bool:
    try:
        return Job.objects.enqueue_if_due(task=clear_sessions, every=HOUR)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_enqueues() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enqueue, range(16))) == 1
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_due_again_after_the_interval() -> None:
    ask = {"task": clear_sessions, "every": HOUR}
    assert Job.objects.enqueue_if_due(**ask)
    assert not Job.objects.enqueue_if_due(**ask)
    Job.objects.update(last_started_at=timezone.now() - HOUR)
    assert Job.objects.enqueue_if_due(**ask)
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_worker_does_what_is_due() -> None:
    call_command("worker", "--once")
    assert {job.name for job in Job.objects.exclude(result=None)} >= {task.module_path for task, _ in SCHEDULE}
    for job in Job.objects.exclude(result=None).select_related("result"):
        assert job.result
        assert job.result.status == "SUCCESSFUL", job.result.traceback
    assert Job.objects.worker_is_alive()


def test_schedules_of_all_apps() -> None:
    assert set(SCHEDULE) <= set(schedule())
    for task, every in schedule():
        assert every >= dt.timedelta(seconds=15), task
