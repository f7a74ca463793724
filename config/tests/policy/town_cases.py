"""What the town's categories ask: two questions of podcasting, and one that it asks no more."""

from __future__ import annotations

from directory.models import Question

from .town import HIDDEN, MARK, Town


def cases(town: Town) -> None:
    dana, podcasting = town.people["dana"], town.categories[0]
    first, _, before = (
        Question.objects.add(category=podcasting, text=words, by=dana)
        for words in (f"How long is it? {MARK}", f"How often does it come out? {MARK}", f"What does it cost? {HIDDEN}")
    )
    before.retire(by=dana)
    town.things["question of podcasting"] = {"slug": podcasting.slug, "pk": first.pk}
