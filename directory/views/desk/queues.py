"""What waits at the desk, the oldest first."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import desk
from directory.models import Decision, Expert, Pick, Revision
from directory.paging import Page


@require_safe
@curators_only
def submissions(request: SignedInRequest) -> HttpResponse:
    """Pages that wait to be printed."""
    page = Page.of(flagged(Expert.objects.waiting(), reader=request.user), request.GET.get("after", ""))
    return render(request, "directory/desk/submissions.html", desk.context(page))


@require_safe
@curators_only
def changes(request: SignedInRequest) -> HttpResponse:
    """Changes to pages in print."""
    page = Page.of(Revision.objects.waiting(), request.GET.get("after", ""))
    return render(request, "directory/desk/changes.html", desk.context(page))


@require_safe
@curators_only
def picks(request: SignedInRequest) -> HttpResponse:
    """Picks whose day of review has come."""
    due = Pick.objects.overdue().select_related("expert__member", "category", "curator").order_by("review_on", "pk")
    return render(request, "directory/desk/picks.html", desk.context(Page.of(due, request.GET.get("after", ""))))


def flagged(experts: QuerySet[Expert], *, reader: User) -> QuerySet[Expert]:
    """With what a curator should know before opening the case."""
    standing = Q(recommendations__withdrawn_at__isnull=True)
    same_firm = Q(nominated_by__organisation_key=F("member__organisation_key")) | Q(
        nominated_by__mail_domain=F("member__mail_domain")
    )
    before = Decision.objects.filter(expert=OuterRef("pk"), act="sent-back")
    return (
        experts.select_related("nominated_by")
        .prefetch_related("chosen__category")
        .annotate(
            voices=Count("recommendations", filter=standing),
            yours=Count("recommendations", filter=standing & Q(recommendations__author=reader)),
            own=Q(pk=reader.pk),
            sent_back=Exists(before),
            same_firm=same_firm,
        )
    )
