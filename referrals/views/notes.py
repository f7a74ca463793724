"""What a party writes about an introduction for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from referrals.forms.introductions import NoteForm
from referrals.models import PrivateNote
from referrals.parties import Party, Role, act, of_person

from .introductions import show


@act(*Role)
def keep(request: HttpRequest, party: Party) -> HttpResponse:
    """Save it; empty, it is deleted."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, party, status=422, note_form=form)
    text = form.cleaned_data["note"]
    PrivateNote.objects.keep(introduction=party.introduction, author=party.person, text=text)
    messages.success(request, "Kept for yourself." if text else "Your note is deleted.")
    return redirect(party.page)


@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    """My note as a text file."""
    party = of_person(request.user, pk)
    note = party.introduction.notes.filter(author=party.person).first()
    if note is None:
        raise Http404
    text = f"{party.introduction}\n{note.changed_at:%-d %B %Y}\n\n{note.text}\n"
    headers = {"Content-Disposition": f'attachment; filename="introduction-{pk}.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)
