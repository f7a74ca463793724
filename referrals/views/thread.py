"""What the two say to each other once they are introduced, and what the curators are shown of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from referrals.access import KEPT
from referrals.forms.introductions import ContactForm, ReportForm, message_form
from referrals.models import Report, Touch
from referrals.parties import Party, Role, act

from .introductions import show


@act(Role.PROSPECT, Role.EXPERT)
def write(request: HttpRequest, party: Party) -> HttpResponse:
    """A message to the other one."""
    form = message_form(party.introduction, by_expert=party.is_expert, data=request.POST)
    if not form.is_valid():
        return show(request, party, status=422, message_form=form)
    Touch.objects.write(introduction=party.introduction, author=party.person, body=form.cleaned_data["body"])
    request.session.pop(KEPT, None)
    messages.success(request, f"Sent. {party.other_first} gets it by e-mail, too.")
    return redirect(party.page)


@act(Role.PROSPECT)
def confirm(request: HttpRequest, party: Party) -> HttpResponse:
    """Yes, that is it: the expert said the need right."""
    Touch.objects.confirm(introduction=party.introduction, by=party.person)
    messages.success(request, f"{party.other_first} knows now that you mean the same.")
    return redirect(party.page)


@act(Role.EXPERT)
def contact(request: HttpRequest, party: Party) -> HttpResponse:
    """Note a contact that happened elsewhere."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, contact_form=form)
    said = form.cleaned_data
    touch = Touch.objects.note(
        introduction=party.introduction,
        author=party.person,
        channel=said["channel"],
        on=said["on"],
        gave=said["gave"],
        body=said["useful"],
    )
    messages.success(request, f"Noted as contact {touch.number} of 7.")
    return redirect(party.page)


@act(Role.PROSPECT, Role.EXPERT)
def report(request: HttpRequest, party: Party, touch: int) -> HttpResponse:
    """Show a message of the other side to the curators."""
    about = get_object_or_404(party.introduction.thread, pk=touch)
    form = ReportForm(request.POST, touch=about)
    if not form.is_valid():
        return show(request, party, status=422, report_form=form)
    Report.objects.report(touch=about, by=party.person, **form.cleaned_data)
    messages.success(request, "The curators read it and write to you. Nobody else is told that you reported it.")
    return redirect(party.page)
