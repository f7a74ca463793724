import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import OutputWrapper

from accounts.models import Invitation
from config import static


class Command(BaseCommand):
    help = "Make this installation ready to serve: database, tables, static files, categories. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also fill the book with sample people")
        parser.add_argument("--json", action="store_true", help="print one JSON document, progress to stderr")

    def handle(self, *, demo: bool, **options: Any) -> None:
        progress = self.stderr if options["json"] else self.stdout
        prepare(progress, demo=demo)
        link = Invitation.objects.owner_link()
        if options["json"]:
            database = "embedded" if settings.EMBEDDED else "outside"
            self.stdout.write(json.dumps({"site": settings.SITE_URL, "database": database, "owner_link": link}))
        elif link:
            self.stdout.write(f"The book has no owner yet. Whoever opens this link first becomes it:\n  {link}")


def prepare(progress: OutputWrapper, *, demo: bool) -> None:
    """The steps, each of which does nothing when its work is done."""
    call_command("migrate", interactive=False, verbosity=0)
    progress.write("Database: ready")
    progress.write(f"Static files: {static.build()}")
    call_command("load_categories", stdout=progress)
    if demo:
        try:
            call_command("load_demo", stdout=progress)
        except CommandError as refusal:  # people of its own: the book starts all the same
            progress.write(str(refusal))
