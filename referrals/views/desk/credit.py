"""Credit lines at the desk: how far below zero a member may go, who said so, and why."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from accounts.models import User
from directory import desk
from directory.models import Conflict, Pick
from directory.paging import Page
from referrals import bank
from referrals.forms.cases import CreditLineForm
from referrals.models import Account, CreditLine

LONGEST = 80
FOUND = 20


@require_safe
@curators_only
def credit_lines(request: SignedInRequest) -> HttpResponse:
    """The way from a name to a member's line, and what was set before, the latest first."""
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    # Who set a line may have left: the row stays, so nobody is joined to it.
    lines = CreditLine.objects.select_related("account__member").prefetch_related("by").order_by("-pk")
    context = desk.context(Page.of(lines, request.GET.get("after", "")))
    context |= {"q": words, "found": by_name(words)[:FOUND] if len(words) > 1 else []}
    return render(request, "referrals/desk/credit_lines.html", context)


def by_name(words: str) -> QuerySet[User]:
    """Members by a part of their name or the beginning of their handle; never by an address."""
    found = Q(name__icontains=words) | Q(handle__startswith=words.lower())
    return User.objects.members().filter(found).order_by("name", "pk")


def fetched(handle: str) -> User:
    return get_object_or_404(User.objects.members().by_handle(handle))


@require_safe
@curators_only
def credit_line(request: SignedInRequest, handle: str) -> HttpResponse:
    return page(request, fetched(handle))


@require_POST
@curators_only
def set_credit_line(request: SignedInRequest, handle: str) -> HttpResponse:
    member, form = fetched(handle), CreditLineForm(request.POST)
    if not form.is_valid():
        return page(request, member, refused=form, status=422)
    try:
        form.decide(member, by=request.user)
    except Conflict:
        return page(request, member, refused=form, status=403)
    messages.success(request, form.done.format(name=member.name, line=f"{form.cleaned_data['line']:.2f}"))
    return redirect("referrals:desk_credit_line", handle)


def page(
    request: SignedInRequest, member: User, *, refused: CreditLineForm | None = None, status: int = 200
) -> HttpResponse:
    """Of the statement only what whoever introduces somebody to this member may read, too."""
    account, now = Account.objects.filter(member=member).select_related("member").first(), timezone.now()
    line = account.credit_line if account else bank.CREDIT_LINE
    context = {
        "member": member,
        "line": line,
        "rating": account.rating(now) if account else None,
        "totals": account.totals(now - bank.YEAR) if account else None,
        "is_picked": Pick.objects.standing().filter(expert=member.pk).exists(),
        "history": account.credit_lines.prefetch_related("by") if account else [],
        "form": refused,
        "line_form": refused or CreditLineForm(initial={"line": bank.units(line)}),
        "for_others": member.pk == request.user.pk,
    }
    return render(request, "referrals/desk/credit_line.html", context, status=status)
