"""The page of the letter "Sam put you forward": read it, then yes or no. Reading it changes nothing."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.letters import take_me_off_url
from directory.models import Expert, State, WrongMove
from referrals.letters import nominated_by_token
from referrals.models import Recommendation


@login_not_required
@require_safe
def nomination(request: HttpRequest, token: str) -> HttpResponse:
    """Who put me forward, in which words, and what this book is."""
    expert = put_forward(token)
    if expert is None or expert.state != State.INVITED:
        return render(request, "referrals/nomination_closed.html", {"expert": expert}, status=200 if expert else 410)
    waiting = Recommendation.objects.filter(expert=expert).to_be_told().for_reading()
    context = {
        "token": token,
        "expert": expert,
        "person": expert.member,
        "letters": list(waiting),
        "categories": expert.categories,
        "somebody_else": request.user.is_authenticated and request.user != expert.member,
        "off_url": "" if expert.member.is_member else take_me_off_url(expert.member.email),
    }
    return render(request, "referrals/nomination.html", context)


@login_not_required
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Yes. The link came by mail to this address, so who was no member yet is signed in with it, this once."""
    expert = answerable(request, token)
    if expert is None:
        return redirect("referrals:nomination", token)
    person, was_member = expert.member, expert.member.is_member
    try:
        Recommendation.objects.nominee_says_yes(expert=expert, accepted=request.POST.getlist("words"))
    except WrongMove:
        return redirect("referrals:nomination", token)
    messages.success(
        request, "You said yes. Now write your page: nothing of it is public before you and a curator say so."
    )
    if was_member or request.user == person:
        return redirect("directory:listing")
    response: HttpResponse = perform_login(
        request, person, redirect_url=reverse("directory:listing"), email=person.email
    )
    return response


@login_not_required
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you. That is final."""
    expert = answerable(request, token)
    if expert is not None:
        try:
            Recommendation.objects.nominee_says_no(expert=expert)
        except WrongMove:
            return redirect("referrals:nomination", token)
    return redirect("referrals:nomination", token)


def put_forward(token: str) -> Expert | None:
    """Whom the letter asked; None when nobody answered for sixty days and all was erased. A link that is not ours is
    not found."""
    named = nominated_by_token(token)
    if named is None:
        raise Http404
    pk, email = named
    found: Expert | None = (
        Expert.objects.with_member().select_related("nominated_by").filter(pk=pk, member__email=email).first()
    )
    return found


def answerable(request: HttpRequest, token: str) -> Expert | None:
    """The question, while it is open and nobody else is signed in here."""
    expert = put_forward(token)
    if expert is None or expert.state != State.INVITED:
        return None
    return expert if request.user.is_anonymous or request.user == expert.member else None
