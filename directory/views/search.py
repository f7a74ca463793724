"""Search: one field for a name, a trade or a problem in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory import search as finding
from directory.models import Category
from directory.search.excerpts import cards
from directory.search.guides import guide_cards
from directory.search.suggestions import suggest as suggestions_for

EXPERTS, GUIDES = "experts", "guides"  # one kind of results on a page of its own
FIRST = {EXPERTS: 10, GUIDES: 3}  # of each on the page of all results
SIZE = 20  # on a page of one kind


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """I can't name what I need. Can you find it from my words?"""
    typed, only = request.GET.get("q", "").strip(), request.GET.get("in", "")
    if not typed:
        categories = Category.objects.current().in_order().defer("vector")
        return render(request, "directory/search.html", {"categories": categories})
    results = finding.search(typed, exact="exact" in request.GET)
    only = only if only in FIRST else ""
    context = {"results": results, "only": only, "exact": "exact" in request.GET, "limit": finding.LENGTH}
    if only != GUIDES:
        context |= experts(results, page_of(EXPERTS, results.experts, request=request, only=only))
    if only != EXPERTS:
        context |= guides(results, page_of(GUIDES, results.guides, request=request, only=only))
    return render(request, "directory/search.html", context)


def page_of(kind: str, found: Sequence[int], *, request: HttpRequest, only: str) -> Page:
    """All results begin on the page of all; further pages have only one kind."""
    pages = Paginator(found, SIZE if only == kind else FIRST[kind])
    return pages.get_page(request.GET.get("page") if only == kind else 1)


def experts(results: finding.Results, page: Page) -> dict[str, Any]:
    """The cards of one page, those that match apart from those that are close, and how many there are in all."""
    hits, number = cards([*page, *results.close], results.query), results.total()
    return {
        "page": page,
        "number": number if number <= finding.COUNTED else f"{finding.COUNTED}+",
        "bounded": number > len(results.experts),
        "experts": [hit for hit in hits if hit.document.pk not in results.close],
        "close": [hit for hit in hits if hit.document.pk in results.close],
    }


def guides(results: finding.Results, page: Page) -> dict[str, Any]:
    return {"guides": guide_cards(list(page), results.query) if page else [], "guide_page": page}


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The links under the field while somebody types."""
    suggestions = suggestions_for(request.GET.get("q", ""))
    return render(request, "directory/_suggestions.html", {"suggestions": suggestions})
