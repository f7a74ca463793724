import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from directory.models import Category, FormerSlug, Part, Word

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "categories.json"


class Command(BaseCommand):
    help = "Load the parts and categories the book ships with. What is there, and what curators changed, stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        parts = json.loads(options["file"].read_text())["groups"]
        known = set(Category.objects.values_list("slug", flat=True)) | set(
            FormerSlug.objects.values_list("slug", flat=True)
        )
        added: dict[str, dict[str, Any]] = {}
        for entry in parts:
            part, _ = Part.objects.get_or_create(
                slug=entry["slug"],
                defaults={field: entry[field] for field in ("name", "description", "order")},
            )
            for order, row in enumerate(entry["categories"]):
                if row["slug"] not in known:
                    words = {field: row[field] for field in ("slug", "name", "description", "problems", "aliases")}
                    Category.objects.create(part=part, order=order, **words)
                    added[row["slug"]] = row
        ids = dict(Category.objects.values_list("slug", "pk"))
        for slug, row in added.items():
            category = Category.objects.get(slug=slug)
            category.related.set(ids[other] for other in row["related"] if other in ids)
        Word.objects.gather()
        self.stderr.write(f"{len(added)} categories added, {len(ids) - len(added)} were there.")
