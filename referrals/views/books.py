"""X's book: the page one sends when somebody asks "who do you recommend for ...?"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, members_only
from accounts.models import FormerHandle, User
from directory import jsonld
from directory.models import Category
from referrals.models import Book, Recommendation


@require_safe
@members_only
def my_book(request: SignedInRequest) -> HttpResponse:
    """My own."""
    return redirect("referrals:book", request.user.handle)


@login_not_required
@require_safe
def book(request: HttpRequest, handle: str) -> HttpResponse:
    """By category, each expert with the owner's own sentence. Not shared, it is not there."""
    owner = User.objects.members().by_handle(handle).first()
    if owner is None:
        return moved(handle)
    book = Book.objects.of(owner)
    if not book.is_open_to(request.user):
        raise Http404
    response = render(request, "referrals/book.html", contents(book, mine=request.user == owner))
    if book.visibility != Book.Visibility.PUBLIC:
        response["X-Robots-Tag"] = "noindex"
    return response


def contents(book: Book, *, mine: bool) -> dict[str, Any]:
    entries = list(Recommendation.objects.entries_of(book.owner, left_out=mine))
    shown = [entry for entry in entries if entry.in_book]
    people = "1 person" if len(shown) == 1 else f"{len(shown)} people"
    return {
        "book": book,
        "owner": book.owner,
        "mine": mine,
        "sections": sections(shown),
        "left_out": [entry for entry in entries if not entry.in_book],
        "number": len(shown),
        "last_read": book.read_through_on or max((entry.stood_by_at for entry in shown), default=None),
        "address": jsonld.absolute(book.get_absolute_url()),
        "share_name": f"{book}: {people}",
        "share_about": f"The {people} {book.owner.name} sends friends to, with the reasons.",
        "json_ld": json_ld(book, shown) if book.visibility == Book.Visibility.PUBLIC else None,
        "visibilities": Book.Visibility.choices,
    }


def sections(entries: list[Recommendation]) -> list[dict[str, Any]]:
    """One for each category, in the order of the contents. Whoever is recommended for two stands in the first and is
    named in the other."""
    by_category: dict[Category, dict[str, Any]] = {}
    for entry in entries:
        for place, category in enumerate(entry.categories.all()):
            section = by_category.setdefault(category, {"category": category, "entries": [], "see": []})
            section["see" if place else "entries"].append(entry)
    order = sorted(by_category, key=lambda category: (category.part.order, category.order, category.name))
    return [by_category[category] for category in order]


def json_ld(book: Book, entries: list[Recommendation]) -> dict[str, Any]:
    url = jsonld.absolute(book.get_absolute_url())
    items = [
        {"@type": "ListItem", "position": place, "name": entry.expert.name,
         "url": jsonld.absolute(entry.expert.get_absolute_url())}
        for place, entry in enumerate(entries, start=1)
    ]  # fmt: skip
    return {
        "@type": "ProfilePage",
        "url": url,
        "name": str(book),
        "mainEntity": {"@type": "Person", "name": book.owner.name, "url": url},
        "hasPart": {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items},
    }


def moved(handle: str) -> HttpResponse:
    """A former address leads to the new one, unless the book is kept to its owner."""
    former = FormerHandle.objects.select_related("user").filter(handle=handle.lower()).first()
    if former is None or not Book.objects.of(former.user).is_open_to(None):
        raise Http404
    return redirect("referrals:book", former.user.handle, permanent=True)


@require_POST
@members_only
def set_visibility(request: SignedInRequest) -> HttpResponse:
    """Who may see my book."""
    wanted = request.POST.get("visibility", "")
    if wanted not in Book.Visibility.values:
        messages.error(request, "Choose who can see your book.")
        return redirect("referrals:my_book")
    Book.objects.of(request.user).set_visibility(wanted)
    messages.success(request, f"Saved: {Book.Visibility(wanted).label.lower()}.")
    return redirect("referrals:my_book")


@require_POST
@members_only
def read_through(request: SignedInRequest) -> HttpResponse:
    """These are still the people I would send my friends to."""
    Book.objects.of(request.user).read_through()
    messages.success(request, "Your book says that you read it through this month.")
    return redirect("referrals:my_book")
