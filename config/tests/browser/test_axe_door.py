"""The pages that come one after another on the way in: codes, passwords, passkeys, second steps."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, make_invitation, make_member

from .conftest import Visit
from .looking import problems_in_markup, problems_in_views
from .post import code_in, last_letter, link_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def look(axe: str):
    """look(page, "Second step"): this is the page with that heading, and nothing is wrong with it."""

    def one(page: Page, heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert problems_in_markup(page.content()) + problems_in_views(page, axe) == [], heading

    return one


def test_code_instead_of_a_password(arrive: Visit, look) -> None:
    bob, page = make_member(name="Bob Vell"), arrive()
    page.goto("/sign-in/")
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("E-mail address").fill(bob.email)
    page.get_by_role("button", name="E-mail me a code").click()
    look(page, "Type the code from your e-mail")
    page.get_by_label("Code").fill("AAAA-AAAA")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".errors")).to_be_visible()
    look(page, "Type the code from your e-mail")
    page.get_by_label("Code").fill(code_in(last_letter(to=bob.email)))
    page.get_by_role("button", name="Go on").click()
    page.goto(reverse("account_change_password"))  # there is none yet
    look(page, "Set a password")
    page.get_by_role("button", name="Set the password").click()
    look(page, "Set a password")
    page.goto(reverse("account_logout"))
    look(page, "Sign out?")


def test_lost_password(arrive: Visit, look) -> None:
    bob, page = make_member(name="Bob Vell", password=PASSWORD), arrive()
    page.goto(reverse("account_reset_password"))
    page.get_by_label("E-mail address").fill(bob.email)
    page.locator("main .btn").first.click()
    look(page, "Look into your e-mail")
    page.goto(link_in(last_letter(to=bob.email)))
    look(page, "Set a new password")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator(".errors")).to_be_visible()
    look(page, "Set a new password")


def test_new_address(arrive: Visit, look) -> None:
    bob = make_member(name="Bob Vell", password=PASSWORD)
    page = arrive(email=bob.email)
    page.goto(reverse("account_email"))
    page.get_by_label("New e-mail address").fill("bob@elsewhere.test")
    page.get_by_role("button", name="Change the address").click()
    look(page, "Is it still you?")
    prove(page)
    look(page, "Type the code to confirm your address")
    page.goto(reverse("account_email"))
    look(page, "E-mail address")


def test_invitation_that_is_over(arrive: Visit, look) -> None:
    invitation = make_invitation(inviter=make_member(name="Priya Raman"))
    invitation.withdraw()
    page = arrive()
    page.goto(invitation.get_absolute_url())
    look(page, page.get_by_role("heading", level=1).inner_text())


def prove(page: Page) -> None:
    """It is still me."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def test_second_step(arrive: Visit, look) -> None:
    bob = make_member(name="Bob Vell", password=PASSWORD)
    page = arrive(email=bob.email)
    page.goto(reverse("mfa_index"))
    page.get_by_role("link", name="Set up an app").click()
    look(page, "Is it still you?")
    prove(page)
    look(page, "Set up an app")
    page.get_by_role("button", name="Use this app").click()
    look(page, "Set up an app")
    page.get_by_label("Code from your app").fill(app_code(page.locator("dd.code").inner_text()))
    page.get_by_role("button", name="Use this app").click()
    look(page, "Recovery codes")
    page.get_by_role("link", name="Make new ones").click()
    look(page, "Make new recovery codes?")
    page.goto(reverse("mfa_index"))
    look(page, "Passkeys and second step")
    page.get_by_role("link", name="Stop asking for codes").click()
    look(page, "Stop asking for codes?")
    page.goto(reverse("mfa_reauthenticate"))
    look(page, "Is it still you?")
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(bob.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    look(page, "One more step")
    page.get_by_label("Code from your app").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    look(page, "One more step")


def app_code(secret: str) -> str:
    """What the app on a phone would show now."""
    return format_hotp_value(hotp_value(secret.strip(), next(iter(yield_hotp_counters_from_time()))))


def test_passkey(arrive: Visit, look) -> None:
    """Made, renamed, and used to sign in, with a security key that the browser plays."""
    bob = make_member(name="Bob Vell", password=PASSWORD)
    page = arrive(email=bob.email)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto(reverse("mfa_add_webauthn"))
    prove(page)
    look(page, "Add a passkey")
    page.get_by_label("Name").fill("my phone")
    page.get_by_label("Sign in with this alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto(reverse("mfa_list_webauthn"))
    look(page, "Your passkeys")
    page.get_by_role("link", name="Rename my phone").click()
    look(page, "Rename a passkey")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Remove my phone").click()
    look(page, "Remove this passkey?")
    page.goto(reverse("mfa_reauthenticate_webauthn"))
    look(page, "Is it still you?")
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    assert re.search(r"/$", page.url)
