"""One door for everybody, and it does not tell who lives here."""

import re
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.models import Notice, User

from .factories import (
    PASSWORD,
    make_curator,
    make_guest,
    make_invitation,
    make_member,
    send_letters,
    signed_in,
)

pytestmark = pytest.mark.django_db


def neutral(page: Any, email: str) -> str:
    """The answer without what differs each time: the address typed and the token of the form."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    return html.replace(email, "SOMEBODY")


def test_by_password() -> None:
    make_member(email="ann@example.test", password=PASSWORD)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "ANN@example.test", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("accounts:settings")).status_code == 200


def test_by_code() -> None:
    make_member(email="ann@example.test")
    client = Client()
    answer = client.post(reverse("account_request_login_code"), {"email": "ann@example.test"})
    send_letters()
    (letter,) = mail.outbox
    assert letter.subject.startswith("Your code for")
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", letter.body, re.MULTILINE)[1]
    assert client.post(answer["Location"], {"code": code}).status_code == 302
    assert client.get(reverse("accounts:settings")).status_code == 200
    assert Notice.objects.get().words == {}


def test_the_destination_is_kept() -> None:
    make_member(email="ann@example.test", password=PASSWORD)
    client = Client()
    door = client.get("/notifications/")["Location"]
    assert client.post(door, {"login": "ann@example.test", "password": PASSWORD})["Location"] == "/notifications/"


def test_codes_are_no_notices() -> None:
    ann = make_member(email="ann@example.test")
    Client().post(reverse("account_request_login_code"), {"email": "ann@example.test"})
    assert list(Notice.objects.listed_for(ann)) == []


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("account_login", {"login": "{email}", "password": "not the password"}),
        ("account_request_login_code", {"email": "{email}"}),
        ("account_reset_password", {"email": "{email}"}),
    ],
)
def test_known_and_unknown_addresses_get_equal_answers(page: str, form: dict[str, str]) -> None:
    make_member(email="known@example.test", password=PASSWORD)
    answers = []
    for email in ("known@example.test", "other@example.test"):
        typed = {name: value.format(email=email) for name, value in form.items()}
        answer = Client().post(reverse(page), typed, follow=True)
        answers.append((answer.status_code, answer.redirect_chain, neutral(answer, email)))
    assert answers[0] == answers[1]


def test_somebody_unknown_is_told_by_letter_and_can_take_himself_off() -> None:
    Client().post(reverse("account_request_login_code"), {"email": "other@example.test"})
    send_letters()
    (letter,) = mail.outbox
    assert letter.to == ["other@example.test"]
    assert "/mail/off/" in letter.body
    assert not User.objects.filter(email="other@example.test").exists()


def test_links_in_letters_come_from_the_settings_and_not_from_the_request(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://book.example"
    make_member(email="ann@example.test", password=PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": "ann@example.test"}, headers={"host": "evil.example"})
    send_letters()
    (letter,) = mail.outbox
    assert "evil.example" not in str(letter.message())
    link = re.search(r"https://book\.example(/sign-in/\S+)", letter.body)[1]
    assert Client().get(link, follow=True).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "\x15/x",
        "http:\\\\evil",
    ],
)
def test_a_sign_in_leads_nowhere_else(elsewhere: str) -> None:
    make_member(email="ann@example.test", password=PASSWORD)
    form = {"login": "ann@example.test", "password": PASSWORD, "next": elsewhere}
    answer = Client().post(reverse("account_login"), form)
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert answer["Location"] == reverse("directory:home")


def test_the_admin_has_no_door_of_its_own() -> None:
    assert Client().get("/admin/")["Location"].startswith("/admin/login/")
    assert Client().get("/admin/login/?next=/admin/")["Location"].startswith(reverse("account_login"))
    assert signed_in(make_member()).get("/admin/", follow=True).status_code == 403


def test_password_lengths() -> None:
    member, curator = make_member(), make_curator()
    validate_password("tenletters-", user=member)
    for short, user in (("ninechars", member), ("tenletters-", curator)):
        with pytest.raises(ValidationError):
            validate_password(short, user=user)
    validate_password("fifteen letters-", user=curator)
    for guessed in ("password1234", "Book of Experts"):
        with pytest.raises(ValidationError):
            validate_password(guessed, user=member)
    validate_password("x9 " * 42, user=member)


def test_a_new_address_is_confirmed_and_the_old_one_told() -> None:
    guest = make_guest(email="old@example.test")
    client = signed_in(guest)
    client.post(reverse("account_email"), {"email": "new@example.test", "action_add": ""})
    send_letters()
    guest.refresh_from_db()
    assert guest.email == "old@example.test"
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    send_letters()
    guest.refresh_from_db()
    assert guest.email == "new@example.test"
    assert [letter.to for letter in mail.outbox] == [["new@example.test"], ["old@example.test"]]


def test_an_address_of_somebody_else_cannot_be_taken() -> None:
    User.objects.meet(email="nominee@example.test", name="Somebody Nominated")
    client = signed_in(make_guest(email="old@example.test"))
    client.post(reverse("account_email"), {"email": "nominee@example.test", "action_add": ""})
    send_letters()
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    answer = client.post(reverse("account_email_verification_sent"), {"code": code})
    assert answer.status_code == 200
    assert User.objects.filter(email="old@example.test").exists()


@pytest.mark.parametrize(
    "letter",
    [
        "account/email/account_already_exists",
        "account/email/email_changed",
        "account/email/email_confirm",
        "account/email/email_confirmation",
        "account/email/email_confirmation_signup",
        "account/email/email_deleted",
        "account/email/login_code",
        "account/email/password_changed",
        "account/email/password_reset",
        "account/email/password_reset_key",
        "account/email/password_set",
        "account/email/unknown_account",
        "mfa/email/recovery_codes_generated",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
    ],
)
def test_each_letter_of_the_door_is_written(letter: str) -> None:
    AccountAdapter().send_mail(letter, "ann@example.test", {"code": "ABC-123", "password_reset_url": "https://a/b"})
    send_letters()
    (sent,) = mail.outbox
    assert sent.subject
    assert "\n" not in sent.subject
    assert sent.body.strip()
    assert "<html" in sent.alternatives[0].content


def test_nobody_can_prepare_a_stranger_s_account() -> None:
    """Whoever types a stranger's address first leaves no password behind for later."""
    invitation = make_invitation()
    form = {"name": "Eve", "email": "victim@example.test", "password1": PASSWORD, "password": PASSWORD}
    Client().post(invitation.get_absolute_url(), form)
    victim = User.objects.get(email="victim@example.test")
    assert not victim.has_usable_password()
    assert not victim.emailaddress_set.get().verified


def test_a_guest_may_set_a_password() -> None:
    client = signed_in(make_guest())
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("account_set_password"), form).status_code == 302
    assert User.objects.get().check_password(PASSWORD)
