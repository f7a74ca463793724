from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import exporting


class Command(BaseCommand):
    help = "Write all experts as CSV, which import_experts reads again, or as JSON. The file holds e-mail addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything about each expert")
        parser.add_argument("--output", type=Path, help="a file instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        write = exporting.write_json if options["json"] else exporting.write_csv
        if options["output"] is None:
            number = write(self.stdout)
        else:
            try:
                # Windows-made spreadsheets know UTF-8 by its mark; JSON must not have one.
                encoding = "utf-8" if options["json"] else "utf-8-sig"
                with options["output"].open("w", encoding=encoding, newline="") as out:
                    number = write(out)
            except OSError as error:
                raise CommandError(str(error)) from error
        self.stderr.write(f"{number} experts.")
