"""The back room: everything can be found and read here, and only the verbs of the models change anything."""

from __future__ import annotations

from typing import Any

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.backroom import ReadOnly
from accounts.models import FormerHandle, Invitation, Notice, Suppression, User


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ["name", "email", "handle", "member_since", "invited_by", "is_staff"]
    list_filter = ["is_staff", "is_active", ("member_since", admin.EmptyFieldListFilter), "member_since"]
    search_fields = ["name", "email", "handle", "organisation"]
    list_select_related = ["invited_by"]
    exclude = ["password"]
    actions = ["make_curator"]

    def has_owner_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_owner

    @admin.action(description="Make a curator", permissions=["owner"])
    def make_curator(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            if not person.is_member or not person.is_active:
                self.message_user(request, f"{person} is no member and stays as before.", messages.WARNING)
                continue
            person.make_curator()
            self.log_change(request, person, "Made a curator.")
            self.message_user(request, f"{person} is a curator now.", messages.SUCCESS)


@admin.register(FormerHandle)
class FormerHandleAdmin(ReadOnly):
    list_display = ["handle", "user", "created_at"]
    search_fields = ["handle", "user__name"]
    list_select_related = ["user"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["inviter", "sentence", "email", "created_at", "expires_at", "used_by", "withdrawn_at"]
    list_filter = [
        ("used_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    search_fields = ["inviter__name", "sentence", "email", "used_by__name"]
    list_select_related = ["inviter", "used_by"]


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """The outbox. The words of a letter are for its reader: a code to sign in must not be read here."""

    list_display = ["letter", "address", "created_at", "attempts", "sent_at", "held_at", "error"]
    list_filter = [
        "letter",
        ("sent_at", admin.EmptyFieldListFilter),
        ("held_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    search_fields = ["address", "recipient__name", "key", "error"]
    exclude = ["words", "path"]


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    """Searched by the address itself, which is not kept."""

    list_display = ["__str__", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["email_hash"]
    search_help_text = "The whole e-mail address"

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        return queryset.for_address(search_term), False


# These come with all rights for an owner. Addresses and second factors are changed by those who have them, secrets
# are read by nobody, and who is a curator is said by the action above.
admin.site.unregister([EmailAddress, Authenticator, Group])


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    search_fields = ["email", "user__name"]
    list_select_related = ["user"]


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly):
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__name", "user__email"]
    list_select_related = ["user"]
    exclude = ["data"]
