"""What the book does at intervals. Each app may have a jobs.py with a SCHEDULE like the one at the end."""

import datetime as dt
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.utils.module_loading import module_has_submodule
from django_tasks import task


@task()
def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    call_command("clearsessions")


@task()
def clear_tasks() -> None:
    """Delete the results of tasks that are two weeks old."""
    call_command("prune_db_task_results", verbosity=0)


SCHEDULE = [(clear_sessions, dt.timedelta(days=1)), (clear_tasks, dt.timedelta(days=1))]


def schedule() -> list[tuple[Any, dt.timedelta]]:
    """The schedules of all apps: pairs of a task and the time between two runs."""
    return [
        entry
        for app in apps.get_app_configs()
        if app.module and module_has_submodule(app.module, "jobs")
        for entry in getattr(import_module(f"{app.name}.jobs"), "SCHEDULE", [])
    ]
