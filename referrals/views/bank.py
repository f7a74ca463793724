"""A member's statement: private to its owner, and to curators who look at it as curators."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, members_only
from accounts.models import User
from directory.formulas import disarm
from directory.paging import Page
from referrals import bank, statement, tariff
from referrals.forms.statement import CorrectionForm, LinesForm
from referrals.models import Account, Leg

AT_ONCE = 500
COLUMNS = ("date", "kind", "entry", "reason", "given", "received", "worth today")


class Echo:
    """A file that hands back what is written to it, so that rows leave while the next are read."""

    def write(self, text: str) -> str:
        return text


@require_safe
@members_only
def statement_page(request: SignedInRequest) -> HttpResponse:
    """My own."""
    return page(request, Account.objects.for_reading(request.user))


@require_safe
@members_only
def statement_of(request: SignedInRequest, handle: str) -> HttpResponse:
    """A member's, for curators; for everybody else it is not there."""
    if request.user.handle == handle:
        return redirect("referrals:bank")
    if not request.user.is_curator:
        raise Http404
    return page(request, Account.objects.for_reading(get_object_or_404(User.objects.members(), handle=handle)))


def page(request: SignedInRequest, account: Account) -> HttpResponse:
    now, member = timezone.now(), cast(User, account.member)
    begun = account.legs.first_day()
    chosen = LinesForm(request.GET, first=begun)
    found = Page.of(chosen.narrow(account.lines(now)), request.GET.get("after", ""))
    context = {
        "member": member,
        "mine": member == request.user,
        "page": found,
        "lines": statement.told(found.rows, member=member, reader=request.user),
        "begun": begun,
        "chosen": chosen,
        "waiting": statement.waiting(member),
        **statement.summary(account, at=now),
        **tariff.rules(),
    }
    return render(request, "referrals/bank/statement.html", context)


@require_safe
@members_only
def statement_csv(request: SignedInRequest) -> HttpResponseBase:
    """All my lines as a file. The last column adds up to the balance."""
    lines = Account.objects.for_reading(request.user).lines(timezone.now())
    rows = table(lines.iterator(chunk_size=AT_ONCE), member=request.user, zone=timezone.get_current_timezone())
    writer = csv.writer(Echo())
    response = StreamingHttpResponse(map(writer.writerow, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{request.user.handle}.csv"'
    return response


def table(legs: Iterator[Leg], *, member: User, zone: Any) -> Iterator[Iterable[str]]:
    """The rows of the file. Text is disarmed; a number is ours, and begins with its sign."""
    yield COLUMNS
    while some := list(islice(legs, AT_ONCE)):
        for line in statement.told(some, member=member, reader=member):
            leg = line.leg
            given, received = (bank.units(leg.points), "") if leg.is_given else ("", bank.units(leg.points))
            day = timezone.localtime(leg.effective_at, zone).date().isoformat()
            text = (leg.entry.get_kind_display(), line.words, line.reason)
            yield (day, *map(disarm, text), given, received, f"{leg.worth / bank.POINTS:.6f}")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def ask_correction(request: SignedInRequest, pk: int) -> HttpResponse:
    """Something is wrong with a line of mine: a curator looks at it."""
    lines = Account.objects.for_reading(request.user).lines(timezone.now())
    leg = get_object_or_404(lines, entry=pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.ask(leg, by=request.user):
        messages.success(request, "A curator looks at this line and answers you.")
        return redirect("referrals:bank")
    (line,) = statement.told([leg], member=request.user, reader=request.user)
    context = {"form": form, "line": line}
    return render(request, "referrals/bank/correction.html", context, status=422 if form.errors else 200)


@login_not_required
@require_safe
def how_the_bank_works(request: HttpRequest) -> HttpResponse:
    """The rules, for everybody."""
    return render(request, "referrals/bank/how_the_bank_works.html", tariff.rules())
