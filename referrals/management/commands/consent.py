from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from referrals import consent
from referrals.models import Introduction


class Command(BaseCommand):
    help = "Search for addresses that could be read before both said yes to an introduction. Finding one is an error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["audit"])
        parser.add_argument("introduction", nargs="+", type=int, help="the number in its address")
        parser.add_argument("--log", action="append", default=[], type=Path, help="a log file to search too")

    def handle(self, *args: Any, **options: Any) -> None:
        known = Introduction.objects.with_people().in_bulk(options["introduction"])
        for pk in options["introduction"]:
            if pk not in known:
                raise CommandError(f"There is no introduction {pk}.")
        found = [trace for each in known.values() for trace in consent.traces(each, logs=options["log"])]
        for trace in found:
            self.stdout.write(str(trace))
        if found:
            raise CommandError(f"{len(found)} place{'' if len(found) == 1 else 's'} told an address too early.")
        self.stdout.write("No address is told before both say yes.")
