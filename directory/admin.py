"""The back room of the book: everything is found and read here; the desk decides, and only categories are edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.backroom import LookOnly, ReadOnly
from accounts.models import User
from directory.models import (
    Category,
    Decision,
    Expert,
    ExpertCategory,
    FormerPaperSlug,
    FormerSlug,
    Paper,
    Part,
    Pick,
    Place,
    Placement,
    Question,
    Revision,
    SearchDocument,
)


class Lines(SimpleArrayField):
    """Short texts, one a line: some of them contain commas."""

    widget = forms.Textarea

    def __init__(self, *, length: int, **kwargs: Any) -> None:
        super().__init__(forms.CharField(max_length=length), delimiter="\n", required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = "\n".join(line.strip() for line in str(value or "").splitlines() if line.strip())
        return list(super().clean(lines))


class CategoryForm(forms.ModelForm):
    problems = Lines(length=200, help_text="What readers say, one problem a line.")
    aliases = Lines(length=80, help_text="Other names, one a line.")
    retire_for = forms.ModelChoiceField(
        Category.objects.none(),
        required=False,
        label="Retire it for",
        help_text="It leaves the contents, and its address leads to this category from now on. That is not taken back.",
    )

    class Meta:
        model = Category
        fields = ["name", "slug", "part", "order", "description", "problems", "aliases", "related", "half_life_years"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Category.objects.current().exclude(pk=self.instance.pk).in_order()
        self.fields["retire_for"].queryset = others  # type: ignore[attr-defined]
        if self.instance.retired_at:
            del self.fields["retire_for"]


@admin.register(Part)
class PartAdmin(ReadOnly):
    list_display = ["name", "slug", "description", "order"]


@admin.register(Category)
class CategoryAdmin(ReadOnly):
    form = CategoryForm
    list_display = ["name", "slug", "part", "experts_count", "voices_count", "retired_at", "successor"]
    list_filter = ["part", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["part", "successor"]
    search_fields = ["name", "slug", "description", "aliases", "problems"]
    filter_horizontal = ["related"]
    readonly_fields = ["experts_count", "voices_count", "retired_at", "successor"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Category | None = None) -> Any:
        gone = obj is not None and obj.retired_at is not None
        return [*CategoryForm.Meta.fields, *([] if gone else ["retire_for"]), *self.readonly_fields]

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        """A new name or address goes through the verb that leaves a redirect behind."""
        slug, name, successor = obj.slug, obj.name, form.cleaned_data.get("retire_for")
        obj.slug, obj.name = form.initial["slug"], form.initial["name"]
        changed = set(form.changed_data) - {"slug", "name", "related", "retire_for"}
        if changed:
            obj.save(update_fields=sorted(changed))
        if (slug, name) != (obj.slug, obj.name):
            obj.rename(slug=slug, name=name)
        if successor:
            obj.retire(successor=successor)


@admin.register(FormerSlug)
class FormerSlugAdmin(ReadOnly):
    list_display = ["slug", "category"]
    list_select_related = ["category"]
    search_fields = ["slug", "category__name"]


class InlineReadOnly(LookOnly, admin.TabularInline):
    extra = 0


class ChosenInline(InlineReadOnly):
    model = ExpertCategory

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExpertCategory]:
        return super().get_queryset(request).select_related("category")


class DecisionInline(InlineReadOnly):
    model = Decision
    fields = ["at", "by", "act", "before", "after", "reason", "conflicted"]
    readonly_fields = ["at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).select_related("by")


@admin.register(Expert)
class ExpertAdmin(ReadOnly):
    list_display = ["name", "email", "state", "moved_at", "nominated_by", "listed_at", "confirmed_at", "at_the_desk"]
    list_filter = ["state", "moved_at", "price_band", "remote", "taking_clients"]
    list_select_related = ["member", "nominated_by"]
    search_fields = ["member__name", "member__email", "member__handle", "headline"]
    fields = [field.name for field in Expert._meta.concrete_fields]  # named, or a form is built only to list them
    inlines = [ChosenInline, DecisionInline]

    @admin.display(ordering="member__name")
    def name(self, expert: Expert) -> str:
        return expert.member.name

    @admin.display(ordering="member__email")
    def email(self, expert: Expert) -> str:
        return expert.member.email

    @admin.display(description="Decide")
    def at_the_desk(self, expert: Expert) -> str:
        if not expert.member.handle:
            return ""
        there = reverse("directory:desk_expert", args=[expert.member.handle])
        return format_html('<a href="{}">At the desk</a>', there)


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """The log. A line stays when the person it is about has left, so the name is looked up and may be missing."""

    list_display = ["at", "by", "act", "about", "before", "after", "reason", "conflicted"]
    list_filter = ["act", "conflicted", "at"]
    list_select_related = ["by"]
    search_fields = ["reason", "by__name"]
    fields = ["at", "by", "act", "about", "paper_id", "before", "after", "reason", "conflicted"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        name = User.objects.filter(pk=OuterRef("expert_id")).values("name")
        return super().get_queryset(request).annotate(about_name=Subquery(name))

    @admin.display(description="About")
    def about(self, decision: Any) -> str:
        return decision.about_name or "somebody who has left"


@admin.register(Pick)
class PickAdmin(ReadOnly):
    list_display = ["expert", "category", "curator", "picked_on", "review_on", "ended_at", "group"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "review_on", "group"]
    list_select_related = ["expert__member", "category", "curator"]
    search_fields = ["expert__member__name", "curator__name", "category__name", "reason"]


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    list_display = ["expert", "submitted_at", "note"]
    list_filter = [("note", admin.EmptyFieldListFilter), "submitted_at"]
    list_select_related = ["expert__member"]
    search_fields = ["expert__member__name", "note"]


@admin.register(Paper)
class PaperAdmin(ReadOnly):
    list_display = ["title", "author", "state", "submitted_at", "printed_at", "printed_by", "withdrawn_at"]
    list_filter = ["state", "submitted_at", "printed_at"]
    list_select_related = ["author__member", "printed_by"]
    search_fields = ["title", "slug", "author__member__name", "note"]
    fields = [field.name for field in Paper._meta.concrete_fields if field.name not in ("vector", "link")]
    fields += ["leads_to", "categories"]

    @admin.display(description="Link")
    def leads_to(self, paper: Paper) -> str:
        """As text: the admin would make it a link of our own."""
        return paper.link


@admin.register(FormerPaperSlug)
class FormerPaperSlugAdmin(ReadOnly):
    list_display = ["slug", "paper"]
    list_select_related = ["paper"]
    search_fields = ["slug", "paper__title"]


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    """Added, ordered and retired at the desk."""

    list_display = ["text", "category", "position", "added_at", "added_by", "retired_at", "retired_by"]
    list_filter = [("retired_at", admin.EmptyFieldListFilter), "added_at"]
    list_select_related = ["category", "added_by", "retired_by"]
    search_fields = ["text", "category__name"]


@admin.register(Placement)
class PlacementAdmin(ReadOnly):
    list_display = ["expert", "category", "score", "voices", "newest_voice_at"]
    list_filter = ["category__part"]
    list_select_related = ["expert__member", "category"]
    search_fields = ["expert__member__name", "category__name"]


@admin.register(SearchDocument)
class SearchDocumentAdmin(ReadOnly):
    list_display = ["name", "headline", "score"]
    search_fields = ["name", "headline"]
    exclude = ["vector"]


@admin.register(Place)
class PlaceAdmin(ReadOnly):
    list_display = ["name", "country", "latitude", "longitude"]
    search_fields = ["name", "country"]
