import datetime as dt

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from config.models import WORKER, Job

pytestmark = pytest.mark.django_db


def test_live(client: Client) -> None:
    response = client.get("/healthz/live")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_ready_with_a_worker(client: Client) -> None:
    Job.objects.beat()
    response = client.get("/healthz/ready")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "worker": "ok"}


def test_late_worker_is_a_warning(client: Client) -> None:
    Job.objects.create(name=WORKER, last_started_at=timezone.now() - dt.timedelta(minutes=6))
    response = client.get("/healthz/ready")
    assert response.status_code == 200
    assert response.json()["worker"] == "late"


def test_pending_migration(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="config").delete()
    response = client.get("/healthz/ready")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "migrations": "pending", "worker": "unknown"}


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_post_is_refused(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
