"""One's own listing: write it, submit it, let it rest. Nobody begins one: it is there once somebody put you forward."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import View, members_only
from directory.forms.listing import ListingForm
from directory.models import Expert, NotReady, Revision, State, WrongMove

EDITABLE = (State.DRAFT, State.LISTED, State.RESTING)


def own(request: HttpRequest) -> Expert | None:
    return Expert.objects.with_member().filter(pk=request.user.pk).first()


@require_safe
@members_only
def listing(request: HttpRequest) -> HttpResponse:
    """Where one's page stands and what can be done with it."""
    expert = own(request)
    if expert is None or expert.state in (State.NOMINATED, State.DECLINED):
        return render(request, "directory/no_listing.html")
    context = {
        "expert": expert,
        "last": expert.decisions.about_listing().select_related("by").first(),
        "revision": Revision.objects.filter(expert=expert).first(),
        "editable": expert.state in EDITABLE,
        "waiting": expert.recommendations.unanswered().count(),
    }
    return render(request, "directory/listing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def edit(request: HttpRequest) -> HttpResponse:
    expert = own(request)
    if expert is None or expert.state not in EDITABLE:
        return redirect("directory:listing")
    form = ListingForm(request.POST or None, request.FILES or None, expert=expert)
    if form.is_bound and form.is_valid():
        revision = form.save()
        messages.success(
            request,
            "Saved. A curator reads the changed words before they are printed." if revision else "Saved.",
        )
        return redirect("directory:listing")
    status = 422 if form.is_bound else 200
    return render(request, "directory/edit_listing.html", {"form": form, "expert": expert}, status=status)


def act(done: str) -> Callable[[Callable[[Expert], Any]], View]:
    """An act on one's own listing: only by POST, only where the listing allows it, and said in one sentence."""

    def decorate(verb: Callable[[Expert], Any]) -> View:
        @wraps(verb)
        def view(request: HttpRequest) -> HttpResponse:
            expert = own(request)
            if expert is None:
                raise Http404
            if refusal := refused(verb, expert):
                messages.error(request, refusal)
            else:
                messages.success(request, done)
            return redirect("directory:listing")

        return require_POST(members_only(view))

    return decorate


def refused(verb: Callable[[Expert], Any], expert: Expert) -> str:
    """Do it; or say why it cannot be done."""
    try:
        verb(expert)
    except NotReady as error:
        return f"Your page still needs {' and '.join(error.missing)}."
    except WrongMove as error:
        return f"That is not possible now: your page is {error.state.label.lower()}."
    return ""


@act("Sent to the desk. A curator reads it and writes to you.")
def submit(expert: Expert) -> None:
    expert.submit()


@act("It is yours again.")
def take_back(expert: Expert) -> None:
    expert.take_back()


@act("Noted: all still right.")
def confirm(expert: Expert) -> None:
    expert.confirm()


@act("Your page is out of print and rests. You can bring it back.")
def rest(expert: Expert) -> None:
    expert.rest(by=expert.member)


@act("Your page is in print again.")
def come_back(expert: Expert) -> None:
    expert.come_back()


@act("Your page is closed for good.")
def retire(expert: Expert) -> None:
    expert.retire(by=expert.member)
