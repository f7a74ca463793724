import os
import secrets
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from config.database.owner import as_owner
from config.demo import world


class Command(BaseCommand):
    help = "Fill an empty book with a community of sample people. Never touches a book that has people of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-portraits", action="store_true", help="leave the faces out")

    def handle(self, *, no_portraits: bool, **options: Any) -> None:
        kept = settings.DATA_DIR / "demo-password"
        if world.is_loaded():
            lost = not kept.exists()
            password = kept_password(kept)
            if lost:  # what the file said is forgotten, so they get a new one
                world.set_password(password)
            self.stdout.write("Sample people: there")
        elif User.objects.exists():
            raise CommandError("This book has people of its own, so no sample people were added.")
        else:
            password, began = kept_password(kept), time.monotonic()
            self.stdout.write("Sample people: being made up, which takes about half a minute")
            with as_owner():  # who may analyse the tables
                world.load(now=timezone.now(), password=password, faces=not no_portraits)
            self.stdout.write(f"Sample people: made up in {time.monotonic() - began:.0f} seconds")
        self.stdout.write(f"Sign in with the password {password} as")
        for name in world.SIGN_INS:
            self.stdout.write(f"  {f'{name}@example.test':<22}{world.SHOWS[name]}")


def kept_password(path: Path) -> str:
    """The password of the sample people. Each installation makes its own, and keeps it."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join(secrets.token_hex(2) for _ in range(4)))
    except FileExistsError:
        return path.read_text().strip()
    return path.read_text().strip()
