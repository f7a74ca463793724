"""Changes to a page in print: as it is and as proposed, side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from directory import proof
from directory.forms.desk import ChangesForm, PrintChangesForm, ReasonForm, SendChangesBackForm
from directory.models import Expert, Revision, State

from .deciding import carry_out
from .submissions import conflict, decided_already, fetched


def waiting(expert: Expert) -> Revision | None:
    return Revision.objects.waiting().filter(pk=expert.pk).first()


@require_safe
@curators_only
def change(request: SignedInRequest, handle: str) -> HttpResponse:
    return side_by_side(request, fetched(handle))


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
    return carry_out(
        request, form, expert,
        fetch=lambda: fetched(handle), case=side_by_side, faster=decided_already,
        done=lambda: form.done.format(name=expert.name), back=reverse("directory:desk_changes"),
    )  # fmt: skip


def side_by_side(
    request: SignedInRequest, expert: Expert, *, refused: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    revision = waiting(expert)
    if revision is None:  # decided meanwhile, or taken back
        if refused is None:
            return redirect("directory:desk_expert", expert.member.handle)
        return decided_already(request, expert, refused)
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
