"""Asking for an introduction: the need in one's own words, and an address that is confirmed before anything is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from directory.models import Expert
from directory.views.expert import moved, out_of_print, page_of
from referrals.access import KEPT, keep_words, kept_words
from referrals.forms.asking import AskForm, VisitorAskForm, typed
from referrals.models import Account, Introduction, NotAllowed, Refusal

OTHERS = 3


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="signup")
def ask(request: HttpRequest, handle: str) -> HttpResponse:
    """What one needs of this expert. A visitor's words wait in the session until a code has confirmed the address."""
    expert = page_of(handle)
    if expert is None:
        return moved(handle, to="referrals:ask")
    if request.method == "POST":
        keep_words(request, typed(request.POST))
    if (instead := in_the_way(request, expert)) is not None:
        return instead
    form = form_for(request, expert)
    if not form.is_valid():
        return form_page(request, form, status=422 if form.is_bound else 200)
    if isinstance(form, VisitorAskForm):
        return send_code(request, form)
    return send(request, form, by=request.user)  # type: ignore[arg-type]  # a visitor has the other form


def in_the_way(request: HttpRequest, expert: Expert) -> HttpResponse | None:
    """The page that stands in place of the form, where there can be none. What was typed is on it."""
    reader = request.user
    if reader.pk == expert.pk:
        return instead(request, "yourself", expert=expert, status=403)
    if not expert.in_print:
        return out_of_print(request, expert, kept=kept_words(request))
    if isinstance(reader, User) and (begun := reader.introductions.is_open().filter(expert=expert).first()):
        if request.POST.get("need", "").split() == begun.need.split():  # sent a moment ago, by the same button
            return sent(request, begun)
        return instead(request, "asked", expert=expert, introduction=begun)
    if not expert.takes_clients(timezone.localdate()):
        return instead(request, "not_taking", expert=expert, **others_than(expert))
    if isinstance(reader, User) and reader.is_member and (account := Account.objects.insufficient(reader)):
        return instead(request, "give_first", expert=expert, account=account)
    return None


def instead(request: HttpRequest, why: str, *, expert: Expert, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"expert": expert, "kept": kept_words(request)}
    return render(request, f"referrals/ask_{why}.html", context, status=status)


def others_than(expert: Expert) -> dict[str, Any]:
    """Experts for the same who take clients now, by standing."""
    category = expert.categories[0]
    others = Expert.objects.listed().taking_clients(timezone.localdate()).with_member().exclude(pk=expert.pk)
    by_standing = others.filter(placed_in__category=category).order_by("-placed_in__score", "placed_in__shuffle", "pk")
    return {"category": category, "others": by_standing[:OTHERS]}


def form_for(request: HttpRequest, expert: Expert) -> AskForm:
    """The form with what is there already: words that wait in the session, the voice a link named."""
    form_class = AskForm if request.user.is_authenticated else VisitorAskForm
    if request.method == "POST":
        return form_class(request.POST, expert=expert, reader=request.user)
    begun = kept_words(request) or {"through": request.GET.get("through", "")}
    initial = {"name": getattr(request.user, "name", "")} | begun
    return form_class(expert=expert, reader=request.user, initial=initial)


def form_page(request: HttpRequest, form: AskForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "expert": form.expert}
    if isinstance(request.user, User):
        typed_email = (kept_words(request) or {}).get("email", "")
        noes = Refusal.objects.between(request.user, form.expert).select_related("expert__member")
        context["confirmed"] = not form.is_bound and typed_email.lower() == request.user.email
        context["refusal"] = noes.order_by("-at").first()
    return render(request, "referrals/ask.html", context, status=status)


def send_code(request: HttpRequest, form: VisitorAskForm) -> HttpResponse:
    """To whoever owns the address: nothing exists for the expert before the code is typed."""
    form.send_code(request)
    code_page = reverse("account_confirm_login_code")
    return redirect(f"{code_page}?{urlencode({'next': request.path})}")


def send(request: HttpRequest, form: AskForm, *, by: User) -> HttpResponse:
    by.go_by(form.cleaned_data.get("name", by.name))
    try:
        introduction = Introduction.objects.ask(
            prospect=by,
            expert=form.expert,
            recommendation=form.recommendation,
            category=form.category_meant,
            **form.brief,
        )
    except NotAllowed as no:
        form.add_error(None, str(no))
        return form_page(request, form, status=422)
    return sent(request, introduction)


def sent(request: HttpRequest, introduction: Introduction) -> HttpResponse:
    request.session.pop(KEPT, None)
    first = introduction.expert.member.first_name
    messages.success(request, f"Sent. {first} has been asked, and you hear as soon as there is an answer.")
    return redirect(introduction)
