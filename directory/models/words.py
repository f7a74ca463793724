"""The words that stand in print: what a mistyped word of a search may have meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction

from directory import facts

from .categories import Category
from .papers import Paper
from .placements import SearchDocument

SHORTEST = 3
LONGEST = 40
LETTERS = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in the form in which they are compared: lower case, no accents, no digits."""
    return [word for word in LETTERS.findall(facts.plain(text)) if SHORTEST <= len(word) <= LONGEST]


class WordQuerySet(models.QuerySet["Word"]):
    @transaction.atomic
    def gather(self) -> int:
        """Read all that is in print and keep its words instead of those kept before; returns how many there are."""
        uses = Counter(word for text in self._printed() for word in set(words_of(text)))
        kept = dict(self.values_list("text", "uses"))
        self.filter(text__in=kept.keys() - uses.keys()).delete()
        self.bulk_create(
            (self.model(text=text, uses=uses[text]) for text in sorted(uses) if uses[text] != kept.get(text)),
            batch_size=5000,
            update_conflicts=True,
            unique_fields=["text"],
            update_fields=["uses"],
        )
        return len(uses)

    def _printed(self) -> Iterator[str]:
        for category in Category.objects.current():
            yield " ".join((category.name, category.description, *category.problems, *category.aliases))
        documents = SearchDocument.objects.only("name", "headline", "own_words", "others")
        for document in documents.iterator(chunk_size=500):
            said = (line["text"] for line in document.others)
            yield " ".join((document.name, document.headline, document.own_words, *said))
        for words in Paper.objects.in_print().values_list("title", "summary", "body").iterator(chunk_size=100):
            yield " ".join(words)


class Word(models.Model):
    text = models.CharField(max_length=LONGEST, primary_key=True)
    uses = models.PositiveIntegerField()  # pages, categories and guides it stands in

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(fields=["text"], name="word_trigrams", opclasses=["gin_trgm_ops"], fastupdate=False)]

    def __str__(self) -> str:
        return self.text
