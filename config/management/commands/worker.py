import logging
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from config.jobs import schedule
from config.models import Job
from config.processes import follow_parent

TICK = 15  # seconds between two looks at the schedule
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the tasks that pages leave behind (letters first of all) and the jobs of the schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="stop when the process that started this one ends")
        parser.add_argument("--once", action="store_true", help="do what waits and what is due, then end: for cron")

    def handle(self, *, follow: bool, once: bool, **options: Any) -> None:
        if follow:
            follow_parent()
        if once:
            tick()
        else:
            threading.Thread(target=keep_schedule, name="schedule", daemon=True).start()
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=1,
            batch=once,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=not once,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        outlive_database(worker, patient=not once)


def outlive_database(worker: Worker, *, patient: bool) -> None:
    """Run until told to stop; a database that went away is waited for."""
    while True:
        try:
            return worker.run()
        except (DatabaseError, InterfaceError) as error:
            if not patient:
                raise
            logger.warning("The database is away, trying again in five seconds: %s", error)
            close_old_connections()
            time.sleep(5)


def keep_schedule() -> None:
    """Look at the schedule for ever; runs in a thread of its own with its own connection."""
    while True:
        try:
            tick()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The schedule waits for the database: %s", error)
        close_old_connections()
        time.sleep(TICK)


def tick() -> None:
    """One look: say that we live, enqueue what is due."""
    Job.objects.beat()
    Job.objects.enqueue_due(schedule())
