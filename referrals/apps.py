from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "Who speaks for whom"

    def ready(self) -> None:
        from directory import desk, placing

        from . import nominations, standing
        from .models import Recommendation

        placing.written_by(standing.write)

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
