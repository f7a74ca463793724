"""Disputed lines of the bank at the desk: each stands, is reversed, or is posted anew for somebody else."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import desk
from directory.models import Conflict
from directory.paging import Page
from directory.views.desk.deciding import carry_out
from referrals import bank
from referrals.forms.cases import CorrectionForm, PostAnewForm, ReverseForm, StandForm
from referrals.models import Correction

WITH = ("by", "decided_by", "entry__giver__member", "entry__receiver__member", "entry__reversal")


@require_safe
@curators_only
def corrections(request: SignedInRequest) -> HttpResponse:
    """Lines that somebody says are wrong."""
    page = Page.of(Correction.objects.waiting().select_related(*WITH), request.GET.get("after", ""))
    return render(request, "referrals/desk/corrections.html", desk.context(page))


def fetched(pk: int) -> Correction:
    return get_object_or_404(Correction.objects.select_related(*WITH, "posting__giver__member"), pk=pk)


@require_safe
@curators_only
def correction(request: SignedInRequest, pk: int) -> HttpResponse:
    return case(request, fetched(pk))


@require_POST
@curators_only
def let_stand(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, StandForm)


@require_POST
@curators_only
def reverse_line(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, ReverseForm)


@require_POST
@curators_only
def post_anew(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, PostAnewForm)


def decide(request: SignedInRequest, pk: int, decision: type[CorrectionForm]) -> HttpResponse:
    correction = fetched(pk)
    form = decision(request.POST, correction=correction)
    if correction.decided_at:
        return decided_already(request, correction, form)
    return carry_out(
        request, form, correction,
        fetch=lambda: fetched(pk), case=case, faster=decided_already,
        done=lambda: form.done, back=reverse("referrals:desk_corrections"),
    )  # fmt: skip


def decided_already(request: SignedInRequest, correction: Correction, form: CorrectionForm) -> HttpResponse:
    return case(request, correction, refused=form, status=409)


def case(
    request: SignedInRequest, correction: Correction, *, refused: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"correction": correction, "form": refused, "faster": status == 409}
    context["for_others"] = is_party(correction, reader=request.user)
    if not context["for_others"]:
        context |= evidence(correction) | {
            f"{name}_form": refused if isinstance(refused, form) else form(correction=correction)
            for name, form in (("stand", StandForm), ("reverse", ReverseForm), ("anew", PostAnewForm))
        }
    return render(request, "referrals/desk/correction.html", context, status=status)


def is_party(correction: Correction, *, reader: User) -> bool:
    try:
        correction.check_curator(reader)
    except Conflict:
        return True
    return False


def evidence(correction: Correction) -> dict[str, Any]:
    """The line and the introduction behind it, of which the desk reads neither the brief nor the thread."""
    entry, amount = correction.entry, correction.entry.amount
    return {
        "entry": entry,
        "amount": amount,
        "worth": bank.faded(amount, timezone.now() - entry.effective_at),
        "introduction": correction.introduction,
        "reversal": getattr(entry, "reversal", None),
    }
