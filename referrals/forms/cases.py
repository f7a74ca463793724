"""What a curator decides about reports, corrections and credit lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from accounts.models import User
from directory.forms.desk import DecidedAlready, ReasonForm
from referrals import bank
from referrals.models import Account, Correction, NotAllowed, Report


class ReportForm(ReasonForm):
    """A decision about a reported message."""

    upheld: ClassVar[bool]

    def decide(self, report: Report, *, by: User) -> None:
        """Raises DecidedAlready when somebody was faster, or Conflict."""
        if not report.decide(by=by, upheld=self.upheld, reason=self.words):
            raise DecidedAlready


class UpholdForm(ReportForm):
    label, hint = "Why it is upheld", "Both of them read it. Your name is not in the letters."
    required = "Write why: both of them read it."
    done = "Upheld. Both get your reason."
    upheld = True


class DismissForm(ReportForm):
    label, hint = "Why it is dismissed", "Only the one who reported it reads it. Your name is not in the letter."
    required = "Write why: the one who reported it reads it."
    done = "Dismissed. The one who reported it gets your reason."
    upheld = False


class CorrectionForm(ReasonForm):
    """A decision about a disputed line of the bank."""

    reverse: ClassVar[bool] = True

    def __init__(self, *args: Any, correction: Correction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.correction = correction

    @property
    def giver(self) -> User | None:
        return None

    def decide(self, correction: Correction, *, by: User) -> None:
        """Raises DecidedAlready when somebody was faster, or Conflict."""
        if not correction.decide(by=by, reverse=self.reverse, reason=self.words, giver=self.giver):
            raise DecidedAlready


class StandForm(CorrectionForm):
    label, hint = "Why the line stands", "The one who asked reads it."
    required = "Write why: the one who asked reads it."
    done = "The line stands. The one who asked gets your reason."
    reverse = False


class ReverseForm(CorrectionForm):
    label, hint = "Why it is reversed", "The one who asked reads it, and it stands in both statements."
    required = "Write why: it stands in both statements."
    done = "Reversed. It stands in both statements now."


class PostAnewForm(CorrectionForm):
    label, hint = "Why it belongs to somebody else", "The one who asked reads it, and it stands in the statements."
    required = "Write why: it stands in the statements."
    done = "Reversed, and posted anew."

    handle = forms.SlugField(
        label="Who really made the introduction",
        help_text="Their handle: the last word of the address of their page or book.",
        error_messages={
            "required": "Write whose introduction it was.",
            "invalid": "A handle has letters, digits and hyphens only, like ada-lovelace.",
        },
    )
    field_order = ["handle", "reason"]

    @property
    def giver(self) -> User | None:
        return self.cleaned_data["handle"]

    def clean_handle(self) -> User:
        giver = User.objects.members().by_handle(self.cleaned_data["handle"]).first()
        if giver is None:
            raise forms.ValidationError("No member has this handle.")
        try:
            self.correction.check_giver(giver)
        except NotAllowed as refused:
            raise forms.ValidationError(str(refused)) from refused
        return giver


class CreditLineForm(ReasonForm):
    """How far below zero a member may go."""

    label, hint = "Why this line", "Kept with your name. Curators read it."
    required = "Write why."
    done = "The credit line of {name} is {line}."

    line = forms.DecimalField(
        label="Credit line",
        help_text="0.00 to 15.00 introductions. 3.00 for everybody else; 15.00 is for experts in great demand.",
        min_value=Decimal(0),
        max_value=Decimal(bank.LARGEST_LINE) / bank.POINTS,
        decimal_places=2,
        max_digits=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Write a number from 0.00 to 15.00.",
        ),
    )
    field_order = ["line", "reason"]

    def decide(self, member: User, *, by: User) -> None:
        """Raises Conflict for one's own."""
        points = int(self.cleaned_data["line"] * bank.POINTS)
        Account.objects.of(member).set_credit_line(points, by=by, reason=self.words)
