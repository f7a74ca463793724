"""The two queues of the desk that know about recommendations: first words to read, and nominations without a letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import desk
from directory.models import Expert
from directory.models.decisions import FEW_CURATORS
from directory.paging import Page
from directory.views.desk.deciding import carry_out
from referrals import nominations
from referrals.forms.desk import (
    DeclineNominationsForm,
    LetGoOnForm,
    LetterForm,
    RecommendationForm,
    SendRecommendationBackForm,
)
from referrals.models import Recommendation

REWORDED = (
    "The author has changed these words since you opened this page. Read them again: they are shown as they are now."
)


@require_safe
@curators_only
def recommendations(request: SignedInRequest) -> HttpResponse:
    """Authors' first words."""
    waiting = Recommendation.objects.to_be_read().select_related("author", "expert__member")
    page = Page.of(waiting, request.GET.get("after", ""))
    return render(request, "referrals/desk/recommendations.html", desk.context(page))


def fetched(pk: int) -> Recommendation:
    rows = Recommendation.objects.select_related("author", "expert__member", "expert__place", "read_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@curators_only
def recommendation(request: SignedInRequest, pk: int) -> HttpResponse:
    said = fetched(pk)
    if said.read_at or said.sent_back_at or said.withdrawn_at:
        return decided_already(request, said)
    return case(request, said)


@require_POST
@curators_only
def let_go_on(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, fetched(pk), LetGoOnForm(request.POST))


@require_POST
@curators_only
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return decide(request, fetched(pk), SendRecommendationBackForm(request.POST))


def decide(request: SignedInRequest, said: Recommendation, form: RecommendationForm) -> HttpResponse:
    if said.read_at or said.sent_back_at or said.withdrawn_at:
        return decided_already(request, said, form)
    return carry_out(
        request, form, said,
        fetch=lambda: fetched(said.pk), case=case, faster=decided_already, reworded=REWORDED,
        done=lambda: form.done.format(name=said.expert.name), back=reverse("referrals:desk_recommendations"),
    )  # fmt: skip


def case(
    request: SignedInRequest, said: Recommendation, *, refused: RecommendationForm | None = None, status: int = 200
) -> HttpResponse:
    forms = {
        "print_form": LetGoOnForm.shown(refused, read=said.wording),
        "send_back_form": SendRecommendationBackForm.shown(refused, read=said.wording),
    }
    own_cause = request.user.pk in (said.author_id, said.expert_id)
    enough = own_cause and User.objects.curators().count() >= FEW_CURATORS
    conflict = {"disclosed": own_cause and not enough, "for_others": own_cause and enough}
    context = {"recommendation": said, "expert": said.expert, "form": refused, **forms, **conflict}
    context["others"] = Recommendation.objects.filter(author=said.author).count() - 1
    return render(request, "referrals/desk/recommendation.html", context, status=status)


def decided_already(
    request: SignedInRequest, said: Recommendation, form: RecommendationForm | None = None
) -> HttpResponse:
    acts = said.expert.decisions.filter(act__startswith="words-", at__gte=said.signed_at)
    typed = form.typed if form else ""
    context = {"recommendation": said, "last": acts.select_related("by").first(), "typed": typed}
    return render(request, "referrals/desk/decided.html", context, status=409 if form else 200)


def rows(cursor: str) -> Page[Expert]:
    standing = Q(recommendations__withdrawn_at__isnull=True)
    people = nominations.waiting().with_member().select_related("nominated_by").prefetch_related("chosen__category")
    return Page.of(people.annotate(voices=Count("recommendations", filter=standing)), cursor)


@require_safe
@curators_only
def nominated(request: SignedInRequest) -> HttpResponse:
    """People put forward to whom no letter has gone."""
    return nominated_page(request)


def nominated_page(request: SignedInRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    forms.setdefault("decline_form", DeclineNominationsForm(nominated=Expert.objects.none()))
    chosen = forms["form"].data.getlist("expert") if "form" in forms else []
    context = desk.context(rows(request.GET.get("after", ""))) | forms | {"chosen": chosen}
    return render(request, "referrals/desk/nominations.html", context, status=status)


@require_POST
@curators_only
def send_letters(request: SignedInRequest) -> HttpResponse:
    """The one letter to everybody chosen."""
    form = LetterForm(request.POST, nominated=nominations.waiting().with_member())
    if not form.is_valid():
        return nominated_page(request, status=422, form=form)
    done, left = form.decide(by=request.user)
    return told(request, f"The letter goes to {names(done)}.", done=done, left=left)


@require_POST
@curators_only
def decline_nominations(request: SignedInRequest) -> HttpResponse:
    form = DeclineNominationsForm(request.POST, nominated=nominations.waiting().with_member())
    if not form.is_valid():
        return nominated_page(request, status=422, form=form, decline_form=form)
    done, left = form.decide(by=request.user)
    return told(request, f"Declined: {names(done)}.", done=done, left=left)


def names(experts: list[Expert]) -> str:
    return ", ".join(expert.name for expert in experts)


def told(request: SignedInRequest, sentence: str, *, done: list[Expert], left: list[str]) -> HttpResponse:
    if done:
        messages.success(request, sentence)
    for reason in left:
        messages.warning(request, reason)
    return redirect("referrals:desk_nominations")
