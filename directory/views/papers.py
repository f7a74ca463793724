"""Guides: read by everybody, written by experts in print. The model calls them papers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, View, members_only
from directory import jsonld
from directory.forms.papers import PaperForm
from directory.models import Expert, FormerPaperSlug, Paper, State, TooManyPapers, WrongPaperMove
from directory.models.papers import AT_MOST

LETTERS = 2
WRITERS = (State.LISTED, State.RESTING, State.SUSPENDED)  # who was in print and has not closed the page
FULL = f"You have {AT_MOST} guides already. Withdraw one of them first."
SENT = "Sent to the desk. A curator reads it and writes to you."
MOVED_ON = "Your guide is on the desk or out of print by now. Nothing was changed."


@login_not_required
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """This is my problem. What can I do about it today, and who says so?"""
    paper = Paper.objects.with_author().filter(slug=slug).first()
    if paper is None:
        return moved(slug)
    if not paper.may_be_read_by(request.user):
        return out_of_print(request, paper)
    shelves = paper.shelves
    context = {
        "paper": paper,
        "mine": request.user.pk == paper.author_id,
        "categories": shelves,
        "letters": paper.author.recommendations.shown().for_reading()[:LETTERS],
        "disclosed": paper.decisions.disclosed(),
        "index": paper.in_print and paper.author.indexable,
        "address": jsonld.absolute(paper.get_absolute_url()),
        "picture": jsonld.picture(paper.author) or jsonld.plate(shelves[0].part if shelves else None),
        "json_ld": jsonld.guide(paper, categories=shelves),
    }
    return render(request, "directory/guide.html", context)


def moved(slug: str) -> HttpResponse:
    """A former address redirects for ever; one that no guide ever had is not found."""
    former = FormerPaperSlug.objects.select_related("paper").filter(slug=slug).first()
    if former is None:
        raise Http404
    return redirect(former.paper, permanent=True)


def out_of_print(request: HttpRequest, paper: Paper) -> HttpResponse:
    """410 and where else to look for what was in print; for all others the guide was never there."""
    if paper.printed_at is None:
        raise Http404
    context = {"author": paper.author if paper.author.in_print else None, "category": next(iter(paper.shelves), None)}
    return render(request, "directory/guide_gone.html", context, status=410)


# One's own.


def own(request: HttpRequest) -> Expert:
    """The expert who is asking; 404 for everybody who was never in print."""
    return get_object_or_404(Expert.objects.with_member().filter(state__in=WRITERS), pk=request.user.pk)


@require_safe
@members_only
def guides(request: SignedInRequest) -> HttpResponse:
    """What one wrote, and where each of it stands."""
    author = own(request)
    context = {"author": author, "papers": author.papers.for_lists().order_by("-pk"), "most": AT_MOST}
    return render(request, "directory/guides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def write_guide(request: SignedInRequest) -> HttpResponse:
    form = PaperForm(request.POST or None, author=own(request))
    if form.is_bound and form.is_valid():
        return keep(request, form)
    return sheet(request, form, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def edit_guide(request: SignedInRequest, pk: int) -> HttpResponse:
    author = own(request)
    paper = get_object_or_404(author.papers.with_author(), pk=pk)
    if not paper.editable:
        messages.error(request, "Take it back first; then you can change it.")
        return redirect("directory:guides")
    form = PaperForm(request.POST or None, author=author, paper=paper)
    if form.is_bound and form.is_valid():
        return keep(request, form)
    return sheet(request, form, status=422 if form.is_bound else 200)


def keep(request: SignedInRequest, form: PaperForm) -> HttpResponse:
    """Save, and send to the desk where that was asked for; refused, nothing that was typed is lost."""
    try:
        sent = form.save(send="send" in request.POST)
    except TooManyPapers:
        form.add_error(None, FULL)
        return sheet(request, form, status=422)
    except WrongPaperMove:
        form.add_error(None, MOVED_ON)
        return sheet(request, form, status=409)
    messages.success(request, SENT if sent else "Saved.")
    return redirect("directory:guides")


def sheet(request: SignedInRequest, form: PaperForm, *, status: int) -> HttpResponse:
    context = {"form": form, "paper": form.paper, "author": form.author}
    return render(request, "directory/edit_guide.html", context, status=status)


def act(done: str) -> Callable[[Callable[[Paper], Any]], View]:
    """An act on one's own guide: only by POST, only where the guide allows it, and said in one sentence."""

    def decorate(verb: Callable[[Paper], Any]) -> View:
        @wraps(verb)
        def view(request: SignedInRequest, pk: int) -> HttpResponse:
            paper = get_object_or_404(own(request).papers.with_author(), pk=pk)
            if refusal := refused(verb, paper):
                messages.error(request, refusal)
            else:
                messages.success(request, done)
            return redirect("directory:guides")

        return require_POST(members_only(view))

    return decorate


def refused(verb: Callable[[Paper], Any], paper: Paper) -> str:
    """Do it; or say why it cannot be done."""
    try:
        verb(paper)
    except TooManyPapers:
        return FULL
    except WrongPaperMove as error:
        if not error.paper.author.in_print:
            return "That is not possible now: your own page is out of print."
        return f"That is not possible now: the guide is {error.paper.standing.lower()}."
    return ""


@act(SENT)
def submit_guide(paper: Paper) -> None:
    paper.submit()


@act("It is yours again.")
def take_back_guide(paper: Paper) -> None:
    paper.take_back()


@act("Out of print. The words are still here, and you can take them up again.")
def withdraw_guide(paper: Paper) -> None:
    paper.withdraw(by=paper.author.member)
