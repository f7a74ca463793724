"""The page of one introduction, and the shorter page of a letter about it. Looking changes nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from directory.paging import Page
from referrals import progress
from referrals.access import kept_words
from referrals.forms.introductions import (
    NOT_NOW,
    ContactForm,
    NoteForm,
    NotNowForm,
    OfferExpertForm,
    OfferGuideForm,
    ReportForm,
    ThanksForm,
    message_form,
)
from referrals.links import without_links
from referrals.models import Introduction, Refusal, Stage, Touch
from referrals.parties import Party, of_letter, of_person
from referrals.turns import turn

MESSAGES = 50  # of the thread, the newest; older ones follow page by page


class Said(NamedTuple):
    """A message or contact as one of the two reads it."""

    touch: Touch
    body: str
    is_mine: bool
    is_held: bool  # links of a first reply that the prospect has not answered
    is_reported: bool
    report: ReportForm


@require_safe
def introduction(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where it stands and whose turn it is, for the two and for whoever introduced them."""
    return show(request, of_person(request.user, pk))


@login_not_required
@never_cache
@require_safe
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """What a letter leads to without signing in: the need, the notes and the answers, and nothing that the two wrote to
    each other. Whoever is signed in as its recipient reads the whole page."""
    party = of_letter(token)
    if request.user == party.person:
        return redirect(party.introduction)
    if not party.is_answered_by(request.user):
        return render(request, "referrals/introduction/somebody_else.html")
    return show(request, party)


def show(request: HttpRequest, party: Party, *, status: int = 200, **refused: forms.Form) -> HttpResponse:
    """The page at the door where this party stands; `refused` is a form that comes back with its errors."""
    context = {**shared(party), **(whole(party, request.GET.get("before", "")) if not party.by_letter else {})}
    if party.takes_part:
        context |= prospects(party) if party.is_prospect else experts(party)
    if (kept := kept_words(request)) and "message_form" in context:
        context["message_form"].initial = kept
    for name, form in refused.items():
        context |= {name: form, "form": form}
    name = "letter" if party.by_letter else "page"
    return render(request, f"referrals/introduction/{name}.html", context, status=status)


def shared(party: Party) -> dict[str, Any]:
    """What both pages say."""
    introduction, me = party.introduction, party.person.pk
    prefetch_related_objects([introduction], "outcomes", "thanks")
    said = [outcome.kind for outcome in introduction.outcomes.all() if outcome.by_id == me]
    return {
        "party": party,
        "introduction": introduction,
        "turn": turn(introduction, party.person),
        "steps": progress.lines(introduction),
        "outcomes": progress.labels(introduction, by=me).items(),
        "my_outcome": said[-1] if said else "",
        "my_thanks": next((thanks for thanks in introduction.thanks.all() if thanks.by_id == me), None),
        "thanks_form": ThanksForm(),
    }


def whole(party: Party, cursor: str) -> dict[str, Any]:
    """What only those read who signed in."""
    note = party.introduction.notes.filter(author=party.person).first()
    found: dict[str, Any] = {"note": note, "note_form": NoteForm(initial={"note": note.text if note else ""})}
    if party.reads_thread:
        thread = Page.of(party.introduction.thread.order_by("-pk"), cursor, size=MESSAGES)
        found |= {"thread": thread, "messages_read": said(party, thread.rows[::-1])}
        waits = party.introduction.stage == Stage.INTRODUCED and not party.introduction.links_are_open
        first = (each for each in found["messages_read"] if waits and each.touch.is_reflection)
        found["to_confirm"] = next(first, None)
        found["message_form"] = message_form(party.introduction, by_expert=party.is_expert)
    return found


def said(party: Party, touches: list[Touch]) -> list[Said]:
    """Messages as this party reads them."""
    introduction = party.introduction
    reported = set(
        party.person.reports.filter(touch__in=[touch.pk for touch in touches]).values_list("touch", flat=True)
    )
    read = []
    for touch in touches:
        is_mine = touch.author_id == party.person.pk
        plain = without_links(touch.body)
        held = touch.is_reflection and not introduction.links_are_open and plain != touch.body
        body = plain if held and not is_mine else touch.body
        read.append(Said(touch, body, is_mine, held, touch.pk in reported, ReportForm(touch=touch)))
    return read


def prospects(party: Party) -> dict[str, Any]:
    introduction = party.introduction
    standing = Refusal.objects.between(party.person, introduction.expert).order_by("pk").last()
    others_are_offered = introduction.silent_at or introduction.stage in (Stage.DECLINED, Stage.PAUSED)
    offered = others_are_offered and introduction.prospect_yes_at and standing is None
    return {
        "refusal": standing,
        "not_now_form": NotNowForm(initial={"until": timezone.localdate() + NOT_NOW}),
        "next_experts": Introduction.objects.next_experts(introduction) if offered else [],
    }


def experts(party: Party) -> dict[str, Any]:
    introduction = party.introduction
    if introduction.stage == Stage.ASKED and not introduction.expert_yes_at and not party.by_letter:
        guides = introduction.expert.papers.in_print().newest_first()
        return {"guide_form": OfferGuideForm(guides=guides), "expert_form": OfferExpertForm(found=[])}
    if introduction.stage == Stage.INTRODUCED and not party.by_letter:
        return {"contact_form": ContactForm(initial={"on": timezone.localdate()})}
    return {}
