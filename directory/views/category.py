"""One category: who is in print there, in which order and why."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from directory import jsonld
from directory.filters import EntryFilter
from directory.models import Category, FormerSlug, Paper, Placement
from directory.paging import Page

PARAMETERS = {"language", "where", "price", "taking", "client", "order", "after", "explain"}
GUIDES = 5


@login_not_required
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """This is my problem. Who helped people like me?"""
    category = Category.objects.select_related("part", "successor").filter(slug=slug).first()
    if category is None or category.retired_at:
        return moved(category, slug=slug)
    found = EntryFilter(request.GET, category=category)
    page = Page.of(found.cards(), request.GET.get("after", ""))
    if request.GET.get("explain") == "1":
        return explained(found, page)
    following = found.address(after=page.next) if page.next else ""
    context: dict[str, Any] = {"category": category, "found": found, "page": page, "following": following}
    if request.htmx:  # type: ignore[attr-defined]
        return push_url(render(request, "directory/_found.html", context), found.address())
    context["papers"] = Paper.objects.in_print().in_category(category).for_lists()[:GUIDES]
    context["related"] = category.related.current().in_order()
    context["json_ld"] = jsonld.category(category, entries=page.rows)
    context["picture"] = jsonld.plate(category.part)
    context["index"] = category.experts_count > 0 and not PARAMETERS & request.GET.keys()
    return render(request, "directory/category.html", context)


def moved(category: Category | None, *, slug: str) -> HttpResponse:
    """A former address and a retired category lead on for ever; what never was is not found."""
    to = category.successor if category else None
    if category is None and (former := FormerSlug.objects.select_related("category").filter(slug=slug).first()):
        to = former.category
    if to is None:
        raise Http404
    return redirect(to, permanent=True)


def explained(found: EntryFilter, page: Page[Placement]) -> JsonResponse:
    """The page as data: each entry with its score and the terms that add up to it."""
    entries = [
        {
            "name": card.expert.name,
            "url": jsonld.absolute(card.expert.get_absolute_url()),
            "score": card.score,
            "terms": card.terms,
        }
        for card in page.rows
    ]
    following = jsonld.absolute(found.address(after=page.next, explain="1")) if page.next else None
    about = {"category": found.category.slug, "order": found.order, "entries": entries, "next": following}
    return JsonResponse(about, headers={"X-Robots-Tag": "noindex"})
