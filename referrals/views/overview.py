"""My introductions: what waits for me first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from directory.paging import Page
from referrals.models import Introduction
from referrals.turns import turn

ROLES = {"": "All", "asked": "You asked", "received": "You were asked", "introduced": "You introduced"}


@require_safe
def introductions(request: SignedInRequest) -> HttpResponse:
    """All that I am part of, twenty a page: those whose next step is mine, then the others, newest first."""
    role = request.GET.get("role", "")
    role = role if role in ROLES else ""
    mine = Introduction.objects.of_role(request.user, role).with_people().with_turns(request.user)
    page = Page.of(mine.order_by("-waits", "-pk"), request.GET.get("after", ""))
    rows = [{"introduction": each, "turn": turn(each, request.user)} for each in page.rows]
    context = {"page": page, "rows": rows, "role": role, "roles": ROLES.items()}
    return render(request, "referrals/introductions.html", context)
