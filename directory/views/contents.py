"""All categories in their parts, as a table of contents that can be narrowed by typing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory import jsonld
from directory.facts import plain
from directory.models import Category

LONGEST = 200


@login_not_required
@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """What kinds of help are in here, and which is mine?"""
    query = request.GET.get("q", "")[:LONGEST].strip()
    categories = list(Category.objects.current().in_order().defer("vector"))
    context = {
        "query": query,
        "number": len(categories),
        "categories": called(query, categories) if query else categories,
        "json_ld": jsonld.contents(categories),
        "picture": jsonld.plate(),
    }
    return render(request, "directory/_toc.html" if request.htmx else "directory/contents.html", context)  # type: ignore[attr-defined]


def called(query: str, categories: list[Category]) -> list[Category]:
    """The categories one of whose names has a word that begins like this. Where it is another name, `also` holds it."""
    begins = f" {words(query)}"
    found = []
    for category in categories:
        also = [alias for alias in category.aliases if begins in f" {words(alias)}"]
        if begins in f" {words(category.name)}" or also:
            category.also = [] if begins in f" {words(category.name)}" else also  # type: ignore[attr-defined]
            found.append(category)
    return found


def words(text: str) -> str:
    return " ".join(plain(text).replace("-", " ").split())
