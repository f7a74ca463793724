"""Coming in, and asking somebody in."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, members_only
from accounts.forms import InvitationForm, JoinForm
from accounts.models import Invitation
from accounts.models.invitations import OPEN_AT_ONCE, TooManyOpen


@login_not_required
@require_safe
def not_invited(request: HttpRequest) -> HttpResponse:
    """What somebody reads who wants to join and was not asked."""
    return render(request, "accounts/not_invited.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="signup")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who asked me here, and what am I agreeing to? A visitor leaves name and address and gets a code."""
    invitation = get_object_or_404(Invitation.objects.select_related("inviter").by_token(token))
    context = {
        "invitation": invitation,
        "for_you": request.user.is_anonymous or invitation.is_for(request.user),
    }
    if request.user.is_authenticated or not invitation.is_open:
        return render(request, "accounts/join.html", context)
    form = JoinForm(request.POST if request.method == "POST" else None, invitation=invitation)
    if form.is_valid():
        form.send_code(request)
        code_page = reverse("account_confirm_login_code")
        return redirect(f"{code_page}?{urlencode({'next': invitation.get_absolute_url()})}")
    return render(request, "accounts/join.html", {**context, "form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Join."""
    invitation = get_object_or_404(Invitation.objects.by_token(token))
    if request.user.is_anonymous or not invitation.accept(by=request.user):
        return redirect(invitation)  # the page knows what stands in the way
    messages.success(request, "You are a member now. The first thing a member does is recommend somebody.")
    return redirect("referrals:who")


@login_not_required
@require_POST
def ask_for_another(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the inviter for a new link, once."""
    invitation = get_object_or_404(Invitation.objects.select_related("inviter").by_token(token))
    if invitation.ask_for_another():
        messages.success(request, f"{invitation.inviter.first_name} has been told. Look out for a new invitation.")
    return redirect(invitation)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def invitations(request: SignedInRequest) -> HttpResponse:
    """Whom I invited, and the form to invite one more."""
    mine = request.user.invitations
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitation = Invitation.objects.invite(inviter=request.user, **form.cleaned_data)
        except TooManyOpen:
            form.add_error(None, "Five of your invitations are waiting for an answer. Wait for one, or for its end.")
        else:
            messages.success(request, "Your invitation is written. Its link is below.")
            return redirect(f"{request.path}#invitation-{invitation.pk}")
    context = {"form": form, "left": max(0, OPEN_AT_ONCE - mine.holding_a_place().count())}
    context["invitations"] = mine.select_related("used_by")[:100]
    return render(request, "accounts/invitations.html", context, status=422 if form.is_bound else 200)


@require_POST
@members_only
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an unanswered invitation back."""
    invitation: Invitation = get_object_or_404(request.user.invitations, pk=pk)
    invitation.withdraw()
    messages.success(request, "The invitation is taken back. Its link no longer works.")
    return redirect("accounts:invitations")
