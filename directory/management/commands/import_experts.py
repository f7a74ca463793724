import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from accounts.models import User
from directory import importing
from directory.importing import Problem, RowForm, Table

SHOWN = 80  # characters of a wrong value


class Command(BaseCommand):
    help = (
        "Take experts in from a CSV file. Nobody is written to until a curator sends the letter. "
        f"Columns: {','.join(importing.HEADER)}; several values in one cell are joined by a semicolon."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--skip-bad", action="store_true", help="take in the good rows although others are bad")
        parser.add_argument("--by", metavar="EMAIL", help="the member who puts these people forward")

    def handle(self, *args: Any, **options: Any) -> None:
        by = self.nominator(options["by"])
        try:
            table = importing.read(options["file"].read_bytes())
        except (OSError, importing.NotATable) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for note in table.notes:
            self.stdout.write(note)
        good, bad = self.judge(table, by=by)
        stop = bad > 0 and not (options["skip_bad"] or options["dry_run"])
        became = Counter[str]() if stop else self.take_in(good, by=by, dry_run=options["dry_run"])
        self.sum_up(good=len(good), bad=bad, became=became, dry_run=options["dry_run"])

    def nominator(self, email: str | None) -> User | None:
        if not email:
            return None
        by = User.objects.members().filter(email=email.strip().lower()).first()
        if by is None:
            raise CommandError(f"Nobody with the address {email} is a member.")
        return by

    def judge(self, table: Table, *, by: User | None) -> tuple[list[tuple[int, RowForm]], int]:
        """The good rows, and the number of bad ones; each problem is printed."""
        good, bad = [], 0
        for line, form, problems in tqdm(
            importing.check(table), "Checking", len(table.rows), file=sys.stderr, unit="row"
        ):
            if form is not None and by is not None and form.cleaned_data["email"] == by.email:
                problems = [Problem(line, "email", "Nobody puts himself forward.", by.email)]
            if problems or form is None:
                bad += 1
                for problem in problems:
                    value = f": {problem.value[:SHOWN]!r}" if problem.value else ""
                    self.stdout.write(f"line {problem.line}: {problem.field}: {problem.text}{value}")
            else:
                good.append((line, form))
        return good, bad

    @transaction.atomic
    def take_in(self, good: list[tuple[int, RowForm]], *, by: User | None, dry_run: bool) -> Counter[str]:
        """Write the good rows, all or none. A dry run does the same and takes it back at the end."""
        became = Counter[str]()
        for line, form in tqdm(good, "Taking in", file=sys.stderr, unit="row"):
            verdict = importing.take_in(form.cleaned_data, line=line, by=by)
            became[verdict.became] += 1
            note = f" ({verdict.note})" if verdict.note else ""
            self.stdout.write(f"line {line}: {verdict.became} {verdict.email}{note}")
        transaction.set_rollback(dry_run)
        return became

    def sum_up(self, *, good: int, bad: int, became: Counter[str], dry_run: bool) -> None:
        counts = ", ".join(f"{number} {what}" for what, number in sorted(became.items()))
        rows = f"{good + bad} row{'' if good + bad == 1 else 's'}"
        self.stdout.write(f"{rows}: {good} good, {bad} bad. {counts and counts + '.'}".strip())
        if dry_run:
            self.stdout.write("Nothing was written: this was a dry run.")
        elif bad and not became:
            self.stdout.write("Nothing was written: mend the bad rows, or leave them out with --skip-bad.")
        if bad:
            raise CommandError(f"{bad} of {good + bad} rows are bad; each is named above.")
