"""What a reader of a statement chooses to see, and the words by which a line is disputed."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from referrals.bank import Kind
from referrals.models import Correction, Leg, NotAllowed
from referrals.models.cases import WORDS
from referrals.models.statements import LegQuerySet

KINDS = [("", "Everything"), *((kind, kind.label) for kind in Kind if kind != Kind.ANSWER)]


class LinesForm(forms.Form):
    """One kind of entry, one year. What is not offered is not obeyed, and nothing chosen is everything."""

    kind = forms.ChoiceField(choices=KINDS, required=False, label="Entries")
    year = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Year")

    def __init__(self, data: QueryDict, *, first: dt.datetime | None) -> None:
        super().__init__(data, auto_id="lines-%s")
        now = timezone.localtime()
        begun = timezone.localtime(first).year if first else now.year
        years = [(str(year), str(year)) for year in range(now.year, begun - 1, -1)]
        cast(forms.TypedChoiceField, self.fields["year"]).choices = [("", "All years"), *years]

    @property
    def is_narrowed(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, lines: LegQuerySet) -> LegQuerySet:
        self.full_clean()
        if kind := self.cleaned_data.get("kind"):
            lines = lines.filter(entry__kind=kind)
        if year := self.cleaned_data.get("year"):
            lines = lines.filter(effective_at__year=year)
        return lines


class CorrectionForm(forms.Form):
    """What is wrong with a line, for a curator."""

    words = forms.CharField(
        label="What is wrong with it?",
        help_text="A curator who has no part in it reads this and answers with a reason.",
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Write what is wrong with this line.",
            "max_length": "Shorten it to %(limit_value)d characters. It has %(show_value)d.",
        },
    )

    def ask(self, leg: Leg, *, by: User) -> Correction | None:
        """None where the words are missing or the line is past correction: the form then says why."""
        if not self.is_valid():
            return None
        try:
            correction: Correction = Correction.objects.ask(entry=leg.entry, by=by, words=self.cleaned_data["words"])
        except NotAllowed as error:
            self.add_error("words", str(error))
            return None
        return correction
