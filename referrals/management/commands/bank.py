from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from referrals import proving
from referrals.bank import NOTICE, YEAR, units
from referrals.models import Account, Entry


class Command(BaseCommand):
    help = "Prove that the ledger is right and name each difference, or say what a member's rating is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        verify = acts.add_parser("verify", help="Recompute everything; the exit code says whether it is right.")
        verify.add_argument("--json", action="store_true", help="Print one JSON document and nothing else.")
        rating = acts.add_parser("rating", help="Say what a member's rating is, and why.")
        rating.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "verify":
            self.verify(as_json=options["json"])
        else:
            self.rating(options["email"])

    def verify(self, *, as_json: bool) -> None:
        found: list[proving.Difference] = []
        for check in proving.CHECKS:
            self.stderr.write(f"{check.__name__}: {check.__doc__}")
            for difference in check():
                found.append(difference)
                if not as_json:
                    self.stdout.write(str(difference))
        entries = Entry.objects.count()
        if as_json:
            differences = [dataclasses.asdict(difference) for difference in found]
            self.stdout.write(json.dumps({"ok": not found, "entries": entries, "differences": differences}, indent=2))
        if found:
            raise CommandError(f"{len(found)} differences in {entries} entries.")
        if not as_json:
            self.stdout.write(f"{entries} entries, and every one of them is right.")

    def rating(self, email: str) -> None:
        member = User.objects.filter(email=email.strip().lower(), member_since__isnull=False).first()
        if member is None:
            raise CommandError(f"No member has the address {email}.")
        account, now = Account.objects.of(member), timezone.now()
        before, totals = now - NOTICE, account.totals(now - YEAR)
        for what, value in (
            ("Member", f"{member.name}, since {member.member_since:%-d %B %Y}"),
            ("Rating", account.rating(now).label),
            ("Balance", units(account.balance(now))),
            ("30 days ago", units(account.balance(before, posted_by=before))),
            ("Credit line", units(account.credit_line)),
            ("Given this year", units(totals.given)),
            ("Received this year", units(totals.received)),
        ):
            self.stdout.write(f"{what:20}{value}")
