"""What is written on the page of an introduction, and the friendly no where something is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.letters import one_line
from accounts.names import plain
from directory.models import Expert, Paper
from referrals.links import holds_address, without_links
from referrals.models import Introduction, Outcome, Refusal, Report, Touch
from referrals.models.cases import WORDS
from referrals.models.introductions import NOTE
from referrals.models.outcomes import THANKS
from referrals.models.touches import MESSAGE

NOT_NOW = dt.timedelta(days=30)
LATEST = dt.timedelta(days=730)
FOUND = 8  # experts to choose among


def text(*, label: str, longest: int, rows: int = 4, required: str = "", hint: str = "") -> forms.CharField:
    """Plain text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    errors = {"required": required, "max_length": f"Cut it to {longest} characters."}
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, required=bool(required), widget=widget, error_messages=errors
    )


class MessageForm(forms.Form):
    """What one writes to the other. The expert's first message says the need again."""

    body = text(label="Your message", longest=MESSAGE, rows=6, required="Write your message.")

    def __init__(self, data: Mapping[str, Any] | None = None, *, label: str, hint: str = "") -> None:
        super().__init__(data)
        self.fields["body"].label, self.fields["body"].help_text = label, hint


class ContactForm(forms.Form):
    """A contact that happened elsewhere: it counts like a message."""

    channel = forms.ChoiceField(
        label="How were you in touch?",
        choices=[("", "Choose one"), *(each for each in Touch.Channel.choices if each[0] != Touch.Channel.BOOK)],
        error_messages={"required": "Choose how you were in touch."},
    )
    on = forms.DateField(
        label="On which day?",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Write the day.", "invalid": "Write the day as 2026-11-12."},
    )
    gave = forms.ChoiceField(
        label="What was useful in it?",
        choices=[("", "Choose one"), *Touch.Gave.choices],
        error_messages={"required": "Choose what was useful in it."},
    )
    useful = text(label="In a line", longest=NOTE, rows=2, hint="The other one reads it.")

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("That day has not come yet.")
        return on


class NoteForm(forms.Form):
    """For oneself alone. Empty, it is deleted."""

    note = text(label="Your private note", longest=MESSAGE, hint="Nobody else reads it. Empty it to delete it.")


class OfferForm(forms.Form):
    """The line beside something free or somebody better. It is read before both said yes, so no address is in it."""

    words = text(label="A line to go with it", longest=NOTE, rows=2)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if holds_address(words) or without_links(words) != words:
            raise forms.ValidationError("Leave addresses, telephone numbers and links out until you are introduced.")
        return words


class OfferGuideForm(OfferForm):
    prefix = "free"
    guide = forms.ModelChoiceField(
        Paper.objects.none(),
        label="Which guide?",
        empty_label="Choose one",
        error_messages={"required": "Choose a guide.", "invalid_choice": "Choose one of your guides in print."},
    )
    field_order = ("guide", "words")

    def __init__(self, data: Mapping[str, Any] | None = None, *, guides: QuerySet[Paper]) -> None:
        super().__init__(data)
        self.fields["guide"].queryset = guides  # type: ignore[attr-defined]


class OfferExpertForm(OfferForm):
    """Somebody in print, by the name or by the last part of their page's address. Where that is not clear, one chooses
    among those whose name is like it."""

    prefix = "better"
    who = forms.CharField(
        label="Who?",
        help_text="The name as it stands on their page.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write whom you mean."},
    )
    expert = forms.ChoiceField(label="Whom do you mean?", widget=forms.RadioSelect, required=False)
    field_order = ("who", "expert", "words")

    def __init__(self, data: Mapping[str, Any] | None = None, *, found: list[Expert]) -> None:
        super().__init__(data)
        self.found = found
        choices = [(each.member.handle, f"{each.name}: {each.headline}") for each in found]
        self.fields["expert"].choices = choices  # type: ignore[attr-defined]
        if not found:
            del self.fields["expert"]

    def clean(self) -> None:
        who = self.cleaned_data.get("who", "")
        chosen = [each for each in self.found if each.member.handle == self.cleaned_data.get("expert")]
        exact = [each for each in self.found if who == each.member.handle or plain(who) == plain(each.name)]
        meant = chosen or exact
        if len(meant) == 1:
            self.cleaned_data["chosen"] = meant[0]
        elif self.found:
            self.add_error("expert", "Choose whom you mean.")
        elif who:
            self.add_error("who", "Nobody in print is called that. Write the name as it stands on their page.")


class NotNowForm(forms.Form):
    """Until when one wants to be left alone; without a day, for a month."""

    until = forms.DateField(
        label="Maybe after",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2026-11-12, or leave it empty."},
    )

    def clean_until(self) -> dt.date:
        today = timezone.localdate()
        until: dt.date = self.cleaned_data["until"] or today + NOT_NOW
        if until <= today:
            raise forms.ValidationError("Choose a day that is still to come.")
        if until > today + LATEST:
            raise forms.ValidationError("Choose a day within two years.")
        return until


def button(choices: Iterable[tuple[Any, Any]], *, missing: str, required: bool = True) -> forms.ChoiceField:
    """What is said by pressing one of several buttons."""
    errors = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(choices=choices, required=required, widget=forms.HiddenInput, error_messages=errors)


class NoForm(forms.Form):
    """A prospect's final no, in the words of the button."""

    kind = button(
        [(kind, kind.label) for kind in (Refusal.Kind.NO, Refusal.Kind.CHOSE_ANOTHER, Refusal.Kind.NEVER)],
        missing="Choose what you want to say.",
        required=False,
    )


class OutcomeForm(forms.Form):
    kind = button(Outcome.Kind.choices, missing="Choose how it went.")


class ThanksForm(forms.Form):
    thanks = forms.CharField(
        label="Your thanks, in one line",
        max_length=THANKS,
        error_messages={"required": "Write your thanks.", "max_length": f"Cut it to {THANKS} characters."},
    )

    def clean_thanks(self) -> str:
        thanks = one_line(self.cleaned_data["thanks"])
        if not thanks:
            raise forms.ValidationError("Write your thanks.")
        return thanks


class ReportForm(forms.Form):
    """What is wrong with one message of the other side."""

    kind = button(Report.Kind.choices, missing="Choose what is wrong with it.")
    words = text(label="A line for the curators", longest=WORDS, rows=2)

    def __init__(self, data: Mapping[str, Any] | None = None, *, touch: Touch) -> None:
        super().__init__(data, prefix=f"report-{touch.pk}")
        self.touch, self.kinds = touch, Report.Kind.choices


def message_form(introduction: Introduction, *, by_expert: bool, data: Mapping[str, Any] | None = None) -> MessageForm:
    """The box with the question that is next: the expert's first message starts from the need."""
    other = introduction.prospect_first if by_expert else introduction.expert.member.first_name
    if not by_expert:
        return MessageForm(data, label=f"Write to {other}")
    if not introduction.thread.filter(is_reflection=True).exists():
        hint = f"So that {other} can tell whether you mean the same. Links are held back until {other} answers."
        return MessageForm(data, label=f"In your own words: what does {other} need?", hint=hint)
    return MessageForm(data, label=f"Write to {other}")
