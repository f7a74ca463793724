"""kill -9 of web workers and of the database during a storm of acceptances: nothing that was acknowledged is lost or
doubled. One small storm here; `make chaos` raises five larger ones."""

import json
import os
import random
import threading
from pathlib import Path

import pytest

from config.tests import storm
from config.tests.conftest import Manage
from config.tests.test_commands import await_end, running

SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1").split(",")]
INTRODUCTIONS = int(os.environ.get("CHAOS_INTRODUCTIONS", "16"))

COUNTED = """
import json, django
django.setup()
from django.db.models import Count
from accounts.models import Notice
from referrals.models import Entry, Introduction
print(json.dumps({
    "introduced": Introduction.objects.filter(stage="introduced").count(),
    "entries": Entry.objects.filter(kind="introduction").count(),
    "steps": Introduction.objects.annotate(n=Count("steps")).filter(n=4).count(),
    "letters": Notice.objects.filter(letter="introduction").count(),
}))
"""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.usefixtures("static_files")
def test_nothing_acknowledged_is_lost_or_doubled(
    place: Path, environment: dict[str, str], python: Manage, free_port: int, seed: int
) -> None:
    chance, said = random.Random(seed), list[str]()
    with running(environment, free_port) as process:
        assert process.stdout
        threading.Thread(target=said.extend, args=(process.stdout,)).start()  # or a full pipe would stop the book
        try:
            made = python("-c", storm.scene(INTRODUCTIONS))
            assert made.returncode == 0, made.stderr
            raging = storm.Storm(port=free_port, links=storm.links_of(made.stdout), chance=chance)
            raging.rage(kill=storm.Killer(place))
            counted = python("-c", COUNTED)
            proven = python("manage.py", "bank", "verify", "--json")
        finally:
            process.terminate()
    assert set(raging.acknowledged) == set(raging.links), "".join(said)
    assert raging.failures, "nothing died: the storm was too short to prove anything"
    assert json.loads(counted.stdout) == {
        "introduced": INTRODUCTIONS,
        "entries": INTRODUCTIONS,
        "steps": INTRODUCTIONS,
        "letters": 2 * INTRODUCTIONS,
    }, counted.stderr
    assert proven.returncode == 0, proven.stdout
    assert await_end(place) == []
