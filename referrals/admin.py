"""The back room of what people say of each other: found and read here, decided at the desk and by those it concerns.
Drafts are seen by their authors alone, so they are not here. Of introductions only what happened is here, and not what
the two wrote. Legs of the bank have keys of two columns, which the admin cannot show."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.backroom import LookOnly, ReadOnly
from referrals.bank import units
from referrals.models import (
    Account,
    Book,
    Correction,
    CreditLine,
    Entry,
    Introduction,
    Outcome,
    Recommendation,
    Refusal,
    Report,
    Step,
    Thanks,
    Touch,
    Wording,
)


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


class CreditLineInline(LookOnly, admin.TabularInline):
    model = CreditLine
    extra = 0


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ["__str__", "credit_line"]
    list_filter = [("member", admin.EmptyFieldListFilter)]
    list_select_related = ["member"]
    search_fields = ["member__name", "member__email"]
    readonly_fields = ["balance"]
    inlines = [CreditLineInline]

    @admin.display(description="Balance today")
    def balance(self, account: Account) -> str:
        return units(account.balance())


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ["pk", "kind", "giver", "receiver", "moved", "effective_at", "posted_at", "reverses_id"]
    list_filter = ["kind", "effective_at"]
    search_fields = ["idempotency_key", "giver__member__name", "receiver__member__name"]
    readonly_fields = ["moved"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return (
            super().get_queryset(request).select_related("giver__member", "receiver__member").prefetch_related("legs")
        )

    @admin.display(description="To the giver")
    def moved(self, entry: Entry) -> str:
        return " ".join(units(leg.amount) for leg in entry.legs.all() if leg.account_id == entry.giver_id)


@admin.register(CreditLine)
class CreditLineAdmin(ReadOnly):
    """A line stays when the curator who set it has left, so nobody is joined to it."""

    list_display = ["account", "line", "by", "at", "reason"]
    list_filter = ["at"]
    list_select_related = ["account__member"]
    search_fields = ["account__member__name", "reason"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditLine]:
        return super().get_queryset(request).prefetch_related("by")


@admin.register(Correction)
class CorrectionAdmin(ReadOnly):
    list_display = ["entry", "by", "at", "decided_at", "decided_by", "reversal", "posting"]
    list_filter = [("decided_at", admin.EmptyFieldListFilter), ("reversal", admin.EmptyFieldListFilter), "at"]
    list_select_related = [
        *["by", "decided_by", "entry__giver__member", "entry__receiver__member"],
        *["reversal__giver__member", "reversal__receiver__member"],
        *["posting__giver__member", "posting__receiver__member"],
    ]
    search_fields = ["by__name", "entry__giver__member__name", "entry__receiver__member__name"]
    exclude = ["words"]


class StepInline(LookOnly, admin.TabularInline):
    model = Step
    extra = 0
    fields = ["at", "by", "act", "before", "after"]
    readonly_fields = ["at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).select_related("by")


@admin.register(Introduction)
class IntroductionAdmin(ReadOnly):
    list_display = ["prospect_name", "expert", "route", "giver", "stage", "moved_at", "asked_at", "introduced_at"]
    list_filter = ["stage", "route", "asked_at", "introduced_at"]
    list_select_related = ["expert__member", "giver"]
    search_fields = ["prospect_name", "expert__member__name", "giver__name"]
    fields = [
        *["prospect_name", "expert", "route", "giver", "category", "stage", "moved_at", "asked_at", "prospect_yes_at"],
        *["expert_yes_at", "introduced_at", "answered_at", "silent_at", "engaged_at", "round", "touches"],
    ]
    inlines = [StepInline]


@admin.register(Refusal)
class RefusalAdmin(ReadOnly):
    list_display = ["prospect", "expert", "kind", "at", "until", "lifted_at"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter), "at"]
    list_select_related = ["prospect", "expert__member"]
    search_fields = ["prospect__name", "expert__member__name"]


@admin.register(Touch)
class TouchAdmin(ReadOnly):
    list_display = ["introduction", "author", "channel", "gave", "on", "at", "round", "number", "is_reflection"]
    list_filter = ["channel", "gave", "at"]
    list_select_related = ["introduction__expert__member", "author"]
    search_fields = ["author__name", "introduction__prospect_name", "introduction__expert__member__name"]
    exclude = ["body"]


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ["introduction", "by", "kind", "at"]
    list_filter = ["kind", "at"]
    list_select_related = ["introduction__expert__member", "by"]
    search_fields = ["by__name", "introduction__prospect_name", "introduction__expert__member__name"]


@admin.register(Thanks)
class ThanksAdmin(ReadOnly):
    list_display = ["introduction", "by", "at"]
    list_filter = ["at"]
    list_select_related = ["introduction__expert__member", "by"]
    search_fields = ["by__name", "introduction__prospect_name", "introduction__expert__member__name"]
    exclude = ["text"]


@admin.register(Report)
class ReportAdmin(ReadOnly):
    """Whoever is part of it does not find it here either."""

    list_display = ["about", "by", "kind", "at", "decided_at", "decided_by", "upheld", "conflicted"]
    list_filter = ["kind", "upheld", ("decided_at", admin.EmptyFieldListFilter), "at"]
    list_select_related = ["about", "by", "decided_by"]
    search_fields = ["about__name", "by__name"]
    exclude = ["words", "touch"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        mine = Introduction.objects.of_party(request.user)
        return super().get_queryset(request).exclude(introduction__in=mine)
