"""Pages that explain the book. Their words stand in the templates."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from directory.models import Pick, State


@login_not_required
@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    """How experts are chosen, and whom curators picked themselves."""
    picks = Pick.objects.standing().filter(expert__state=State.LISTED, category__retired_at__isnull=True)
    context = {
        "picks": picks.select_related("curator", "expert__member", "category").order_by("category__name", "pk"),
        "curators": User.objects.curators().order_by("name"),
    }
    return render(request, "directory/pages/chosen.html", context)


@login_not_required
@require_safe
def promise(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/pages/promise.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/pages/help.html", {"contact": settings.REPLY_TO_EMAIL})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/pages/privacy.html", {"contact": settings.REPLY_TO_EMAIL})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/pages/accessibility.html", {"contact": settings.REPLY_TO_EMAIL})
