"""What the app's own database role may do, and what it may not."""

from collections.abc import Iterator

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from config.management.commands.migrate import append_only_tables, is_append_only
from config.models import Job


@pytest.fixture
def as_app(db: None) -> Iterator[None]:
    """Within, the connection has the rights of the app's role, as in service."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def may(table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [settings.DATABASE_APP_ROLE, table, right])
        return bool(cursor.fetchone()[0])


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_the_role_is_neither_superuser_nor_owner(as_app: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser'), current_user")
        assert cursor.fetchone() == ("off", settings.DATABASE_APP_ROLE)
    assert settings.DATABASE_OWNER["USER"] != settings.DATABASE_APP_ROLE


def test_rows_can_be_written(as_app: None) -> None:
    Job.objects.beat()
    Job.objects.update(last_started_at=None)
    Job.objects.all().delete()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE config_job",
        "DROP TABLE config_job",
        "ALTER TABLE config_job DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
        "CREATE ROLE another",
    ],
)
def test_the_rest_is_refused(as_app: None, statement: str) -> None:
    assert refused(statement)


@pytest.mark.django_db
def test_every_table_can_be_read_and_none_truncated() -> None:
    for table in connection.introspection.django_table_names(only_existing=True):
        assert may(table, "SELECT"), table
        assert not may(table, "TRUNCATE"), table


@pytest.mark.django_db
def test_append_only_tables_take_no_change() -> None:
    for table in append_only_tables():
        assert may(table, "INSERT"), table
        assert not may(table, "UPDATE"), table
        assert not may(table, "DELETE"), table


def test_append_only_is_known_by_its_trigger() -> None:
    for model in apps.get_models():
        names = [trigger.name for trigger in getattr(model._meta, "triggers", [])]
        assert is_append_only(model) == ("append_only" in names)
    assert not is_append_only(Job)
    assert issubclass(pgtrigger.ReadOnly, pgtrigger.Trigger)
