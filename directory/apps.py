from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = "The book"

    def ready(self) -> None:
        from . import desk
        from .models import Expert, Paper, Pick, Revision

        def submissions() -> desk.Load:
            return desk.Load.of(Expert.objects.waiting(), since="moved_at")

        def changes() -> desk.Load:
            return desk.Load.of(Revision.objects.waiting(), since="submitted_at")

        def guides() -> desk.Load:
            return desk.Load.of(Paper.objects.waiting(), since="submitted_at")

        def picks() -> desk.Load:
            return desk.Load(Pick.objects.overdue().count())

        for tab in (
            desk.Tab("Submissions", "submission", "submissions", "directory:desk", submissions, 1),
            desk.Tab("Changes", "changed page", "changed pages", "directory:desk_changes", changes, 2),
            desk.Tab("Guides", "guide", "guides", "directory:desk_guides", guides, 5),
            desk.Tab("Picks", "pick to look at again", "picks to look at again", "directory:desk_picks", picks, 6),
            desk.Tab("Categories", "category", "categories", "directory:desk_categories", None, 9),
        ):
            desk.register(tab)
