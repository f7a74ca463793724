"""What others wrote about me, and what I may do about it: agree, not show it, answer once. Never change it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, members_only
from directory.paging import Page
from referrals.forms.words import AnswerForm
from referrals.models import Recommendation

AT_ONCE = 20  # of those that wait; the next come when these are answered
REWRITTEN = "{} has rewritten or withdrawn this since you read it. Read it again."


@require_safe
@members_only
def received(request: SignedInRequest) -> HttpResponse:
    """What waits for an answer first, then what was answered or printed, twenty a page."""
    return page(request)


def page(request: SignedInRequest, *, form: AnswerForm | None = None, pk: int = 0, status: int = 200) -> HttpResponse:
    mine = Recommendation.objects.told_to(request.user).for_reading()
    context = {
        "waiting": mine.open()[:AT_ONCE],
        "settled": Page.of(mine.settled(), request.GET.get("after", "")),
        "answered": pk,
        "form": form,
    }
    return render(request, "referrals/received.html", context, status=status)


@require_POST
@members_only
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Yes, I know them: in print at once."""
    letter = about_me(request, pk)
    done = as_read(request, letter) and letter.accept()
    where = "It is in print." if letter.printed_at else "It is printed with your page."
    return back(request, letter, done=done, said=f"You said that you know {letter.author.name}. {where}")


@require_POST
@members_only
def hide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Do not show it."""
    letter = about_me(request, pk)
    done = as_read(request, letter) and letter.hide()
    return back(request, letter, done=done, said="Not shown. Readers see only that one is not shown.")


@require_POST
@members_only
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show again what was not shown."""
    letter = about_me(request, pk)
    return back(request, letter, done=as_read(request, letter) and letter.show(), said="Shown again.")


@require_POST
@members_only
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """One public line under a letter, once."""
    letter = about_me(request, pk)
    form = AnswerForm(request.POST, prefix=f"letter-{pk}")
    if not form.is_valid():
        return page(request, form=form, pk=pk, status=422)
    if letter.reply(form.cleaned_data["answer"]):
        messages.success(request, "Your answer stands under the letter.")
    else:
        messages.warning(request, "You have answered this letter before. An answer cannot be changed.")
    return redirect(f"{reverse('referrals:received')}#letter-{pk}")


def about_me(request: SignedInRequest, pk: int) -> Recommendation:
    mine = Recommendation.objects.told_to(request.user).select_related("author", "expert__member")
    found: Recommendation = get_object_or_404(mine, pk=pk)
    return found


def as_read(request: SignedInRequest, letter: Recommendation) -> bool:
    """Whether the page that was answered showed these very words."""
    return request.POST.get("wording", letter.wording) == letter.wording


def back(request: SignedInRequest, letter: Recommendation, *, done: bool, said: str) -> HttpResponse:
    if done:
        messages.success(request, said)
    else:
        messages.warning(request, REWRITTEN.format(letter.author.name))
    return redirect("referrals:received")
