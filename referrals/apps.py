from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Who speaks for whom"

    def ready(self) -> None:
        from accounts.models import suppressions
        from directory import desk, placing, waiting

        from . import nominations, standing
        from . import waiting as introductions
        from .models import Correction, Recommendation, Refusal, Report

        placing.written_by(standing.write)
        waiting.registered(introductions.next_thing)
        suppressions.kept_by(
            suppressions.Keeper(
                left_alone=Refusal.objects.leave_alone,
                taken_back=Refusal.objects.leave_alone_no_more,
                said_no=Refusal.objects.by_address,
            )
        )

        def first_words() -> desk.Load:
            return desk.Load.of(Recommendation.objects.to_be_read(), since="signed_at")

        def without_letter() -> desk.Load:
            return desk.Load.of(nominations.waiting(), since="moved_at")

        desk.register(
            desk.Tab(
                "Recommendations", "recommendation to read", "recommendations to read",
                "referrals:desk_recommendations", first_words, 3,
            )
        )  # fmt: skip
        desk.register(
            desk.Tab("Nominations", "nomination", "nominations", "referrals:desk_nominations", without_letter, 4)
        )

        def reported() -> desk.Load:
            return desk.Load.of(Report.objects.waiting(), since="at")

        def disputed() -> desk.Load:
            return desk.Load.of(Correction.objects.waiting(), since="at")

        for tab in (
            desk.Tab("Reports", "report", "reports", "referrals:desk_reports", reported, 7),
            desk.Tab("Corrections", "disputed line", "disputed lines", "referrals:desk_corrections", disputed, 8),
            desk.Tab("Credit lines", "credit line", "credit lines", "referrals:desk_credit_lines", None, 10),
        ):
            desk.register(tab)
