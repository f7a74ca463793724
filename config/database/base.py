from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from config.embedded import ServerError


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL backend; without DATABASE_URL it starts the embedded server when that is down.

    So every command, test run and server process finds its database, also after a kill -9.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server = settings.EMBEDDED
        if server is None:
            return super().get_new_connection(conn_params)
        server.join()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            try:
                server.ensure()
            except ServerError as error:
                raise self.Database.OperationalError(str(error)) from error
            return super().get_new_connection(conn_params)
