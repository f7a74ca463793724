"""What was made up about introductions, without the numbers of rows."""

from directory.models import Expert, Paper
from referrals.models import Entry, Introduction, Touch


def told() -> list[tuple[object, ...]]:
    pairs = ("introduction__prospect__email", "introduction__expert__member__email")
    made = Introduction.objects.order_by("asked_at", "prospect__email").values_list(
        "prospect__email", "expert__member__email", "giver__email", "route", "stage", "need", "asked_at"
    )
    said = Touch.objects.order_by("at", *pairs).values_list(*pairs, "author__email", "body", "channel", "at")
    entries = Entry.objects.order_by("effective_at", "kind", "giver__member__email").values_list(
        "kind", "giver__member__email", "receiver__member__email", "effective_at", "legs__amount"
    )
    guides = Paper.objects.order_by("title").values_list("title", "author__member__email", "state")
    picked = Expert.objects.filter(picks__isnull=False).order_by("picks__reason").values_list("picks__reason")
    return [*made, *said, *entries, *guides, *picked]
