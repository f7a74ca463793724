"""Putting somebody forward by their address. What is answered never tells whether they are in the book."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest
from accounts.models import User
from directory.models import Expert
from referrals.access import KEPT, kept_words, writers_only
from referrals.forms.words import NominationForm, typed, typed_once
from referrals.models import Draft, NotPossible, Recommendation
from referrals.views.writing import draft_kept, spent


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def nominate(request: SignedInRequest) -> HttpResponse:
    """Name, address and the same questions."""
    if request.method == "POST":
        words = typed(request.POST)
        Draft.objects.keep(author=request.user, expert=None, words=words)
        request.session.pop(KEPT, None)
        form = NominationForm(words, author=request.user)
        return redirect("referrals:nomination_proof") if form.is_valid() else form_page(request, form, status=422)
    draft, again = Draft.objects.of(author=request.user, expert=None), signed_before(request)
    looked_for = {name: request.GET[name][:254] for name in ("name", "email") if name in request.GET}
    begun = typed_once(again) if again else {**(draft.words if draft else {}), **looked_for}
    form = NominationForm(author=request.user, initial=kept_words(request) or begun)
    return form_page(request, form, draft=draft, again=again)


def form_page(
    request: SignedInRequest,
    form: NominationForm,
    *,
    draft: Draft | None = None,
    again: Recommendation | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "draft": draft if not again else None,
        "note": again.sent_back_note if again else "",
        "spent": spent(request.user, None),
        "form_url": reverse("referrals:nominate"),
        "draft_url": reverse("referrals:keep_nomination"),
        "forget_url": reverse("referrals:forget_nomination"),
    }
    return render(request, "referrals/recommend.html", context, status=status)


@require_POST
@writers_only
def keep(request: SignedInRequest) -> HttpResponse:
    """Save and finish later."""
    return draft_kept(request, Draft.objects.keep(author=request.user, expert=None, words=typed(request.POST)))


@require_POST
@writers_only
def forget(request: SignedInRequest) -> HttpResponse:
    """Throw the draft away."""
    request.user.drafts.filter(expert=None).delete()
    messages.success(request, "Thrown away.")
    return redirect("referrals:given")


@require_safe
@writers_only
def proof(request: SignedInRequest) -> HttpResponse:
    """What the person put forward will read."""
    draft = Draft.objects.of(author=request.user, expert=None)
    form = NominationForm(draft.words if draft else {}, author=request.user)
    if draft is None or not form.is_valid():
        return redirect("referrals:nominate")
    person = User(name=form.cleaned_data["name"], email=form.cleaned_data["email"])
    context = {
        "recommendation": Recommendation.as_proof(author=request.user, expert=Expert(member=person), **form.words),
        "categories": [form.cleaned_data["category"]],
        "person": form.person,
        "thin": form.thin,
        "draft": draft,
        "form_url": reverse("referrals:nominate"),
        "sign_url": reverse("referrals:sign_nomination"),
        "spent": spent(request.user, None),
    }
    return render(request, "referrals/proof.html", context)


@require_POST
@writers_only
def sign(request: SignedInRequest) -> HttpResponse:
    """Put one's name to it, and ask the person put forward."""
    draft = Draft.objects.of(author=request.user, expert=None)
    if draft is None:  # signed a moment ago, by the same button
        return redirect("referrals:given")
    form = NominationForm(draft.words, author=request.user)
    if not form.is_valid() or request.POST.get("seen") != draft.fingerprint:
        messages.warning(request, "Your words changed since you read them. Read them once more, then sign.")
        return redirect("referrals:nomination_proof")
    try:
        signed = Recommendation.objects.nominate(author=request.user, **form.person, **form.words)
    except NotPossible as no:
        messages.error(request, str(no))
        return redirect("referrals:nomination_proof")
    return redirect(signed)


def signed_before(request: SignedInRequest) -> Recommendation | None:
    """Own words to somebody's address, to be written anew."""
    pk = request.GET.get("again", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    mine = Recommendation.objects.by_author(request.user).for_author()
    return next((signed for signed in mine.filter(pk=int(pk)) if signed.veiled), None)
