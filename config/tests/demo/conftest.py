"""One sample community for all tests of this folder; what a test does with it is undone."""

import io
import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from config.demo import world

PASSWORD = "apple-train-seven-boats"
TODAY = timezone.now()


@pytest.fixture(scope="package", autouse=True)
def seconds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """The time that Python worked on making it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_categories", stdout=io.StringIO(), stderr=io.StringIO())
        began = time.process_time()
        world.load(now=TODAY, password=PASSWORD, faces=False)
        yield time.process_time() - began
        transaction.set_rollback(True)
