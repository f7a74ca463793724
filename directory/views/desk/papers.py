"""Guides at the desk: what will be printed or what is new in it, and the decision."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from directory import desk, proof
from directory.forms.desk import ReasonForm
from directory.forms.papers import GuideDecisionForm, PrintGuideForm, SendGuideBackForm, TakeGuideOutForm
from directory.models import Paper
from directory.paging import Page

from .deciding import carry_out
from .submissions import conflict

Decision = type[GuideDecisionForm] | type[TakeGuideOutForm]


@require_safe
@curators_only
def guides(request: SignedInRequest) -> HttpResponse:
    """Guides that wait to be read, and printed ones whose words are to change."""
    page = Page.of(Paper.objects.waiting(), request.GET.get("after", ""))
    return render(request, "directory/desk/guides.html", desk.context(page))


def fetched(pk: int) -> Paper:
    """404 for a draft that its author never sent."""
    return get_object_or_404(Paper.objects.seen_by_the_desk().with_author(), pk=pk)


@require_safe
@curators_only
def guide(request: SignedInRequest, pk: int) -> HttpResponse:
    return case(request, fetched(pk))


@require_POST
@curators_only
def print_guide(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, PrintGuideForm)


@require_POST
@curators_only
def send_guide_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, SendGuideBackForm)


@require_POST
@curators_only
def take_guide_out(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, pk, TakeGuideOutForm)


def decide(request: SignedInRequest, pk: int, decision: Decision) -> HttpResponse:
    paper, form = fetched(pk), decision(request.POST)
    return carry_out(
        request, form, paper,
        fetch=lambda: fetched(pk), case=case, faster=decided_already,
        done=lambda: form.done.format(name=paper.author.name, title=fetched(pk).title),
        back=reverse("directory:desk_guides"),
    )  # fmt: skip


def decided_already(request: SignedInRequest, paper: Paper, form: ReasonForm) -> HttpResponse:
    """Somebody was faster: the page says what was decided, and keeps what was typed here."""
    return case(request, paper, refused=form, status=409, faster=True)


def case(
    request: SignedInRequest,
    paper: Paper,
    *,
    refused: ReasonForm | None = None,
    status: int = 200,
    faster: bool = False,
) -> HttpResponse:
    context = {
        "paper": paper,
        "expert": paper.author,
        "categories": paper.shelves,
        "differences": list(proof.differences_of_guide(paper)) if paper.new_words and paper.waits else [],
        "form": refused,
        "faster": faster,
        "decisions": paper.decisions.select_related("by"),
        **forms_of(paper, refused=refused),
        **conflict(paper.author, reader=request.user),
    }
    return render(request, "directory/desk/guide.html", context, status=status)


def forms_of(paper: Paper, *, refused: ReasonForm | None) -> dict[str, ReasonForm]:
    """What can be decided; the form that was refused as it came."""
    read = proof.of_guide(paper)
    return {
        "print_form": PrintGuideForm.shown(refused, read=read),
        "send_back_form": SendGuideBackForm.shown(refused, read=read),
        "take_out_form": refused if isinstance(refused, TakeGuideOutForm) else TakeGuideOutForm(),
    }
