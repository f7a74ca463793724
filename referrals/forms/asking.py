"""What one writes to begin an introduction: a need of one's own, or two people one brings together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.forms import CodeForm, clean_name
from directory.models import Category, Expert, Question
from referrals.forms.words import KEPT, Answer
from referrals.links import holds_address
from referrals.models import Recommendation, When
from referrals.models.introductions import BRIEF, NOTE

NOBODY = "none"
QUESTION, MOST = "question-", 20  # the categories' own questions, each a field
RADIOS = 12  # as many voices are read at a glance; more are a list to choose from
ASKED = ("need", "tried", "success", "timing", "through", "category", "name", "email")
FIELDS = (*ASKED, "expert", "note_to_expert", "note_to_prospect", "knows")


def typed(data: QueryDict) -> dict[str, str]:
    """What somebody typed, field by field, valid or not."""
    questions = [name for name in data if name.startswith(QUESTION)][:MOST]
    return {name: str(data[name])[:KEPT] for name in (*FIELDS, *questions) if name in data}


def no_address(text: str) -> None:
    if holds_address(text[: BRIEF + 1]):  # what is longer is refused anyway, and looking through it takes long
        raise ValidationError(
            "Leave out addresses and telephone numbers. Both of you see the other’s address once both said yes."
        )


def clean_plain_name(name: str) -> str:
    name = clean_name(name)
    no_address(name)
    return name


class Brief(Answer):
    """A few sentences that the other one reads before the two are introduced."""

    def __init__(self, *, missing: str = "", max_length: int = BRIEF, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, validators=[no_address], **kwargs)
        if missing:
            self.error_messages["required"] = missing


class AskForm(forms.Form):
    """A prospect's need. Guests say what they are called; members are known by their names."""

    need = Brief(
        label="What do you need?",
        help_text="Two sentences of your own: what is going on, and what is in the way.",
        missing="Say what you need, in two sentences.",
    )
    tried = Brief(label="What have you tried?", required=False)
    success = Brief(
        label="What would make it a success?",
        help_text="What would be different afterwards.",
        missing="Say what would make it a success.",
    )
    timing = forms.ChoiceField(
        label="When do you need it?",
        choices=When.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when you need it."},
    )
    through = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    category = forms.ChoiceField(
        label="What is it about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is about."},
    )
    name = forms.CharField(
        label="Your name",
        max_length=80,
        error_messages={"required": "Write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    ORDER = ("need", "tried", "success", "timing", "category")
    LAST = ("through", "name", "email")

    def __init__(self, data: Mapping[str, Any] | None = None, *, expert: Expert, reader: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.expert, self.categories = expert, expert.categories
        self.said = list(expert.recommendations.shown().for_reading().exclude(author_id=reader.pk or 0))
        self.questions = list(Question.objects.filter(category__in=self.categories).asked())
        self._offer_voices(expert.member.first_name)
        self._put_questions()
        if len(self.categories) > 1:
            self.fields["category"].choices = choices_of(self.categories)  # type: ignore[attr-defined]
        else:
            del self.fields["category"]
        if getattr(reader, "is_member", False):
            del self.fields["name"]

    def _offer_voices(self, first_name: str) -> None:
        if not self.said:
            del self.fields["through"]
            return
        field = self.fields["through"]
        field.label = f"Whose words brought you to {first_name}?"
        field.help_text = "They are told, and thanked for it."
        choices = [(str(each.pk), f"{each.author.name}, {each.relation}") for each in self.said]
        choices.append((NOBODY, f"None: I found {first_name} by myself"))
        if len(self.said) > RADIOS:
            field.widget = forms.Select()
            choices.insert(0, ("", "Choose one, or leave it"))
        field.choices = choices  # type: ignore[attr-defined]

    def _put_questions(self) -> None:
        """What each category asks. Only those of the category that is meant have to be answered."""
        names = {category.pk: category.name for category in self.categories}
        for question in self.questions:
            field = Brief(label=question.text, required=len(names) == 1, missing="Answer this.")
            if len(names) > 1:
                field.help_text = f"If it is about {names[question.category_id].lower()}."
            self.fields[f"{QUESTION}{question.pk}"] = field
        asked = [f"{QUESTION}{question.pk}" for question in self.questions]
        self.order_fields([*self.ORDER, *asked, *self.LAST])

    def clean(self) -> None:
        super().clean()
        for question in self._asked():
            name = f"{QUESTION}{question.pk}"
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, "Answer this.")

    def _asked(self) -> list[Question]:
        category = self.category_meant
        return [question for question in self.questions if category and question.category_id == category.pk]

    def clean_name(self) -> str:
        return clean_plain_name(self.cleaned_data["name"])

    @property
    def recommendation(self) -> Recommendation | None:
        chosen = self.cleaned_data.get("through")
        return next((each for each in self.said if str(each.pk) == chosen), None)

    @property
    def category_meant(self) -> Category | None:
        return meant(self.categories, self.cleaned_data.get("category"))

    @property
    def brief(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("need", "tried", "success", "timing")}
        answers = [
            {"question": question.text, "answer": self.cleaned_data[f"{QUESTION}{question.pk}"]}
            for question in self._asked()
        ]
        return said | {"answers": answers}


class VisitorAskForm(AskForm, CodeForm):  # type: ignore[misc]  # both order their fields
    """The same by somebody who is not signed in: a code confirms the address first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.expert.member.first_name
        self.fields["email"].help_text = f"We send a code to it. {first} sees it once both of you said yes."


class IntroduceForm(forms.Form):
    """A member brings somebody to an expert whose work the member knows."""

    expert = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="Their name",
        max_length=80,
        error_messages={"required": "Write their name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="Their e-mail address",
        help_text="We ask them in one letter. Nobody else sees it before both said yes.",
        max_length=254,
        error_messages={"required": "Write their e-mail address: we ask them first."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    category = forms.ChoiceField(
        label="What is it about?", widget=forms.RadioSelect, error_messages={"required": "Choose what it is about."}
    )
    need = Brief(
        label="What do they need?",
        help_text="Two sentences, as they would say it. Both of them read this.",
        missing="Say what they need, in two sentences.",
    )
    note_to_expert = Brief(max_length=NOTE)
    note_to_prospect = Brief(
        label="Your note to them", max_length=NOTE, missing="Write them a line: they do not know yet why you wrote."
    )
    knows = forms.BooleanField(
        error_messages={"required": "Introduce only somebody whose work you know yourself."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, to: Expert, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        first, self.categories = to.member.first_name, to.categories
        if len(self.categories) > 1:
            self.fields["category"].choices = choices_of(self.categories)  # type: ignore[attr-defined]
        else:
            del self.fields["category"]
        self.fields["note_to_expert"].label = f"Your note to {first}"
        self.fields["note_to_expert"].help_text = f"Only {first} reads this: why you thought of {first}."
        self.fields["note_to_expert"].error_messages["required"] = f"Write {first} a line."
        self.fields["note_to_prospect"].help_text = f"Only they read this: why {first} is worth their time."
        self.fields["knows"].label = f"I know {first}’s work myself"

    def clean_name(self) -> str:
        return clean_plain_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email

    @property
    def words(self) -> dict[str, Any]:
        """What IntroductionManager.introduce() takes."""
        plain = ("name", "email", "need", "note_to_expert", "note_to_prospect")
        category = meant(self.categories, self.cleaned_data.get("category"))
        return {name: self.cleaned_data[name] for name in plain} | {"category": category}


def choices_of(categories: list[Category]) -> list[tuple[str, str]]:
    return [(str(category.pk), category.name) for category in categories]


def meant(categories: list[Category], chosen: str | None) -> Category | None:
    """The chosen one of an expert's categories, or the only one."""
    if len(categories) == 1:
        return categories[0]
    return next((category for category in categories if str(category.pk) == chosen), None)
