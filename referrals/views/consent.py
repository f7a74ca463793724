"""Yes, not now, no; something free, somebody better; and what the prospect says to that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from referrals.forms.introductions import FOUND, NoForm, NotNowForm, OfferExpertForm, OfferGuideForm
from referrals.models import Introduction, Refusal, Stage
from referrals.parties import Party, Role, act
from referrals.views.who import by_name

from .introductions import show


@act(Role.PROSPECT, Role.EXPERT)
def yes(request: HttpRequest, party: Party) -> HttpResponse:
    """One of the two agrees. Whoever does so with the key in a letter owns the mailbox it was sent to."""
    introduction = party.introduction
    if party.by_letter:
        party.person.confirm_email()
    if party.is_prospect and introduction.stage == Stage.PAUSED:
        Introduction.objects.go_on(introduction)
    else:
        introduction.say_yes(by=party.person)
    if introduction.stage == Stage.INTRODUCED:
        messages.success(request, f"You are introduced. You and {party.other_first} now have each other’s address.")
    else:
        messages.success(request, f"You said yes. {party.other_first} is asked, and you hear from us.")
    return redirect(party.page)


@act(Role.PROSPECT, Role.EXPERT)
def not_now(request: HttpRequest, party: Party) -> HttpResponse:
    """Not now: the prospect's has a day, the expert's has none."""
    if party.is_expert:
        party.introduction.expert_not_now()
        messages.success(request, f"It rests. {party.other_first} is told that you cannot help now.")
        return redirect(party.page)
    form = NotNowForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, not_now_form=form)
    until, expert = form.cleaned_data["until"], party.introduction.expert
    Refusal.objects.refuse(prospect=party.person, expert=expert, kind=Refusal.Kind.NOT_NOW, until=until)
    messages.success(request, f"It rests until {until:%-d %B %Y}. Nobody writes to you about it before.")
    return redirect(party.page)


@act(Role.PROSPECT, Role.EXPERT)
def no(request: HttpRequest, party: Party) -> HttpResponse:
    """No, thank you. The prospect's is final."""
    if party.is_expert:
        party.introduction.expert_says_no()
        messages.success(request, f"You said no. {party.other_first} is told that you cannot help with this.")
        return redirect(party.page)
    form = NoForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, no_form=form)
    kind = form.cleaned_data["kind"] or Refusal.Kind.NO
    Refusal.objects.refuse(prospect=party.person, expert=party.introduction.expert, kind=kind)
    messages.success(request, f"You said no. That is final: {party.other_first} cannot write to you any more.")
    return redirect(party.page)


@act(Role.EXPERT)
def offer_guide(request: HttpRequest, party: Party) -> HttpResponse:
    """Here is something free."""
    introduction = party.introduction
    form = OfferGuideForm(request.POST, guides=introduction.expert.papers.in_print().newest_first())
    if not form.is_valid():
        return show(request, party, status=422, guide_form=form)
    introduction.offer_guide(form.cleaned_data["guide"], words=form.cleaned_data["words"])
    messages.success(request, f"{party.other_first} gets your guide, and says whether that was it.")
    return redirect(party.page)


@act(Role.EXPERT)
def offer_expert(request: HttpRequest, party: Party) -> HttpResponse:
    """Meet somebody better for this."""
    words = " ".join(request.POST.get("better-who", "").split())[:200]
    found = by_name(words, besides=party.person).exclude(pk=party.introduction.prospect_id) if len(words) > 1 else ()
    form = OfferExpertForm(request.POST, found=list(found[:FOUND]))
    if not form.is_valid():
        return show(request, party, status=422, expert_form=form)
    better = form.cleaned_data["chosen"]
    party.introduction.offer_better(better, words=form.cleaned_data["words"])
    messages.success(request, f"{party.other_first} is asked whether to meet {better.name}.")
    return redirect(party.page)


@act(Role.PROSPECT)
def enough(request: HttpRequest, party: Party) -> HttpResponse:
    """The guide was it: nobody is needed any more."""
    party.introduction.guide_was_enough()
    messages.success(request, f"That is a good outcome. {party.other_first} is told.")
    return redirect(party.page)


@act(Role.PROSPECT)
def still(request: HttpRequest, party: Party) -> HttpResponse:
    """Thank you, and I would still like to talk."""
    Introduction.objects.go_on(party.introduction)
    messages.success(request, f"{party.other_first} is asked once more.")
    return redirect(party.page)


@act(Role.PROSPECT)
def better(request: HttpRequest, party: Party) -> HttpResponse:
    """Yes, introduce me to that other expert."""
    onward = party.introduction.meet_better()
    messages.success(request, f"{onward.expert.name} is asked. {party.other_first} made that introduction.")
    return redirect(party.page if party.by_letter else onward)
