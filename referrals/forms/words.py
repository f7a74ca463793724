"""The questions one answers about somebody's work, and the friendly no where something is missing."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone

from accounts.letters import one_line
from accounts.models import User
from directory.models import Category, Expert
from referrals import pronouns
from referrals.models import Recommendation, Relationship
from referrals.models.recommendations import ANSWER

AT_MOST = 3  # categories of one recommendation
KEPT = 5000  # characters of one field that a draft keeps: eight times what may be printed
THIN = 8  # an answer of fewer words can seldom tell a stranger anything
ANSWERS = ("how_i_know", "what_i_like", "why_i_trust")
FIELDS = ("name", "email", "category", "link", "relationship", "since", "until", *ANSWERS)
LISTS = ("categories", "disclosures")


def typed(data: QueryDict) -> dict[str, Any]:
    """What somebody typed, field by field, valid or not: the form a draft is kept in."""
    return {name: data.get(name, "")[:KEPT] for name in FIELDS if name in data} | {
        name: [value[:40] for value in data.getlist(name)[:20]] for name in LISTS if name in data
    }


def typed_once(recommendation: Recommendation) -> dict[str, Any]:
    """What was signed, in the same form, to begin a new wording from."""
    return {
        "name": recommendation.nominated_as,
        "email": recommendation.nominated_email,
        "relationship": recommendation.relationship,
        "since": recommendation.since or "",
        "until": recommendation.until or "",
        "how_i_know": recommendation.how_i_know,
        "what_i_like": recommendation.what_i_like,
        "why_i_trust": recommendation.why_i_trust,
        "category": str(recommendation.categories.values_list("pk", flat=True).first() or ""),
        "categories": [str(pk) for pk in recommendation.categories.values_list("pk", flat=True)],
        "disclosures": [name for name in ("paid", "same_company") if getattr(recommendation, name)],
    }


def is_thin(answer: str) -> bool:
    """Fewer than eight words, or nothing but a row of adjectives: "kind, patient, precise and always on time"."""
    pieces = [piece.split() for piece in re.split(r"[,;.]|\band\b", answer) if piece.strip()]
    return len(answer.split()) < THIN or all(len(piece) <= 2 for piece in pieces)


class Answer(forms.CharField):
    """A few sentences: plain text with line breaks."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = ANSWER, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.attrs["rows"] = 4
        self.error_messages["max_length"] = "Shorten it to %(limit_value)d characters. It has %(show_value)d."

    def to_python(self, value: Any) -> str:
        text = re.sub(r"\r\n?", "\n", super().to_python(value) or "")
        return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) != "Cc").strip()


class Year(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        not_begun = MaxValueValidator(lambda: timezone.localdate().year, "That year has not begun.")
        long_ago = MinValueValidator(1950, "Write a year after 1949.")
        super().__init__(required=False, validators=[long_ago, not_begun], **kwargs)
        self.widget.attrs |= {"min": 1950, "max": dt.date.today().year}
        self.error_messages["invalid"] = "Write the year in four digits."


class WordsForm(forms.Form):
    """The part that is the same for somebody in the book and for somebody who is put forward."""

    relationship = forms.ChoiceField(widget=forms.RadioSelect)
    since = Year(label="Since which year")
    until = Year(label="Until which year", help_text="Leave it empty if you still work together.")
    how_i_know = Answer(label="When, and what on?", help_text="One or two sentences. Name the work or the year.")
    what_i_like = Answer()
    why_i_trust = Answer()
    disclosures = forms.MultipleChoiceField(
        label="Is there anything a reader should know?",
        help_text="Printed with your words. It is held against nobody; words inside one company are not counted.",
        choices=[
            ("paid", "One of us pays the other for sending clients"),
            ("same_company", "We work for the same company"),
        ],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, author: User, about: pronouns.Pronouns, name: str, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.author = author
        self.speak(about, name=name)

    def speak(self, about: pronouns.Pronouns, *, name: str) -> None:
        """Put the questions with the pronouns somebody chose, else with the name."""
        questions = {
            "relationship": (f"How do you know {name}?", f"Choose how you know {name}."),
            "how_i_know": ("When, and what on?", f"Say when you met {name}’s work, and on what."),
            "what_i_like": (
                f"What do you like about working with {about.them}?",
                f"Say what you like about working with {name}.",
            ),
            "why_i_trust": (f"Why do you trust {about.them}?", f"Say why you trust {name}."),
        }
        for field, (label, missing) in questions.items():
            self.fields[field].label = label
            self.fields[field].error_messages["required"] = missing
        self.fields["why_i_trust"].help_text = f"Something {about.they} did, not something {about.they} {about.are}."
        self.fields["relationship"].choices = [  # type: ignore[attr-defined]
            (Relationship.CLIENT, f"I was {about.their} client"),
            (Relationship.COLLEAGUE, "We worked together"),
            (Relationship.SEEN, f"I have seen {about.their} work"),
            (Relationship.FRIEND, "We are friends or family"),
        ]

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if until and not since and "since" not in self.errors:
            self.add_error("since", "Write the year it began, too.")
        elif since and until and until < since:
            self.add_error("until", "It cannot have ended before it began.")

    def one_firm(self) -> bool:
        """Whether author and subject are known to work for one company."""
        return False

    def clean_disclosures(self) -> list[str]:
        said: list[str] = self.cleaned_data["disclosures"]
        if self.one_firm() and "same_company" not in said:
            raise forms.ValidationError("You two work for the same company. Say so, and readers can weigh it.")
        return said

    @property
    def words(self) -> dict[str, Any]:
        """The fields of a recommendation."""
        plain = ("relationship", "since", "until", *ANSWERS)
        said = self.cleaned_data["disclosures"]
        disclosed = {name: name in said for name in ("paid", "same_company")}
        return {name: self.cleaned_data[name] for name in plain} | disclosed

    @property
    def thin(self) -> str:
        """The first answer that may tell a stranger nothing, or "". It is a question to the author and no error."""
        return next((name for name in ANSWERS if is_thin(self.cleaned_data[name])), "")


class RecommendationForm(WordsForm):
    """About an expert of this book."""

    categories = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    field_order = [
        "relationship", "since", "until", "how_i_know", "what_i_like", "why_i_trust", "categories", "disclosures",
    ]  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, author: User, expert: Expert, **kwargs: Any) -> None:
        self.expert = expert
        name = expert.member.first_name
        super().__init__(data, author=author, about=pronouns.of(expert.member), name=name, **kwargs)
        self.chosen = expert.categories
        field = self.fields["categories"]
        field.choices = [(str(category.pk), category.name) for category in self.chosen]  # type: ignore[attr-defined]
        field.label = f"What would you send people to {name} for?"
        if len(self.chosen) > AT_MOST:
            field.help_text = "One to three."
        field.error_messages["required"] = f"Choose what you would send people to {name} for."

    def one_firm(self) -> bool:
        return self.author.same_firm(self.expert.member)

    def clean_categories(self) -> list[Category]:
        picked = set(self.cleaned_data["categories"])
        if len(picked) > AT_MOST:
            raise forms.ValidationError("Choose three at most: where your word weighs most.")
        return [category for category in self.chosen if str(category.pk) in picked]


class NominationForm(WordsForm):
    """About somebody whose address one knows. Whether they are in the book makes no difference here."""

    name = forms.CharField(label="Their name", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="We ask them before anything about them is printed, in one letter with your words.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    category = forms.ModelChoiceField(
        label="What would you send people to them for?",
        queryset=Category.objects.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose what you would send people to them for."},
    )
    link = forms.URLField(
        label="A link to their work",
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": "Write a web address, for example https://example.org."},
    )
    field_order = ["name", "email", "category", "link"]

    def __init__(self, data: Mapping[str, Any] | None = None, *, author: User, **kwargs: Any) -> None:
        super().__init__(data, author=author, about=pronouns.SOMEBODY, name="them", **kwargs)
        self.fields["name"].error_messages["required"] = "Write their name."
        self.fields["email"].error_messages["required"] = "Write their e-mail address: we ask them first."
        self.fields["how_i_know"].error_messages["required"] = "Say when you met their work, and on what."
        field = self.fields["category"]
        field.queryset = Category.objects.current().in_order()  # type: ignore[attr-defined]
        field.choices = [("", "Choose one"), *grouped(field.queryset)]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Write their name.")
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.author.email:
            raise forms.ValidationError("You cannot put yourself forward. When others say it, it is proof.")
        return email

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("Write a web address, for example https://example.org.")
        return link

    def one_firm(self) -> bool:
        """By the domain of the address alone: what else the book knows of its owner must not show here."""
        return bool(self.author.mail_domain) and self.cleaned_data.get("email", "").endswith(
            f"@{self.author.mail_domain}"
        )

    @property
    def person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "email", "category", "link")}


def grouped(categories: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    """Sixty categories as a list to choose from, by the parts of the book."""
    parts: dict[str, list[tuple[int, str]]] = {}
    for category in categories:
        parts.setdefault(category.part.name, []).append((category.pk, category.name))
    return list(parts.items())


class AnswerForm(forms.Form):
    """The one public line of the person written about."""

    answer = forms.CharField(
        label="Your answer, in one line",
        help_text="Printed under the letter, once. It cannot be changed.",
        max_length=300,
        error_messages={"required": "Write your answer."},
    )

    def clean_answer(self) -> str:
        answer = one_line(self.cleaned_data["answer"])
        if not answer:
            raise forms.ValidationError("Write your answer.")
        return answer
