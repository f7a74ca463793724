"""Who may write, and how nothing that was typed is lost when a session has ended meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from referrals.forms import asking
from referrals.forms.words import typed

View = Callable[..., HttpResponse]
Typed = Callable[[QueryDict], dict[str, Any]]
KEPT = "words of an ended session"


def writers_only(view: View) -> View:
    """For pages on which members recommend."""
    return _members_write(view, typed=typed, to_guests="referrals/members_recommend.html")


def introducers_only(view: View) -> View:
    """For the page on which members introduce."""
    return _members_write(view, typed=asking.typed, to_guests="referrals/members_introduce.html")


def _members_write(view: View, *, typed: Typed, to_guests: str) -> View:
    """A guest reads how one becomes a member (403). Somebody whose session has ended signs in again, and finds on the
    form what the last request carried: it waits in the session."""

    @login_not_required  # this guard asks them to sign in, and keeps their words
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_anonymous:
            if request.method == "POST":
                keep_words(request, typed(request.POST))
            return redirect_to_login(form_path(request) if request.method == "POST" else request.get_full_path())
        if not request.user.is_member:
            return render(request, to_guests, status=403)
        return view(request, *args, **kwargs)

    return guarded


def keep_words(request: HttpRequest, words: dict[str, Any]) -> None:
    """Hold what was typed here in the session, until it is sent."""
    if any(words.values()):
        request.session[KEPT] = {"path": form_path(request), "words": words}


def form_path(request: HttpRequest) -> str:
    """The page of the form: its acts (draft/, sign/, ...) have their addresses below it."""
    head, _, last = request.path.rstrip("/").rpartition("/")
    return f"{head}/" if last in ("draft", "forget", "proof", "sign", "write") else request.path


def kept_words(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed here before the session ended."""
    kept = request.session.get(KEPT)
    return kept["words"] if kept and kept["path"] == form_path(request) else None
