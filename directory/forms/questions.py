"""One more question that a category asks."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from directory.models import Category, Question, TooManyQuestions
from directory.models.questions import AT_MOST, LONGEST, SHORTEST


class QuestionForm(forms.Form):
    text = forms.CharField(
        label="A new question",
        help_text=f"{SHORTEST} to {LONGEST} characters. Its words stay: to reword it, retire it and add another.",
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": "Write the question.",
            "min_length": f"Write at least {SHORTEST} characters.",
            "max_length": f"Write at most {LONGEST} characters.",
        },
    )

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category = category

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if self.category.questions.asked().filter(text=text).exists():
            raise forms.ValidationError("This question is asked already.")
        return text

    def add(self, *, by: User) -> Question | None:
        """The question; None, with the message in the form, when there is no room for it."""
        try:
            return Question.objects.add(category=self.category, text=self.cleaned_data["text"], by=by)
        except TooManyQuestions:
            self.add_error("text", f"{AT_MOST} questions are asked here, as many as there may be. Retire one first.")
        return None
