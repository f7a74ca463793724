from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django import forms
from django.http import HttpRequest

from accounts.letters import one_line
from accounts.models import Invitation, User
from accounts.models.users import time_zones


def clean_name(name: str) -> str:
    """One line: a name stands in headings, lists and the headers of letters."""
    name = one_line(name)
    if not name:
        raise forms.ValidationError("Write your name.")
    return name


class CodeForm(RequestLoginCodeForm):
    """Name and address of somebody who is not signed in. Whether the address is known here makes no difference
    to what they see: a code is sent to it, and only who has the code goes on."""

    name = forms.CharField(
        label="Your name",
        max_length=80,
        error_messages={"required": "Write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        max_length=254,
        label="Your e-mail address",
        help_text="We send a code to it. It is shown to nobody.",
        error_messages={"required": "Write your e-mail address."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["name", "email"]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        email: str = super().clean_email().lower()
        return email

    def send_code(self, request: HttpRequest) -> None:
        """Begin the sign-in by code, for a known person as for a new one."""
        user = User.objects.begin_to_join(email=self.cleaned_data["email"], name=self.cleaned_data["name"])
        LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)


class JoinForm(CodeForm):
    """Somebody who was invited."""

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"email": invitation.email}, **kwargs)
        self.invitation = invitation

    def clean_email(self) -> str:
        email = super().clean_email()
        if self.invitation.email and email != self.invitation.email:
            raise forms.ValidationError("This invitation was written to another address. Use the one it came to.")
        return email


class InvitationForm(forms.Form):
    sentence = forms.CharField(
        label="Why you think of them",
        help_text="One or two sentences. They read them before they join.",
        max_length=300,
        error_messages={"required": "Write why you think of them: nobody joins without a reason."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    email = forms.EmailField(
        max_length=254,
        label="Their e-mail address",
        help_text="With it we write to them for you, and only they can use the link.",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class YouForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "pronouns", "organisation", "time_zone", "handle"]
        labels = {"time_zone": "Time zone", "handle": "Public address"}
        help_texts = {
            "pronouns": "Shown with your name. Without them we use your name.",
            "organisation": "Whom you work for. Recommendations inside one organisation are marked.",
            "handle": "The last part of the address of your book. The old address leads to the new one.",
        }
        error_messages = {
            "name": {"required": "Write your name."},
            "handle": {
                "invalid": "Use letters without accents, digits and hyphens.",
                "unique": "Somebody else has this public address. Choose another one.",
            },
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            choices=[(name, name.replace("_", " ")) for name in time_zones()],
            help_text=f"It is {dt.datetime.now(ZoneInfo(self.instance.time_zone)):%H:%M} there now.",
        )
        if self.instance.handle:
            self.fields["handle"].required = True
            self.fields["handle"].error_messages["required"] = "Write a public address."
        else:
            del self.fields["handle"]  # a guest has no public page

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_pronouns(self) -> str:
        return one_line(self.cleaned_data["pronouns"])

    def clean_organisation(self) -> str:
        return one_line(self.cleaned_data["organisation"])

    def clean_handle(self) -> str:
        return self.cleaned_data["handle"].lower()

    def save(self, commit: bool = True) -> User:
        """Keep what was typed. Raises forms.ValidationError when somebody else has or had the public
        address."""
        you: User = self.instance
        handle = self.cleaned_data.get("handle")
        you.handle = self.initial.get("handle")
        if handle and not you.change_handle(handle):
            raise forms.ValidationError("Somebody else has this public address. Choose another one.")
        you.save(update_fields=["name", "pronouns", "organisation", "time_zone"])
        return you


class LookForm(forms.Form):
    theme = forms.ChoiceField(
        label="Paper and ink",
        choices=[
            ("system", "As your device is set"),
            ("light", "Light: ink on paper"),
            ("dark", "Dark: light letters on a dark page"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
