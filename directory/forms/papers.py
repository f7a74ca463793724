"""The form in which experts write a guide, and the forms in which curators decide about one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from directory import letters, proof
from directory.models import Category, Expert, Paper, WrongPaperMove
from directory.models.papers import BODY, CATEGORIES, LINK, SHORTEST_TITLE, SUMMARY, TITLE

from .desk import ReadForm, ReasonForm, Reworded


class PaperForm(forms.Form):
    title = forms.CharField(
        min_length=SHORTEST_TITLE,
        max_length=TITLE,
        label="Which problem does it solve?",
        help_text="As your reader would say it: “My invoices are paid two months late.” It becomes the title.",
        error_messages={
            "required": "Write the problem that your guide solves.",
            "min_length": f"Say the problem in at least {SHORTEST_TITLE} characters.",
        },
    )
    summary = forms.CharField(
        max_length=SUMMARY,
        label="The quick answer",
        help_text="One or two sentences for a reader who has no time for more.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the quick answer."},
    )
    body = forms.CharField(
        max_length=BODY,
        required=False,
        label="The guide",
        help_text=f"Plain text, up to {BODY:,} characters; an empty line makes a paragraph.",
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    link = forms.CharField(
        max_length=LINK,
        required=False,
        label="Or where it is to be read, heard or seen",
        help_text="A page that opens without an account, beginning with https://",
        widget=forms.URLInput,
    )
    categories = forms.ModelMultipleChoiceField(
        Category.objects.none(),
        to_field_name="slug",
        label="Where should readers find it?",
        help_text=f"Up to {CATEGORIES} of the categories you are listed in.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one category.", "invalid_choice": "Choose from the list."},
    )

    def __init__(self, *args: Any, author: Expert, paper: Paper | None = None, **kwargs: Any) -> None:
        self.author, self.paper = author, paper
        kwargs.setdefault(
            "initial", as_typed(paper) if paper else {"categories": [c.slug for c in author.categories[:1]]}
        )
        super().__init__(*args, **kwargs)
        field = self.fields["categories"]
        field.queryset = Category.objects.current().filter(chosen_by__expert=author).in_order()  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_summary(self) -> str:
        return " ".join(self.cleaned_data["summary"].split())

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if not link:
            return ""
        scheme, colon, rest = link.partition(":")
        if scheme.lower() not in ("http", "https"):
            raise ValidationError("The link does not begin with https://")
        link = f"{scheme.lower()}{colon}{rest}"
        URLValidator(schemes=["http", "https"], message="That is not a web address.")(link)
        return link

    def clean_categories(self) -> Any:
        chosen = self.cleaned_data["categories"]
        if len(chosen) > CATEGORIES:
            raise ValidationError(f"Choose at most {CATEGORIES}.")
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("body") and not cleaned.get("link") and not {"body", "link"} & self.errors.keys():
            self.add_error("body", "Write the guide here, or say where it is to be read.")
        return cleaned

    @transaction.atomic
    def save(self, *, send: bool) -> bool:
        """Keep the words; with `send` they go to the desk too, if their author is in print and there is something new.
        Whether they did. Raises TooManyPapers or WrongPaperMove."""
        words = {**self.cleaned_data, "categories": [category.pk for category in self.cleaned_data["categories"]]}
        if self.paper is None:
            paper = Paper.objects.write(author=self.author, words=words)
        else:
            paper = self.paper.rewrite(words)
        send = send and paper.author.in_print and not paper.printed_as_written
        if send:
            paper.submit()
        return send


def as_typed(paper: Paper) -> dict[str, Any]:
    """The guide as its author last wrote it."""
    words = paper.latest_words
    slugs = Category.objects.filter(pk__in=words["categories"]).values_list("slug", flat=True)
    return {**words, "categories": list(slugs)}


class GuideDecisionForm(ReadForm):
    """A decision about a guide, or about its new words, that waits at the desk."""

    @transaction.atomic
    def decide(self, paper: Paper, *, by: User) -> None:
        """Raises WrongPaperMove when somebody was faster, Reworded, or Conflict."""
        paper = paper.locked()
        submitted_at = paper.submitted_at
        if submitted_at is None:
            raise WrongPaperMove(paper)
        if proof.of_guide(paper) != self.cleaned_data["read"]:
            raise Reworded
        type(self).verb(paper, by=by, reason=self.words)
        type(self).letter(Paper.objects.with_author().get(pk=paper.pk), at=submitted_at, by=by, reason=self.words)


class PrintGuideForm(GuideDecisionForm):
    label, hint = "Why it belongs in the book", "The author reads it, and the book keeps it with your name."
    required = "Write why it belongs in the book."
    done = "“{title}” is in print."
    verb, letter = Paper.print, letters.guide_printed


class SendGuideBackForm(GuideDecisionForm):
    label, hint = "Your note", "The author reads it, with your name. What is in print stays."
    required = "Write what should be different."
    done = "Sent back. {name} gets your note."
    verb, letter = Paper.send_back, letters.guide_sent_back


class TakeGuideOutForm(ReasonForm):
    label, hint = "Why it leaves print", "The author reads it. The guide is gone at once."
    required = "Write why: the author reads it."
    done = "“{title}” is out of print."

    @transaction.atomic
    def decide(self, paper: Paper, *, by: User) -> None:
        """Raises WrongPaperMove when it is not in print any more, or Conflict."""
        paper.withdraw(by=by, reason=self.words)
        if by.pk != paper.author_id:
            letters.guide_withdrawn(paper, at=timezone.now(), by=by, reason=self.words)
