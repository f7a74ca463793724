"""Reported messages at the desk: what was written, and whether that was a pitch."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import desk
from directory.models import Conflict
from directory.paging import Page
from directory.views.desk.deciding import carry_out
from referrals.forms.cases import DismissForm, ReportForm, UpholdForm
from referrals.links import without_addresses
from referrals.models import Report

WITH = ("about", "by", "decided_by", "touch", "introduction__prospect", "introduction__expert__member")
MOST = 50  # messages before the reported one


@require_safe
@curators_only
def reports(request: SignedInRequest) -> HttpResponse:
    """What was reported. Whoever is part of it does not read who reported whom."""
    page = Page.of(Report.objects.waiting().select_related(*WITH), request.GET.get("after", ""))
    own = {report.pk for report in page.rows if report.introduction.is_party(request.user)}
    return render(request, "referrals/desk/reports.html", desk.context(page) | {"own": own})


def fetched(pk: int) -> Report:
    return get_object_or_404(Report.objects.select_related(*WITH, "introduction__giver"), pk=pk)


@require_safe
@curators_only
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    return case(request, fetched(pk))


@require_POST
@curators_only
def uphold(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, fetched(pk), UpholdForm(request.POST))


@require_POST
@curators_only
def dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, fetched(pk), DismissForm(request.POST))


def decide(request: SignedInRequest, report: Report, form: ReportForm) -> HttpResponse:
    if report.decided_at:
        return decided_already(request, report, form)
    return carry_out(
        request, form, report,
        fetch=lambda: fetched(report.pk), case=case, faster=decided_already,
        done=lambda: form.done, back=reverse("referrals:desk_reports"),
    )  # fmt: skip


def decided_already(request: SignedInRequest, report: Report, form: ReportForm) -> HttpResponse:
    return case(request, report, refused=form, status=409)


def case(
    request: SignedInRequest, report: Report, *, refused: ReportForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"report": report, "introduction": report.introduction, "form": refused, "faster": status == 409}
    context |= conflict(report, reader=request.user)
    if not context["for_others"]:  # the two wrote to each other, and not to the curators among their friends
        context |= evidence(report) | {
            "uphold_form": refused if isinstance(refused, UpholdForm) else UpholdForm(),
            "dismiss_form": refused if isinstance(refused, DismissForm) else DismissForm(),
        }
    return render(request, "referrals/desk/report.html", context, status=status)


def conflict(report: Report, *, reader: User) -> dict[str, Any]:
    """Whether this curator may decide here: not as a party, and about somebody they recommend only for want of others,
    which is written down."""
    try:
        disclosed = report.conflicts_with(reader)
    except Conflict:
        return {"disclosed": False, "for_others": True, "is_party": report.introduction.is_party(reader)}
    return {"disclosed": disclosed, "for_others": False, "is_party": False}


def evidence(report: Report) -> dict[str, Any]:
    """What was written up to the reported message, without anybody's address, and what is known of the two."""
    until = report.introduction.thread.filter(pk__lte=report.touch_id).select_related("author").order_by("-pk")
    touches = list(until[: MOST + 1])
    earlier = Report.objects.filter(about=report.about_id).exclude(pk=report.pk)
    return {
        "words": without_addresses(report.words),
        "thread": [(touch, without_addresses(touch.body)) for touch in reversed(touches[:MOST])],
        "is_longer": len(touches) > MOST,
        "earlier": earlier.aggregate(number=Count("pk"), upheld=Count("pk", filter=Q(upheld=True))),
        "latest": earlier.order_by("-pk")[:5],
    }
