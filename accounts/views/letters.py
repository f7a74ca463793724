"""What a person was told, and how an address is left alone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest
from accounts.models import Notice, Suppression
from accounts.models.suppressions import off_address

A_PAGE = 20


@require_safe
def notifications(request: SignedInRequest) -> HttpResponse:
    """Everything the book told me, by day."""
    notices = Notice.objects.listed_for(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:  # anything else is the first page
        notices = notices.filter(pk__lt=int(before))
    page = list(notices[: A_PAGE + 1])
    older = page[A_PAGE - 1].pk if len(page) > A_PAGE else None
    return render(
        request,
        "accounts/notifications.html",
        {"notices": page[:A_PAGE], "older": older, "first": not before},
    )


def address_of(token: str) -> str:
    address = off_address(token)
    if address is None:
        raise Http404
    return address


@login_not_required
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the token proves that they hold a letter
@require_http_methods(["GET", "HEAD", "POST"])
def take_me_off(request: HttpRequest, token: str) -> HttpResponse:
    """Stop everything to an address. A GET only asks: mail scanners follow every link."""
    address = address_of(token)
    if request.method == "POST":
        Suppression.objects.add_address(address)
    context = {"token": token, "address": address, "is_off": Suppression.objects.covers(address)}
    return render(request, "accounts/take_me_off.html", context)


@login_not_required
@csrf_exempt  # as above: no cookie is needed to change one's mind
@require_POST
def put_me_back(request: HttpRequest, token: str) -> HttpResponse:
    """The address may be written to again."""
    address = address_of(token)
    Suppression.objects.remove_address(address)
    return render(request, "accounts/take_me_off.html", {"token": token, "address": address, "is_back": True})
