"""One submission: what will be printed, what speaks for it, and the decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import proof
from directory.forms.desk import DeclineForm, PrintForm, ReasonForm, SendBackForm, SubmissionForm
from directory.models import Conflict, Expert, State

from .deciding import carry_out


def fetched(handle: str) -> Expert:
    """Anybody's listing, whatever its state: the desk sees all of them. 404 for a handle nobody has."""
    experts = Expert.objects.select_related("member", "place", "nominated_by")
    return get_object_or_404(experts.by_handle(handle))


@require_safe
@curators_only
def submission(request: SignedInRequest, handle: str) -> HttpResponse:
    expert = fetched(handle)
    if expert.state != State.SUBMITTED:
        return redirect("directory:desk_expert", handle)
    return case(request, expert)


@require_POST
@curators_only
def put_in_print(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, PrintForm)


@require_POST
@curators_only
def send_back(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, SendBackForm)


@require_POST
@curators_only
def decline(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, DeclineForm)


def decide(request: SignedInRequest, handle: str, decision: type[SubmissionForm]) -> HttpResponse:
    expert, form = fetched(handle), decision(request.POST)
    if expert.state != State.SUBMITTED:
        return decided_already(request, expert, form)
    return carry_out(
        request, form, expert,
        fetch=lambda: fetched(handle), case=case, faster=decided_already,
        done=lambda: form.done.format(name=expert.name), back=reverse("directory:desk"),
    )  # fmt: skip


def decided_already(request: SignedInRequest, expert: Expert, form: ReasonForm) -> HttpResponse:
    """Somebody was faster: who, what, when and why, and the words that were typed here."""
    last = expert.decisions.about_listing().select_related("by").first()
    context = {"expert": expert, "last": last, "typed": form.typed}
    return render(request, "directory/desk/decided.html", context, status=409)


def case(
    request: SignedInRequest, expert: Expert, *, refused: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    read = proof.of_submission(expert)
    context = {
        "expert": expert,
        "form": refused,
        "print_form": PrintForm.shown(refused, read=read),
        "send_back_form": SendBackForm.shown(refused, read=read),
        "decline_form": DeclineForm.shown(refused, read=read),
        "categories": expert.categories,
        "takes_clients": expert.takes_clients(timezone.localdate()),
        "letters": expert.recommendations.standing().select_related("author").order_by("signed_at", "pk"),
        "decisions": expert.decisions.select_related("by"),
        **conflict(expert, reader=request.user),
    }
    return render(request, "directory/desk/submission.html", context, status=status)


def conflict(expert: Expert, *, reader: User) -> dict[str, Any]:
    """Whether this curator may decide here: not about themselves or somebody they recommend, unless the book has too
    few curators, and then readers are told."""
    try:
        return {"disclosed": expert.conflicts_with(reader), "for_others": False}
    except Conflict:
        return {"disclosed": False, "for_others": True}
