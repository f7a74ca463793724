from django.apps import AppConfig


class BookConfig(AppConfig):
    """How the project is run: settings, database, server, worker and checks."""

    name = "config"
    verbose_name = "Running the book"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)
