"""How it went, thanks to whoever made it, and the ways to close it or to take a no back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from referrals.forms.introductions import OutcomeForm, ThanksForm
from referrals.models import Outcome, Refusal, Thanks
from referrals.parties import Party, Role, act

from .introductions import show


@act(Role.PROSPECT, Role.EXPERT)
def outcome(request: HttpRequest, party: Party) -> HttpResponse:
    """One of the seven words for how it went; the latest counts."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, outcome_form=form)
    Outcome.objects.report(introduction=party.introduction, by=party.person, kind=form.cleaned_data["kind"])
    giver = party.introduction.giver
    messages.success(
        request, f"Thank you for saying so. {giver.first_name} is told." if giver else "Thank you for saying so."
    )
    return redirect(party.page)


@act(Role.PROSPECT, Role.EXPERT)
def thank(request: HttpRequest, party: Party) -> HttpResponse:
    """A line to whoever made the introduction, once."""
    form = ThanksForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, thanks_form=form)
    Thanks.objects.say(introduction=party.introduction, by=party.person, text=form.cleaned_data["thanks"])
    messages.success(request, "Your thanks are on their way.")
    return redirect(party.page)


@act(*Role)
def withdraw(request: HttpRequest, party: Party) -> HttpResponse:
    """Close it without a reason."""
    party.introduction.withdraw(by=party.person)
    messages.success(request, "It is closed.")
    return redirect(party.page)


@act(Role.PROSPECT)
def reopen(request: HttpRequest, party: Party) -> HttpResponse:
    """Take a no back."""
    introduction = party.introduction
    if Refusal.objects.between(party.person, introduction.expert).exists():
        introduction.reopen()
        messages.success(request, f"You took it back. {party.other_first} is told where it was before.")
    else:
        messages.info(request, "There is nothing to take back.")
    return redirect(party.page)
