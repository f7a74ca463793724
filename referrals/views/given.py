"""What I wrote about others: where it stands, and the acts on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, members_only
from referrals.models import Recommendation

MOST = 200


@require_safe
@members_only
def given(request: SignedInRequest) -> HttpResponse:
    """Drafts first, then everything that stands, newest first."""
    mine = Recommendation.objects.by_author(request.user).for_author().prefetch_related("categories")
    drafts = request.user.drafts.select_related("expert__member").order_by("-saved_at")
    return render(request, "referrals/given.html", {"recommendations": mine[:MOST], "drafts": drafts[:MOST]})


@require_safe
@members_only
def signed(request: SignedInRequest, pk: int) -> HttpResponse:
    """What happens next to what I signed."""
    recommendation = mine(request, pk)
    first = recommendation.read_at is None or recommendation.read_by_id is not None
    return render(request, "referrals/signed.html", {"recommendation": recommendation, "first": first})


@require_POST
@members_only
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it back: it leaves print at once."""
    recommendation = mine(request, pk)
    name = recommendation.known_as
    recommendation.withdraw()
    messages.success(request, f"Withdrawn. What you wrote about {name} is out of print.")
    return redirect("referrals:given")


@require_POST
@members_only
def still_true(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stand by it, with one tap."""
    recommendation = mine(request, pk)
    recommendation.still_true()
    messages.success(request, f"Kept. Readers see that you still say so about {recommendation.known_as}.")
    return redirect("referrals:given")


@require_POST
@members_only
def leave_out(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave it out of my own book; it stays on the expert's page."""
    return in_book(request, pk, shown=False)


@require_POST
@members_only
def put_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show it in my own book again."""
    return in_book(request, pk, shown=True)


def in_book(request: SignedInRequest, pk: int, *, shown: bool) -> HttpResponse:
    recommendation = mine(request, pk)
    recommendation.keep_in_book(shown=shown)
    name = recommendation.expert.name
    messages.success(request, f"{name} is in your book." if shown else f"{name} is left out of your book.")
    return redirect("referrals:my_book")


def mine(request: HttpRequest, pk: int) -> Recommendation:
    found: Recommendation = get_object_or_404(Recommendation.objects.by_author(request.user).for_author(), pk=pk)
    return found
