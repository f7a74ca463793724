"""The page of one expert: what others say first, own words apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import FormerHandle
from directory import jsonld
from directory.models import OUT_OF_PRINT, Category, Expert, Paper
from directory.paging import Page

LETTERS = 10
ALSO = 6
DAYS_A_YEAR = 365.25


@login_not_required
@require_safe
def expert(request: HttpRequest, handle: str) -> HttpResponse:
    expert = page_of(handle)
    if expert is None:
        return moved(handle, to="directory:expert")
    if not expert.may_be_read_by(request.user):
        return out_of_print(request, expert)
    said = expert.recommendations.shown() if expert.in_print else expert.recommendations.in_proof()
    letters, categories = list(said.for_reading()[: LETTERS + 1]), expert.categories
    context = {
        "expert": expert,
        "mine": request.user.pk == expert.pk,
        "categories": categories,
        "primary": categories[0] if categories else None,
        "takes_clients": expert.takes_clients(timezone.localdate()),
        "also": said.also_recommend()[:ALSO],
        "share": share(expert, categories=categories, letters=letters[:LETTERS]),
        **beside(expert),
        **voices(letters, expert=expert, categories=categories),
    }
    return render(request, "directory/expert.html", context)


def beside(expert: Expert) -> dict[str, Any]:
    """What curators said of the expert, and what the expert gives away."""
    return {
        "picks": expert.picks.standing().select_related("curator", "category"),
        "disclosed": expert.decisions.about_listing().disclosed(),
        "papers": Paper.objects.in_print().by(expert).only("title", "slug"),
    }


def share(expert: Expert, *, categories: list[Category], letters: list[Any]) -> dict[str, Any]:
    """What search engines and link previews read: somebody else's sentence with a name, not the expert's own."""
    said = next((f"“{letter.what_i_like}” {letter.author.name}, {letter.relation}" for letter in letters), "")
    return {
        "address": jsonld.absolute(expert.get_absolute_url()),
        "name": f"{expert.name}, {categories[0].name.lower()}" if categories else expert.name,
        "about": said or expert.headline,
        "picture": jsonld.picture(expert),
        "json_ld": jsonld.expert_page(expert, categories=categories, letters=letters),
    }


def voices(letters: list[Any], *, expert: Expert, categories: list[Category]) -> dict[str, Any]:
    """What others say, in two piles: what nobody confirmed within the category's pace is older."""
    pace = categories[0].half_life_years if categories else 3
    old = timezone.now() - dt.timedelta(days=DAYS_A_YEAR * pace)
    shown = letters[:LETTERS]
    return {
        "letters": [letter for letter in shown if letter.stood_by_at >= old],
        "older": [letter for letter in shown if letter.stood_by_at < old],
        "more": len(letters) > LETTERS,
        "tally": expert.recommendations.tally(),
    }


@login_not_required
@require_safe
def letters(request: HttpRequest, handle: str) -> HttpResponse:
    """All that others say, twenty a page."""
    expert = page_of(handle)
    if expert is None:
        return moved(handle, to="directory:letters")
    if not expert.may_be_read_by(request.user):
        return out_of_print(request, expert)
    page = Page.of(expert.recommendations.shown().for_reading(), request.GET.get("after", ""))
    return render(request, "directory/letters.html", {"expert": expert, "page": page})


def page_of(handle: str) -> Expert | None:
    return Expert.objects.with_member().by_handle(handle).first()


def moved(handle: str, *, to: str) -> HttpResponse:
    """A former address redirects for ever; one that nobody ever had is not found."""
    former = FormerHandle.objects.select_related("user").filter(handle=handle.lower()).first()
    if former is None:
        raise Http404
    return redirect(to, former.user.handle, permanent=True)


def out_of_print(request: HttpRequest, expert: Expert, **more: Any) -> HttpResponse:
    """410 and where else to look for somebody who was in print; for all others the page was never there."""
    if expert.state not in OUT_OF_PRINT:
        raise Http404
    context: dict[str, Any] = {
        "expert": expert,
        "category": expert.categories[0] if expert.categories else None,
    }
    return render(request, "directory/out_of_print.html", context | more, status=410)
