from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Who speaks for whom"

    def ready(self) -> None:
        from accounts.models import suppressions
        from directory import desk, placing, waiting

        from . import queues, standing
        from . import waiting as introductions
        from .models import Refusal

        placing.written_by(standing.write)
        waiting.registered(introductions.next_thing)
        suppressions.kept_by(
            suppressions.Keeper(
                left_alone=Refusal.objects.leave_alone,
                taken_back=Refusal.objects.leave_alone_no_more,
                said_no=Refusal.objects.by_address,
            )
        )
        for tab in queues.TABS:
            desk.register(tab)
