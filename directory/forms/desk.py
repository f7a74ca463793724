"""What a curator decides, and why. Each form carries out its decision: whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from directory import letters, proof
from directory.models import Category, Expert, Pick, Revision, State, WrongMove

REASON = 1000
NOTES = [
    ("headline", "Could your first line say whom you help, and with what, as your reader would put it?"),
    ("plain", "Could you say the same in plain words? A reader who knows nothing of your trade should follow it."),
    ("selling", "Your own words read like an advertisement. Say what you do, and let others say how well."),
    ("category", "I think another category fits better, because a reader would look for you there."),
    ("links", "One of your links does not open, or leads to somebody else."),
]


class Reworded(Exception):
    """The words are no longer those that the curator has read."""


class DecidedAlready(Exception):
    """Somebody was faster."""


class ReasonForm(forms.Form):
    """A reason in words; who must give one has read what it is about."""

    reason = forms.CharField(
        label="Reason",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the reason.", "max_length": f"Write at most {REASON} characters."},
    )
    label: ClassVar[str] = ""
    hint: ClassVar[str] = ""
    required: ClassVar[str] = ""
    done: ClassVar[str] = ""

    def __init__(self, *args: Any, number: int | str = "", **kwargs: Any) -> None:
        # Several of these stand on one page: each has ids of its own, and all say "reason".
        kwargs["auto_id"] = f"{type(self).__name__.lower()}{number}-%s"
        super().__init__(*args, **kwargs)
        self.number = number
        field = self.fields["reason"]
        field.label, field.help_text = self.label or field.label, self.hint
        if self.required:
            field.error_messages["required"] = self.required

    @property
    def words(self) -> str:
        return self.cleaned_data["reason"]

    @property
    def typed(self) -> str:
        """What was typed, to be shown again whatever has happened."""
        return self.data.get("reason", "")


class ReadForm(ReasonForm):
    """A decision about words: `read` is the fingerprint of those that stood on the curator's page."""

    read = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Open this page again."})
    verb: ClassVar[Callable[..., Any]]
    letter: ClassVar[Callable[..., None]]

    @classmethod
    def shown(cls, refused: forms.BaseForm | None, *, read: str) -> ReadForm:
        """An empty form, or the one that was refused with what was typed; either is about the words as they are now."""
        if not isinstance(refused, cls):
            return cls(initial={"read": read})
        refused.data = {**refused.data.dict(), "read": read}  # type: ignore[attr-defined]
        return refused


class SubmissionForm(ReadForm):
    """A decision about a page that waits to be printed."""

    @transaction.atomic
    def decide(self, expert: Expert, *, by: User) -> None:
        """Raises WrongMove when somebody was faster, Reworded, or Conflict."""
        expert = expert.locked()
        if expert.state != State.SUBMITTED:
            raise WrongMove(expert.state)
        if proof.of_submission(expert) != self.cleaned_data["read"]:
            raise Reworded
        type(self).verb(expert, by=by, reason=self.words)
        type(self).letter(expert, by=by, reason=self.words)


class PrintForm(SubmissionForm):
    label, hint = "Why it belongs in the book", "The person reads it, and the book keeps it with your name."
    required = "Write why it belongs in the book."
    done = "{name} is in print."
    verb, letter = Expert.put_in_print, letters.listing_printed


class DeclineForm(SubmissionForm):
    label, hint = "Why it is not printed", "The person reads it. Your name is not in the letter."
    required = "Write why: the person reads it."
    done = "Declined. {name} gets your reason."
    verb, letter = Expert.decline, letters.listing_declined


class SendBackForm(SubmissionForm):
    label, hint = "Your note", "The person reads it above their page, with your name."
    required = "Write what should change, or choose a note to start from."
    done = "Sent back. {name} gets your note."
    verb, letter = Expert.send_back, letters.listing_sent_back

    start = forms.ChoiceField(
        label="A note to start from",
        choices=[("", "Only my own words"), *NOTES],
        required=False,
        help_text="It stands before what you write below.",
    )
    field_order = ["start", "reason", "read"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not self.data.get("start")

    @property
    def words(self) -> str:
        start = dict(NOTES).get(self.cleaned_data.get("start", ""), "")
        return "\n\n".join(part for part in (start, self.cleaned_data.get("reason", "")) if part)

    def clean(self) -> None:
        super().clean()
        if len(self.words) > REASON:
            self.add_error("reason", f"With the note it is {len(self.words)} characters; {REASON} fit.")


class ChangesForm(ReadForm):
    """A decision about changes to a page in print."""

    @transaction.atomic
    def decide(self, expert: Expert, *, by: User) -> None:
        """Raises WrongMove when nothing waits any more, Reworded, or Conflict."""
        expert = expert.locked()
        revision = Revision.objects.waiting().filter(pk=expert.pk).first()
        if revision is None:
            raise WrongMove(expert.state)
        if proof.of_changes(revision) != self.cleaned_data["read"]:
            raise Reworded
        submitted_at = revision.submitted_at
        type(self).verb(revision, by=by, reason=self.words)
        type(self).letter(expert, submitted_at=submitted_at, by=by, reason=self.words)


class PrintChangesForm(ChangesForm):
    label, hint = "A word to the person", ""
    done = "The changes of {name} are in print."
    verb, letter = Revision.print, letters.changes_printed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


class SendChangesBackForm(ChangesForm):
    label, hint = "Your note", "The person reads it, with your name. The page stays in print as it is."
    required = "Write what should be different."
    done = "Sent back. {name} gets your note."
    verb, letter = Revision.send_back, letters.changes_sent_back


class SuspendForm(ReasonForm):
    label, hint = "Why it leaves print", "The person reads it. The page is gone at once."
    required = "Write why: the person reads it."
    done = "{name} is out of print."

    @transaction.atomic
    def decide(self, expert: Expert, *, by: User) -> None:
        expert.suspend(by=by, reason=self.words)
        letters.listing_suspended(expert, by=by, reason=self.words)


class ReinstateForm(ReasonForm):
    label, hint = "Why it may come back", "The person reads it."
    required = "Write why it may come back into print."
    done = "{name} is in print again."

    @transaction.atomic
    def decide(self, expert: Expert, *, by: User) -> None:
        expert.reinstate(by=by, reason=self.words)
        letters.listing_reinstated(expert, by=by, reason=self.words)


class EndPickForm(ReasonForm):
    label, hint = "Why the pick ends", ""
    required = "Write why the pick ends."
    done = "The pick of {name} has ended."


class PickForm(forms.Form):
    """A curator's own word for somebody in print, for one category, until a day on which it is looked at again."""

    category = forms.ModelChoiceField(
        Category.objects.none(), error_messages={"required": "Choose the category you pick them for."}
    )
    reason = forms.CharField(
        label="What you know of their work yourself",
        help_text="Readers see it with your name. At least 20 characters.",
        min_length=20,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Write what you know of their work.",
            "min_length": "Write at least 20 characters: what did they do?",
            "max_length": "Write at most 600 characters.",
        },
    )
    review_on = forms.DateField(
        label="Look at it again on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the day on which it is looked at again.",
            "invalid": "Write the day as 2027-05-31.",
        },
    )

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        kwargs["auto_id"] = "pickform-%s"
        super().__init__(*args, **kwargs)
        self.expert = expert
        category: forms.ModelChoiceField[Category] = self.fields["category"]  # type: ignore[assignment]
        category.queryset = Category.objects.filter(placements__expert=expert).order_by("name")

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError("Choose a day to come.")
        return day

    def decide(self, *, by: User) -> Pick | None:
        """The pick; None, with the message in the form, when there is one already or the page has left print."""
        category = self.cleaned_data["category"]
        try:
            with transaction.atomic():
                return Pick.objects.pick(curator=by, expert=self.expert, **self.cleaned_data)
        except IntegrityError as error:
            if "pick_once_at_a_time" not in str(error):
                raise
            self.add_error("category", f"{self.expert.name} is picked for {category} already.")
        except ValueError:
            self.add_error(None, f"{self.expert.name} is not in print for {category} any more.")
        return None
