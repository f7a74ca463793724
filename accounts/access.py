"""Who may see a page, and where a form may lead back to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.models import User

View = Callable[..., HttpResponseBase]


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware."""

    user: User


def members_only(view: View) -> View:
    """For pages that only members have: a guest reads how one becomes a member (403)."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_member:
            return render(request, "accounts/members_only.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def curators_only(view: View) -> View:
    """For the desk: everybody else reads what it is and who sits at it (403)."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_curator:
            return render(request, "accounts/curators_only.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def way_back(request: HttpRequest, *, otherwise: str) -> str:
    """The page named by `next`, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next")
    # A word without a slash would be taken for the name of a page.
    return wanted if wanted and wanted.startswith("/") and get_adapter().is_safe_url(wanted) else otherwise
