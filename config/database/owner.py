"""Two roles: the app's own reads and writes rows, the owner's makes tables and hands out rights."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Within, the default connection is the owner's.

    A second alias would not do: data migrations of other packages ask the default connection, and would wait
    for ever for tables that the owner's open transaction has locked.
    """
    app, owner = connection.settings_dict.copy(), settings.DATABASE_OWNER
    if app["USER"] == owner["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update({name: app[name] for name in owner})
