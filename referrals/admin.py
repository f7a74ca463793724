"""The back room of what people say of each other: found and read here, decided at the desk and by those it concerns.
Drafts are seen by their authors alone, so they are not here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.backroom import LookOnly, ReadOnly
from referrals.models import Book, Recommendation, Wording


class WordingInline(LookOnly, admin.StackedInline):
    model = Wording
    extra = 0


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly):
    list_display = [
        *["author", "expert", "relationship", "signed_at"],
        *["read_at", "told_at", "printed_at", "hidden_at", "withdrawn_at"],
    ]
    list_filter = [
        "relationship",
        "paid",
        "same_company",
        ("read_at", admin.EmptyFieldListFilter),
        ("printed_at", admin.EmptyFieldListFilter),
        ("hidden_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "signed_at",
    ]
    list_select_related = ["author", "expert__member"]
    search_fields = ["author__name", "author__email", "expert__member__name", "expert__member__email"]
    inlines = [WordingInline]


@admin.register(Wording)
class WordingAdmin(ReadOnly):
    list_display = ["recommendation", "relationship", "signed_at", "replaced_at"]
    list_filter = ["replaced_at"]
    list_select_related = ["recommendation__author", "recommendation__expert__member"]
    search_fields = ["recommendation__author__name", "recommendation__expert__member__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wording]:
        return super().get_queryset(request).select_related(*self.list_select_related)


@admin.register(Book)
class BookAdmin(ReadOnly):
    list_display = ["owner", "visibility", "read_through_on"]
    list_filter = ["visibility"]
    list_select_related = ["owner"]
    search_fields = ["owner__name", "owner__email"]
