"""The contents of the book: parts, and in each part the categories, written as the reader's problem."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Count, F, Func, Q
from django.urls import reverse
from django.utils import timezone


class CategoryVector(Func):
    """The weighted search vector of a category: names and aliases first, then the problems, then the description."""

    output_field = SearchVectorField()
    template = (
        "(setweight(to_tsvector('book'::regconfig, \"name\"), 'A')"
        " || setweight(to_tsvector('book'::regconfig, immutable_join(\"aliases\")), 'A')"
        " || setweight(to_tsvector('book'::regconfig, immutable_join(\"problems\")), 'B')"
        " || setweight(to_tsvector('book'::regconfig, \"description\"), 'C'))"
    )


class Part(models.Model):
    """A part of the book: a group of categories."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class CategoryQuerySet(models.QuerySet["Category"]):
    def current(self) -> CategoryQuerySet:
        return self.filter(retired_at__isnull=True)

    def in_order(self) -> CategoryQuerySet:
        return self.select_related("part").order_by("part__order", "part_id", "order", "name")

    @transaction.atomic
    def recount(self) -> None:
        """Store how many experts are in print in each of these categories.

        The rows are locked first and in one order, so that of two acts at once the second counts after the first."""
        locked = list(self.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        counts = {
            row["pk"]: row["n"]
            for row in Category.objects.filter(pk__in=locked).values("pk").annotate(n=Count("placements")).order_by()
        }
        for pk, number in counts.items():
            Category.objects.filter(pk=pk).exclude(experts_count=number).update(experts_count=number)


class Category(models.Model):
    part = models.ForeignKey(Part, models.PROTECT, related_name="categories")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300)  # the reader's problem
    problems = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    related = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="related_from")
    order = models.PositiveSmallIntegerField(default=0)
    half_life_years = models.PositiveSmallIntegerField(default=3)
    retired_at = models.DateTimeField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    experts_count = models.PositiveIntegerField(default=0, editable=False)
    voices_count = models.PositiveIntegerField(default=0, editable=False)  # people who recommend somebody here
    vector = models.GeneratedField(expression=CategoryVector(), output_field=SearchVectorField(), db_persist=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["part__order", "order", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(successor=F("id")), name="category_never_its_own_successor"),
        ]
        indexes = [GinIndex(fields=["vector"], name="category_vector")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:category", args=[self.slug])

    @transaction.atomic
    def rename(self, *, slug: str, name: str) -> None:
        """Change name and address; the old address goes on redirecting."""
        if slug != self.slug:
            FormerSlug.objects.filter(slug=slug).delete()
            FormerSlug.objects.update_or_create(slug=self.slug, defaults={"category": self})
        self.slug, self.name = slug, name
        self.save(update_fields=["slug", "name"])

    def retire(self, *, successor: Category) -> None:
        self.retired_at, self.successor = timezone.now(), successor
        self.save(update_fields=["retired_at", "successor"])


class FormerSlug(models.Model):
    """An address a category once had."""

    slug = models.SlugField(max_length=60, primary_key=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug
