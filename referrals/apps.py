from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Who speaks for whom"

    def ready(self) -> None:
        from directory import placing

        from . import standing

        placing.written_by(standing.write)
