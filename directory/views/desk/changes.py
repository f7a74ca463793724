"""Changes to a page in print: as it is and as proposed, side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from directory import proof
from directory.forms.desk import ChangesForm, PrintChangesForm, ReasonForm, Reworded, SendChangesBackForm
from directory.models import Conflict, Expert, Revision, State, WrongMove

from .submissions import REWORDED, conflict, decided_already, fetched


def waiting(expert: Expert) -> Revision | None:
    return Revision.objects.waiting().filter(pk=expert.pk).first()


@require_safe
@curators_only
def change(request: SignedInRequest, handle: str) -> HttpResponse:
    expert = fetched(handle)
    revision = waiting(expert)
    if revision is None:
        return redirect("directory:desk_expert", handle)
    return side_by_side(request, expert, revision)


@require_POST
@curators_only
def print_changes(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, PrintChangesForm)


@require_POST
@curators_only
def send_changes_back(request: SignedInRequest, handle: str) -> HttpResponse:
    return decide(request, handle, SendChangesBackForm)


def decide(request: SignedInRequest, handle: str, decision: type[ChangesForm]) -> HttpResponse:
    expert, form = fetched(handle), decision(request.POST)
    revision = waiting(expert)
    if revision is None:
        return decided_already(request, expert, form)
    if not form.is_valid():
        return side_by_side(request, expert, revision, refused=form, status=422)
    try:
        form.decide(expert, by=request.user)
    except WrongMove:
        return decided_already(request, fetched(handle), form)
    except Reworded:
        form.add_error(None, REWORDED)
        return side_by_side(request, expert, waiting(expert) or revision, refused=form, status=409)
    except Conflict:
        return side_by_side(request, expert, revision, refused=form, status=403)
    messages.success(request, form.done.format(name=expert.name))
    return redirect("directory:desk_changes")


def side_by_side(
    request: SignedInRequest,
    expert: Expert,
    revision: Revision,
    *,
    refused: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    read = proof.of_changes(revision)
    context = {
        "expert": expert,
        "revision": revision,
        "differences": list(proof.differences(revision)),
        "form": refused,
        "print_form": PrintChangesForm.shown(refused, read=read),
        "send_back_form": SendChangesBackForm.shown(refused, read=read),
        "printable": expert.state in (State.LISTED, State.RESTING),
        **conflict(expert, reader=request.user),
    }
    return render(request, "directory/desk/change.html", context, status=status)
