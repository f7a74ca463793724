"""Answers for load balancers and container probes: one word per check, no detail for strangers."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.models import Job


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The process can serve pages: 503 when it cannot. A late worker is only a warning."""
    words = {"database": "down", "migrations": "unknown", "worker": "unknown"}
    try:
        words["migrations"] = "pending" if known_migrations() - applied_migrations() else "ok"
        words["database"] = "ok"
        if words["migrations"] == "ok":
            words["worker"] = "ok" if Job.objects.worker_is_alive() else "late"
    except (DatabaseError, InterfaceError):
        words["database"] = "down"
    good = words["database"] == words["migrations"] == "ok"
    return JsonResponse(words, status=200 if good else 503, content_type="application/json; charset=utf-8")


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version of the code."""
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations)


def applied_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that the database has seen."""
    return frozenset(MigrationRecorder(connection).applied_migrations())
