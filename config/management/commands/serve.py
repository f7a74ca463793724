import multiprocessing
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.processes import await_port, follow_parent


class Command(BaseCommand):
    help = "Serve the book by granian. PORT, HOST and WEB_CONCURRENCY are read from the environment."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="stop when the process that started this one ends")

    def handle(self, *, follow: bool, **options: Any) -> None:
        if follow:
            follow_parent()
        if settings.EMBEDDED:
            settings.EMBEDDED.ensure()
        await_port(settings.HOST, settings.PORT)
        # Fresh processes: they read the settings as web workers and inherit no connection.
        multiprocessing.set_start_method("spawn", force=True)
        Granian(
            "config.wsgi:application",
            address=settings.HOST,
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=settings.WEB_CONCURRENCY,
            blocking_threads=2,  # each holds a database connection
            backpressure=64,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve()
