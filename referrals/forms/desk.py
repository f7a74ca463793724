"""What a curator decides about first recommendations and nominations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from directory.forms.desk import ReadForm, ReasonForm, Reworded
from directory.models import Conflict, Expert, WrongMove
from referrals import nominations
from referrals.models import Recommendation


class RecommendationForm(ReadForm):
    """A decision about an author's first recommendation, as it was read."""

    verb: ClassVar[Callable[..., bool]]

    @transaction.atomic
    def decide(self, recommendation: Recommendation, *, by: User) -> None:
        """Raises WrongMove when it no longer waits, Reworded, or Conflict."""
        expert = recommendation.expert.locked()  # whoever signs anew locks it too
        fresh = Recommendation.objects.to_be_read().filter(pk=recommendation.pk).first()
        if fresh is None:
            raise WrongMove(expert.state)
        if fresh.wording != self.cleaned_data["read"]:
            raise Reworded
        type(self).verb(fresh, by=by, **({"note": self.words} if "reason" in self.fields else {}))


class LetGoOnForm(RecommendationForm):
    done = "It goes on to {name}."
    verb = Recommendation.read

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]


class SendRecommendationBackForm(RecommendationForm):
    label, hint = "Your note", "The author reads it above their words."
    required = "Write what should be different."
    done = "Sent back. The author gets your note."
    verb = Recommendation.send_back


class ChosenForm(forms.Form):
    """Some of the nominated people."""

    expert = forms.ModelMultipleChoiceField(
        Expert.objects.none(),
        error_messages={
            "required": "Choose at least one person.",
            "invalid_choice": "One of those you chose waits no longer. Choose again.",
            "invalid_pk_value": "One of those you chose waits no longer. Choose again.",
        },
    )

    def __init__(self, *args: Any, nominated: QuerySet[Expert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = nominated  # type: ignore[attr-defined]

    def each(self, act: Callable[[Expert], None]) -> tuple[list[Expert], list[str]]:
        """Do it with one after the other, each on its own: with whom it was done, and why not with the others."""
        done, left = [], []
        for expert in self.cleaned_data["expert"]:
            try:
                act(expert)
            except WrongMove as error:
                left.append(f"{expert.name} is {error.state.label.lower()} already.")
            except Conflict:
                left.append(f"Someone else must decide about {expert.name}.")
            except nominations.LeftAlone:
                left.append(f"{expert.name} asked to be left alone: no letter goes to that address.")
            else:
                done.append(expert)
        return done, left


class LetterForm(ChosenForm):
    def decide(self, *, by: User) -> tuple[list[Expert], list[str]]:
        """The one letter to each."""
        return self.each(lambda expert: nominations.write_to(expert, by=by))


class DeclineNominationsForm(ReasonForm, ChosenForm):
    label, hint = "Why they are declined", "Kept in the log. Nobody is written to: they never knew."
    required = "Write why they are declined."

    def decide(self, *, by: User) -> tuple[list[Expert], list[str]]:
        return self.each(lambda expert: nominations.decline(expert, by=by, reason=self.words))
