"""What every decision at the desk goes through, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import SignedInRequest
from accounts.models import User
from directory.forms.desk import DecidedAlready, Reworded
from directory.models import Conflict, WrongMove, WrongPaperMove

Thing = TypeVar("Thing")
REWORDED = "The words have changed since you opened this page. They are shown below as they are now: read them again."


class Decision(Protocol):
    """A form with a reason, which carries out what it decides."""

    def is_valid(self) -> bool: ...

    def add_error(self, field: str | None, error: Any) -> None: ...

    def decide(self, thing: Any, /, *, by: User) -> None: ...


def carry_out(
    request: SignedInRequest,
    form: Decision,
    thing: Thing,
    *,
    fetch: Callable[[], Thing],
    case: Callable[..., HttpResponse],
    faster: Callable[[SignedInRequest, Thing, Any], HttpResponse],
    done: Callable[[], str],
    back: str,
    reworded: str = REWORDED,
) -> HttpResponse:
    """Decide, say so and go back to the queue; else show the `case` again with what was typed.

    422 where the form is refused, 403 to whoever may not decide here, 409 where words have changed. Of two curators at
    once the first decides, and the second reads by `faster` what was decided. `fetch` gives the thing as it is now."""
    if not form.is_valid():
        return case(request, thing, refused=form, status=422)
    try:
        form.decide(thing, by=request.user)
    except (WrongMove, WrongPaperMove, DecidedAlready):
        return faster(request, fetch(), form)
    except Reworded:
        form.add_error(None, reworded)
        return case(request, fetch(), refused=form, status=409)
    except Conflict:
        return case(request, thing, refused=form, status=403)
    messages.success(request, done())
    return redirect(back)
