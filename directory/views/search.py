"""Search: one field for a name, a trade or a problem in plain words."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory import search as finding
from directory.models import Category
from directory.search.excerpts import cards
from directory.search.suggestions import suggest as suggestions_for

FIRST = 10  # experts on the page of all results
SIZE = 20  # on a page of experts only


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """I can't name what I need. Can you find it from my words?"""
    typed, only_experts = request.GET.get("q", "").strip(), request.GET.get("in") == "experts"
    if not typed:
        categories = Category.objects.current().in_order().defer("vector")
        return render(request, "directory/search.html", {"categories": categories})
    results = finding.search(typed, exact="exact" in request.GET)
    pages = Paginator(results.experts, SIZE if only_experts else FIRST)
    page = pages.get_page(request.GET.get("page") if only_experts else 1)
    context = {"results": results, "only_experts": only_experts, "page": page, "exact": "exact" in request.GET}
    return render(request, "directory/search.html", context | found(results, page))


def found(results: finding.Results, page: Page) -> dict[str, Any]:
    """The cards of one page, those that match apart from those that are close, and how many there are in all."""
    hits, number = cards([*page, *results.close], results.query), results.total()
    return {
        "number": number if number <= finding.COUNTED else f"{finding.COUNTED}+",
        "bounded": number > len(results.experts),
        "experts": [hit for hit in hits if hit.document.pk not in results.close],
        "close": [hit for hit in hits if hit.document.pk in results.close],
        "limit": finding.LENGTH,
    }


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The links under the field while somebody types."""
    suggestions = suggestions_for(request.GET.get("q", ""))
    return render(request, "directory/_suggestions.html", {"suggestions": suggestions})
