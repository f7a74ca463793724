"""Any expert, as the desk knows them: where their listing stands, what was decided, and picks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from directory.forms.desk import EndPickForm, PickForm, ReasonForm, ReinstateForm, SuspendForm
from directory.models import Conflict, Expert, Pick

from .deciding import carry_out
from .submissions import conflict, decided_already, fetched


@require_safe
@curators_only
def expert(request: SignedInRequest, handle: str) -> HttpResponse:
    return page(request, fetched(handle))


@require_POST
@curators_only
def suspend(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, SuspendForm)


@require_POST
@curators_only
def reinstate(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, ReinstateForm)


def decide(request: SignedInRequest, handle: str, decision: type[SuspendForm] | type[ReinstateForm]) -> HttpResponse:
    expert, form = fetched(handle), decision(request.POST)
    return carry_out(
        request, form, expert,
        fetch=lambda: fetched(handle), case=page, faster=decided_already,
        done=lambda: form.done.format(name=expert.name), back=reverse("directory:desk_expert", args=[handle]),
    )  # fmt: skip


@require_POST
@curators_only
def pick(request: SignedInRequest, handle: str) -> HttpResponse:
    """Hand-pick an expert in print for one category."""
    expert = fetched(handle)
    form = PickForm(request.POST, expert=expert)
    if not form.is_valid():
        return page(request, expert, refused=form, status=422)
    try:
        picked = form.decide(by=request.user)
    except Conflict:
        return page(request, expert, refused=form, status=403)
    if picked is None:
        return page(request, fetched(handle), refused=form, status=422)
    messages.success(request, f"{expert.name} is picked for {picked.category}.")
    return redirect("directory:desk_expert", handle)


@require_POST
@curators_only
def end_pick(request: SignedInRequest, handle: str, pk: int) -> HttpResponse:
    expert = fetched(handle)
    ended = get_object_or_404(expert.picks.select_related("category"), pk=pk)
    form = EndPickForm(request.POST, number=pk)
    if not form.is_valid():
        return page(request, expert, refused=form, status=422)
    if ended.ended_at:
        messages.info(request, "That pick had ended already.")
    else:
        ended.end(by=request.user, reason=form.words)
        messages.success(request, form.done.format(name=expert.name))
    return redirect("directory:desk_expert", handle)


def page(
    request: SignedInRequest, expert: Expert, *, refused: ReasonForm | PickForm | None = None, status: int = 200
) -> HttpResponse:
    categories, picks = expert.categories, list(expert.picks.select_related("category", "curator"))
    picked = {one.category_id for one in picks if one.ended_at is None}
    context = {
        "expert": expert,
        "form": refused,
        "categories": categories,
        "decisions": expert.decisions.select_related("by", "paper").defer("paper__body", "paper__vector"),
        "picks": [(one, end_form(one, refused)) for one in picks],
        "may_pick": expert.in_print and expert.pk != request.user.pk and not {c.pk for c in categories} <= picked,
        "pick_form": refused if isinstance(refused, PickForm) else PickForm(expert=expert),
        "suspend_form": refused if isinstance(refused, SuspendForm) else SuspendForm(),
        "reinstate_form": refused if isinstance(refused, ReinstateForm) else ReinstateForm(),
    }
    context |= conflict(expert, reader=request.user)
    return render(request, "directory/desk/expert.html", context, status=status)


def end_form(one: Pick, refused: ReasonForm | PickForm | None) -> ReasonForm | None:
    """The form that ends this pick; the refused one when it was meant for this."""
    if one.ended_at:
        return None
    if isinstance(refused, EndPickForm) and refused.number == one.pk:
        return refused
    return EndPickForm(number=one.pk)
