"""System checks: what `manage.py check` and `manage.py check --deploy` say about this installation.

A missing variable is no matter for a check: the settings refuse to load and name it (config.environment).
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connection


@register(Tags.security, deploy=True)
def public_site_is_guarded(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is handy on one's own machine and wrong in public."""
    found: list[CheckMessage] = []
    if settings.SITE.local:
        found.append(checks.Warning("SITE_URL is a loopback address: the book runs in local mode.", id="config.W001"))
    elif not settings.SITE.secure:
        found.append(
            checks.Warning("SITE_URL begins with http: cookies and passwords travel in clear.", id="config.W002")
        )
    if settings.LIMITS_FACTOR != 1:
        found.append(checks.Warning("LIMITS_FACTOR is not 1: it is meant for load tests.", id="config.W003"))
    if settings.DATABASE_OWNER["USER"] == settings.DATABASE_APP_ROLE:
        found.append(
            checks.Warning(
                "The role of DATABASE_URL owns the tables: append-only lines are guarded by triggers alone.",
                hint="Let DATABASE_URL name a role without rights of its own, DATABASE_OWNER_URL the owner.",
                id="config.W004",
            )
        )
    return found


@register(Tags.database, deploy=True)
def app_role_is_modest(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A superuser passes by triggers and rights; ask the database what our role is."""
    if "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        is_superuser = cursor.fetchone()[0]
    if not is_superuser:
        return []
    return [checks.Error("The role of DATABASE_URL is a superuser: it passes by every guard.", id="config.E001")]
