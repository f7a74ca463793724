from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection, models, transaction

from config.database.owner import as_owner


class Command(migrate.Command):
    """Django's migrate, run by the owner of the database; afterwards the app's role gets its rights."""

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            call_command("createcachetable", verbosity=0)
            grant_rights(role=settings.DATABASE_APP_ROLE)


def grant_rights(*, role: str) -> None:
    """Let the app's role read and write rows, but neither truncate nor change what is append-only.

    A no-op when the app's role is the one that migrates: an owner has all rights anyway.
    """
    quote = connection.ops.quote_name
    role, tables = quote(role), ", ".join(map(quote, append_only_tables()))
    rows, numbers = "SELECT, INSERT, UPDATE, DELETE ON", "USAGE, SELECT ON"
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT {rows} ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT {numbers} ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rows} TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {numbers} SEQUENCES TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    if tables:
        statements.append(f"REVOKE UPDATE, DELETE ON {tables} FROM {role}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        if cursor.fetchone()[0] == role.strip('"'):
            return
        for statement in statements:
            cursor.execute(statement)


def append_only_tables() -> list[str]:
    """The tables whose model carries a pgtrigger.Protect named "append_only"."""
    return sorted(model._meta.db_table for model in apps.get_models() if is_append_only(model))


def is_append_only(model: type[models.Model]) -> bool:
    """Whether the database itself refuses to change or delete this model's rows."""
    triggers = getattr(model._meta, "triggers", [])
    return any(isinstance(each, pgtrigger.Protect) and each.name == "append_only" for each in triggers)
