"""What lists and searches read: slim rows, only for experts in print, so that hidden text can appear in no list."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func


def shuffled(*, expert_pk: int, day: dt.date) -> int:
    """The daily turn among equals: a hash of expert and date, stable within a day, below 2**31."""
    return int.from_bytes(hashlib.blake2b(f"{expert_pk}:{day.isoformat()}".encode(), digest_size=4).digest()) >> 1


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
    quote = models.JSONField(null=True)  # {"text", "author", "handle", "relation", "at"}: the line a card shows
    shuffle = models.PositiveIntegerField(default=0)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "category"], name="placement_once"),
        ]
        indexes = [
            models.Index("category", F("score").desc(), "shuffle", "expert", name="placement_standing"),
            models.Index("category", F("newest_voice_at").desc(nulls_last=True), "expert", name="placement_newest"),
            models.Index(fields=["category", "sort_name", "expert"], name="placement_name"),
            models.Index(F("newest_voice_at").desc(nulls_last=True), name="placement_newest_anywhere"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} in {self.category_id}: {self.score}"


class DocumentVector(Func):
    """The weighted search vector of a document: the name, then what others say, then the headline, then own words."""

    output_field = SearchVectorField()
    template = (
        "(setweight(to_tsvector('book'::regconfig, \"name\"), 'A')"
        " || setweight(to_tsvector('book'::regconfig, jsonb_path_query_array(\"others\", '$[*].text')), 'B')"
        " || setweight(to_tsvector('book'::regconfig, \"headline\"), 'C')"
        " || setweight(to_tsvector('book'::regconfig, \"own_words\"), 'D'))"
    )


class SearchDocument(models.Model):
    """What the search knows of one expert in print: own words written by the book, others' words by who keeps them."""

    expert = models.OneToOneField("directory.Expert", models.CASCADE, primary_key=True, related_name="document")
    name = models.CharField(max_length=80)
    headline = models.CharField(max_length=200, blank=True)
    own_words = models.TextField(blank=True)
    others = models.JSONField(default=list)  # [{"text", "author", "relation"}], the newest first
    plain_name = models.CharField(max_length=80)  # lower case, without accents: for typing errors and prefixes
    score = models.FloatField(default=0)  # the best of their placements: candidates are taken in this order
    vector = models.GeneratedField(expression=DocumentVector(), output_field=SearchVectorField(), db_persist=True)

    class Meta:
        indexes = [
            # Without fastupdate, or every search would read a list of what is not in the index yet.
            GinIndex(fields=["vector"], name="document_vector", fastupdate=False),
            GinIndex(
                fields=["plain_name"], name="document_name_trigrams", opclasses=["gin_trgm_ops"], fastupdate=False
            ),
            models.Index(F("score").desc(), "expert", name="document_standing"),
        ]

    def __str__(self) -> str:
        return self.name
