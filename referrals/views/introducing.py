"""Introducing somebody: an expert is chosen by name, then both are asked."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest
from directory.models import Expert
from referrals.access import KEPT, introducers_only, keep_words, kept_words
from referrals.forms.asking import IntroduceForm, typed
from referrals.models import Account, Introduction, NotAllowed
from referrals.views.who import FOUND, LONGEST, by_name

A_YEAR = dt.timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@introducers_only
def introduce(request: SignedInRequest) -> HttpResponse:
    """Somebody who needs help, and an expert whose work one knows."""
    if request.method == "POST":
        keep_words(request, typed(request.POST))
    kept = kept_words(request) or {}
    handle = request.GET.get("expert") or kept.get("expert", "")
    if not handle or (request.method != "POST" and "q" in request.GET):
        return choose(request)
    expert = introducible(handle, typed=request.method == "POST")
    if expert.pk == request.user.pk:
        return render(request, "referrals/introduce_yourself.html", status=403)
    begun = kept | {"expert": expert.member.handle}
    form = IntroduceForm(request.POST or None, to=expert, initial=begun)
    return send(request, form, expert=expert) if form.is_valid() else form_page(request, form, expert=expert)


def choose(request: SignedInRequest) -> HttpResponse:
    """To whom? By a name."""
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    found = list(by_name(words, besides=request.user)[:FOUND]) if len(words) > 1 else []
    return render(request, "referrals/introduce_to.html", {"q": words, "found": found})


def introducible(handle: str, *, typed: bool) -> Expert:
    """In print; or just out of it where words were typed, which come back with the reason."""
    experts = Expert.objects.with_member().by_handle(handle)
    found: Expert = get_object_or_404(experts.filter(listed_at__isnull=False) if typed else experts.listed())
    return found


def form_page(request: SignedInRequest, form: IntroduceForm, *, expert: Expert) -> HttpResponse:
    context = {"form": form, "expert": expert, "year": received_and_given(expert)}
    return render(request, "referrals/introduce.html", context, status=422 if form.is_bound else 200)


def received_and_given(expert: Expert) -> dict[str, int] | None:
    """How often this expert was introduced and introduced others in a year, where the bank says insufficient funds."""
    account = Account.objects.insufficient(expert.member)
    return account.introductions(since=timezone.now() - A_YEAR) if account else None


def send(request: SignedInRequest, form: IntroduceForm, *, expert: Expert) -> HttpResponse:
    try:
        introduction = Introduction.objects.introduce(introducer=request.user, expert=expert, **form.words)
    except NotAllowed as no:
        form.add_error(None, str(no))
        return form_page(request, form, expert=expert)
    request.session.pop(KEPT, None)
    asked = f"{introduction.prospect_first} and {expert.member.first_name}"
    messages.success(request, f"Sent. {asked} have both been asked, and you hear what becomes of it.")
    return redirect(introduction)
