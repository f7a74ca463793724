"""Who helped you? The way from a name to the form."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from accounts.models import User
from directory import facts
from directory.models import Expert
from referrals.access import writers_only

LONGEST = 200
FOUND = 8


@require_safe
@writers_only
def who(request: SignedInRequest) -> HttpResponse:
    """A name leads to experts in print; an address leads to the next question, whoever it belongs to."""
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    is_address = "@" in words
    context = {
        "q": words,
        "is_address": is_address,
        "found": [] if is_address or len(words) < 2 else list(by_name(words, besides=request.user)[:FOUND]),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "referrals/_who_found.html", context)
    context["drafts"] = request.user.drafts.select_related("expert__member").order_by("-saved_at")[:20]
    return render(request, "referrals/who.html", context)


def by_name(words: str, *, besides: User) -> QuerySet[Expert]:
    """Experts in print whose name contains these words; where there are none, those whose name is nearly that."""
    plain = facts.plain(words)
    others = Expert.objects.listed().exclude(pk=besides.pk).with_member()
    found = others.filter(document__plain_name__contains=plain).order_by("-document__score", "member__name")
    if found.exists():
        return found
    near = others.filter(document__plain_name__trigram_word_similar=plain)
    return near.annotate(near=TrigramWordSimilarity(plain, "document__plain_name")).order_by("-near", "member__name")
