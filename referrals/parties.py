"""Who stands at which door of one introduction: signed in, or with the key that came in a letter. One list of acts is
behind both doors, and whoever is no party to it finds nothing there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from referrals.access import keep_words
from referrals.letters.introductions import by_token
from referrals.models import Introduction, NotAllowed, Route, Stage, WrongStage
from referrals.models.touches import MESSAGE

View = Callable[..., HttpResponse]
MOVED_ON = "This has moved on since you opened the page. Here is where it stands."


class Role(StrEnum):
    PROSPECT = "prospect"
    EXPERT = "expert"
    GIVER = "giver"  # who introduced the two, or whose recommendation was named


@dataclass(frozen=True)
class Party:
    """One person's side of one introduction."""

    introduction: Introduction
    person: User
    token: str = ""  # of the letter that led here

    @property
    def by_letter(self) -> bool:
        return bool(self.token)

    @property
    def role(self) -> Role:
        if self.person.pk == self.introduction.prospect_id:
            return Role.PROSPECT
        return Role.EXPERT if self.person.pk == self.introduction.expert_id else Role.GIVER

    @property
    def is_prospect(self) -> bool:
        return self.role == Role.PROSPECT

    @property
    def is_expert(self) -> bool:
        return self.role == Role.EXPERT

    @property
    def other(self) -> User:
        return self.introduction.other_than(self.person)

    @property
    def other_first(self) -> str:
        """The other one's first name, as far as it is told."""
        return self.introduction.prospect_first if self.is_expert else self.introduction.expert.member.first_name

    @property
    def made_it(self) -> bool:
        """A member who introduced the two wrote to both of them, and reads that again."""
        return self.role == Role.GIVER and self.introduction.route == Route.MEMBER

    @property
    def takes_part(self) -> bool:
        """The two who are introduced. For the expert it ends with the introduction: nothing can be done or read there
        any more, whoever ended it."""
        over = not self.introduction.is_open and self.introduction.stage != Stage.DONE
        return self.is_prospect or (self.is_expert and not over)

    @property
    def reads_thread(self) -> bool:
        """Who signed in reads what the two write to each other; the expert as long as the addresses are open."""
        open_to_them = self.is_prospect or (self.is_expert and self.introduction.addresses_are_open)
        return open_to_them and self.introduction.introduced_at is not None and not self.by_letter

    @property
    def page(self) -> str:
        """Where this party reads it. Each act has its address below."""
        if self.token:
            return reverse("referrals:introduction_letter", args=[self.token])
        return self.introduction.get_absolute_url()

    def is_answered_by(self, reader: object) -> bool:
        """A letter is answered by its recipient, signed in or not."""
        return not isinstance(reader, User) or reader == self.person


def of_person(person: User, pk: int) -> Party:
    mine = Introduction.objects.of_party(person).with_people()
    return Party(get_object_or_404(mine, pk=pk), person)


def of_letter(token: str) -> Party:
    """The side that a letter's key names. A mailbox that was given up, or a closed account, is not there."""
    named = by_token(token)
    if named is None:
        raise Http404
    pk, person, email = named
    introduction = get_object_or_404(Introduction.objects.with_people(), pk=pk)
    for side in (introduction.prospect, introduction.expert.member, introduction.giver):
        if side is not None and (side.pk, side.email, side.is_active) == (person, email, True):
            return Party(introduction, side, token)
    raise Http404


def act(*roles: Role) -> Callable[[View], View]:
    """For what these roles do with an introduction, by POST and by whichever door leads there. Nobody else finds it.
    What the models refuse is said on the page."""

    def decorate(view: View) -> View:
        @login_not_required  # this guard asks them to sign in, or takes the key in a letter
        @require_POST
        @wraps(view)
        def guarded(request: HttpRequest, pk: int = 0, token: str = "", **parts: Any) -> HttpResponse:
            if token:
                party = of_letter(token)
            elif isinstance(request.user, User):
                party = of_person(request.user, pk)
            else:
                keep_words(request, {"body": request.POST.get("body", "")[:MESSAGE]})
                return redirect_to_login(reverse("referrals:introduction", args=[pk]))
            if not party.is_answered_by(request.user):
                return redirect(party.page)  # it says whose letter this is
            if party.role not in roles:
                raise Http404
            try:
                return view(request, party, **parts)
            except (NotAllowed, WrongStage, IntegrityError) as refused:
                messages.warning(request, str(refused) if isinstance(refused, NotAllowed) else MOVED_ON)
                return redirect(party.page)

        return guarded

    return decorate
