"""The categories at the desk, and what each asks of whoever wants an introduction in it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import SignedInRequest, curators_only
from directory import desk
from directory.forms.questions import QuestionForm
from directory.models import Category, Question
from directory.models.questions import AT_MOST
from directory.paging import Page


@require_safe
@curators_only
def categories(request: SignedInRequest) -> HttpResponse:
    """All of them on one page, as in the contents: nothing waits here."""
    asked = Count("questions", filter=Q(questions__retired_at__isnull=True))
    rows = list(Category.objects.current().in_order().annotate(asked=asked))
    return render(request, "directory/desk/categories.html", desk.context(Page(rows, next="", is_first=True)))


def fetched(slug: str) -> Category:
    return get_object_or_404(Category.objects.current().select_related("part"), slug=slug)


@require_safe
@curators_only
def category(request: SignedInRequest, slug: str) -> HttpResponse:
    return page(request, fetched(slug))


@require_POST
@curators_only
def add_question(request: SignedInRequest, slug: str) -> HttpResponse:
    category = fetched(slug)
    form = QuestionForm(request.POST, category=category)
    if not form.is_valid() or form.add(by=request.user) is None:
        return page(request, category, form=form, status=422)
    messages.success(request, f"Whoever asks for somebody in {category.name} is asked this from now on.")
    return redirect("directory:desk_category", slug)


@require_POST
@curators_only
def retire_question(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    question: Question = get_object_or_404(fetched(slug).questions, pk=pk)
    if question.retire(by=request.user):
        messages.success(request, "That question is asked no more. Answers given to it stay.")
    else:
        messages.info(request, "That question was retired already.")
    return redirect("directory:desk_category", slug)


@require_POST
@curators_only
def move_up(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    get_object_or_404(fetched(slug).questions, pk=pk).move(up=True)
    return redirect("directory:desk_category", slug)


@require_POST
@curators_only
def move_down(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    get_object_or_404(fetched(slug).questions, pk=pk).move(up=False)
    return redirect("directory:desk_category", slug)


def page(
    request: SignedInRequest, category: Category, *, form: QuestionForm | None = None, status: int = 200
) -> HttpResponse:
    asked = list(category.questions.asked().select_related("added_by"))
    context = {
        "category": category,
        "asked": asked,
        "retired": category.questions.retired().select_related("added_by", "retired_by"),
        "room": AT_MOST - len(asked),
        "at_most": AT_MOST,
        "form": form or QuestionForm(category=category),
    }
    return render(request, "directory/desk/category.html", context, status=status)
