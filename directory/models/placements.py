"""What lists and searches read: slim rows, only for experts in print, so that hidden text can appear in no list."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F


def shuffled(*, expert_pk: int, day: dt.date) -> int:
    """The daily turn among equals: a hash of expert and date, stable within a day, below 2**31."""
    return (
        int.from_bytes(hashlib.blake2b(f"{expert_pk}:{day.isoformat()}".encode(), digest_size=4).digest())
        >> 1
    )


class PlacementQuerySet(models.QuerySet["Placement"]):
    def for_cards(self) -> PlacementQuerySet:
        """With everything that a card in a list shows, in the same query."""
        return self.select_related("expert__member", "expert__place")


class Placement(models.Model):
    """One expert in print in one category. Its numbers are written by those who know what others say."""

    expert = models.ForeignKey("directory.Expert", models.CASCADE, related_name="placed_in")
    category = models.ForeignKey("directory.Category", models.CASCADE, related_name="placements")
    sort_name = models.CharField(max_length=80)
    score = models.FloatField(default=0)
    voices = models.PositiveIntegerField(default=0)
    terms = models.JSONField(default=list)  # [{"text": ..., "value": ...}], adding up to the score
    newest_voice_at = models.DateTimeField(null=True)
    quote = models.JSONField(null=True)  # {"text", "author", "handle", "relation"}: the line a card shows
    shuffle = models.PositiveIntegerField(default=0)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "category"], name="placement_once"),
        ]
        indexes = [
            models.Index("category", F("score").desc(), "shuffle", "expert", name="placement_standing"),
            models.Index(
                "category", F("newest_voice_at").desc(nulls_last=True), "expert", name="placement_newest"
            ),
            models.Index(fields=["category", "sort_name", "expert"], name="placement_name"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} in {self.category_id}: {self.score}"


class SearchDocument(models.Model):
    """What the search knows of one expert in print: own words written by the book, others' words by who keeps them."""

    expert = models.OneToOneField(
        "directory.Expert", models.CASCADE, primary_key=True, related_name="document"
    )
    name = models.CharField(max_length=80)
    headline = models.CharField(max_length=200, blank=True)
    own_words = models.TextField(blank=True)
    others_words = models.TextField(blank=True)
    plain_name = models.CharField(max_length=80)  # lower case, without accents: for typing errors
    plain_headline = models.CharField(max_length=200, blank=True)
    score = models.FloatField(default=0)  # the best of their placements: candidates are taken in this order
    vector = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="book")
        + SearchVector("others_words", weight="B", config="book")
        + SearchVector("headline", weight="C", config="book")
        + SearchVector("own_words", weight="D", config="book"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="document_vector"),
            GinIndex(fields=["plain_name"], name="document_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(
                fields=["plain_headline"], name="document_headline_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.name
