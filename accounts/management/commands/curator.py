from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User


class Command(BaseCommand):
    help = "Make a member a curator, or take the role away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--add", action="store_true")
        which.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        member = User.objects.members().filter(email=options["email"].strip().lower()).first()
        if member is None:
            raise CommandError(f"No member has the address {options['email']}.")
        if options["add"]:
            member.make_curator()
        else:
            member.leave_the_desk()
        number = User.objects.curators().count()
        role = "is a curator" if member.is_curator else "is not a curator any more"
        self.stdout.write(f"{member.name} {role}. The book has {number}.")
