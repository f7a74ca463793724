"""Coming in by an invitation."""

import datetime as dt
import re
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Notice, Suppression, User

from .factories import (
    make_guest,
    make_invitation,
    make_member,
    make_owner,
    make_user,
    send_letters,
    signed_in,
)

pytestmark = pytest.mark.django_db


def code_from_mail() -> str:
    send_letters()
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$", mail.outbox[-1].body, re.MULTILINE)[1]


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))


def test_a_stranger_reads_who_asks_and_what_members_promise() -> None:
    invitation = make_invitation(inviter=make_member(name="Priya Raman"), email="zoe@example.test")
    page = Client().get(invitation.get_absolute_url())
    assert page.status_code == 200
    html = page.content.decode()
    assert "Priya Raman invited you, with these words:" in html
    assert "She rebuilt our offer." in html
    for promise in ("I recommend people I know", "I never pitch", "I say when", "A no is final"):
        assert promise in html
    assert 'value="zoe@example.test"' in html


def test_from_the_link_to_membership() -> None:
    inviter = make_member(name="Priya Raman")
    invitation = make_invitation(inviter=inviter)
    visitor = Client()
    answer = visitor.post(invitation.get_absolute_url(), {"name": " Zoë  Marsh ", "email": "Zoe@Example.test"})
    target = urlsplit(answer["Location"])
    assert target.path == reverse("account_confirm_login_code")
    assert parse_qs(target.query)["next"] == [invitation.get_absolute_url()]
    assert not User.objects.get(email="zoe@example.test").is_member

    answer = visitor.post(answer["Location"], {"code": code_from_mail(), "next": invitation.get_absolute_url()})
    assert answer["Location"] == invitation.get_absolute_url()
    assert "Join" in visitor.get(answer["Location"]).content.decode()

    answer = visitor.post(reverse("accounts:accept", args=[invitation.token]))
    assert answer["Location"] == reverse("referrals:who")
    zoe = User.objects.get(email="zoe@example.test")
    assert (zoe.name, zoe.handle, zoe.invited_by, zoe.is_member) == ("Zoë Marsh", "zoe-marsh", inviter, True)
    assert not zoe.has_usable_password()
    assert EmailAddress.objects.get(user=zoe).verified
    invitation.refresh_from_db()
    assert (invitation.used_by, invitation.is_open) == (zoe, False)


def test_a_guest_who_is_signed_in_only_presses_join() -> None:
    invitation, guest = make_invitation(), make_guest()
    client = signed_in(guest)
    page = client.get(invitation.get_absolute_url()).content.decode()
    assert reverse("accounts:accept", args=[invitation.token]) in page
    assert 'name="email"' not in page
    client.post(reverse("accounts:accept", args=[invitation.token]))
    guest.refresh_from_db()
    assert guest.is_member


def test_known_and_unknown_addresses_get_the_same_answer_and_a_code() -> None:
    make_user(email="known@example.test", name="Known Person")
    invitation = make_invitation()
    answers = []
    for email in ("known@example.test", "new@example.test"):
        answer = Client().post(invitation.get_absolute_url(), {"name": "Some Body", "email": email})
        answers.append((answer.status_code, answer["Location"], answer.content))
    assert answers[0] == answers[1]
    send_letters()
    known, new = mail.outbox
    assert known.subject == new.subject
    assert User.objects.get(email="known@example.test").name == "Known Person"


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": "", "email": "zoe@example.test"}, "Write your name."),
        ({"name": "\t \n", "email": "zoe@example.test"}, "Write your name."),
        ({"name": "Zoë", "email": ""}, "Write your e-mail address."),
        ({"name": "Zoë", "email": "nonsense"}, "Enter a valid email address."),
        ({"name": "Z" * 81, "email": "zoe@example.test"}, "at most 80"),
    ],
)
def test_bad_input_is_named_and_kept(form: dict[str, str], message: str) -> None:
    page = Client().post(make_invitation().get_absolute_url(), form)
    assert page.status_code == 422
    html = page.content.decode()
    assert message in html
    assert "There is a problem" in html
    assert all(value.strip() in html for value in form.values())
    assert not User.objects.filter(email="zoe@example.test").exists()


def test_an_invitation_with_an_address_is_for_that_address() -> None:
    invitation = make_invitation(email="zoe@example.test")
    page = Client().post(invitation.get_absolute_url(), {"name": "Eve", "email": "eve@example.test"})
    assert page.status_code == 422
    assert "written to another address" in page.content.decode()
    eve = make_guest()
    client = signed_in(eve)
    assert "written to somebody else" in client.get(invitation.get_absolute_url()).content.decode()
    client.post(reverse("accounts:accept", args=[invitation.token]))
    eve.refresh_from_db()
    assert not eve.is_member


def test_a_used_link_opens_for_nobody_else() -> None:
    invitation = make_invitation(inviter=make_member(name="Priya Raman"))
    assert invitation.accept(by=make_guest())
    late = make_guest()
    assert not invitation.accept(by=late)
    page = signed_in(late).get(invitation.get_absolute_url()).content.decode()
    assert "This invitation has been used" in page
    assert "Ask Priya for a new one" in page
    assert Client().post(invitation.get_absolute_url(), {"name": "Z", "email": "z@example.test"}).status_code == 200
    assert not User.objects.filter(email="z@example.test").exists()


def test_an_expired_link_says_whom_to_ask_and_asks_once() -> None:
    priya = make_member(name="Priya Raman")
    invitation = make_invitation(inviter=priya)
    expire(invitation)
    visitor = Client()
    assert "This invitation is too old" in visitor.get(invitation.get_absolute_url()).content.decode()
    for _ in range(2):
        answer = visitor.post(reverse("accounts:ask_for_another", args=[invitation.token]), follow=True)
        assert "Priya has been told" in answer.content.decode()
    assert [notice.letter for notice in Notice.objects.listed_for(priya)] == ["invite-again"]
    assert not invitation.accept(by=make_guest())


def test_a_link_that_was_taken_back() -> None:
    invitation = make_invitation()
    invitation.withdraw()
    page = Client().get(invitation.get_absolute_url()).content.decode()
    assert "This invitation was taken back" in page
    assert "for a new one" not in page
    Client().post(reverse("accounts:ask_for_another", args=[invitation.token]))
    assert not Notice.objects.exists()
    assert not invitation.accept(by=make_guest())


def test_a_member_has_nothing_to_accept() -> None:
    invitation, member = make_invitation(), make_member()
    client = signed_in(member)
    assert "You are a member already" in client.get(invitation.get_absolute_url()).content.decode()
    client.post(reverse("accounts:accept", args=[invitation.token]))
    invitation.refresh_from_db()
    assert invitation.is_open


@pytest.mark.parametrize("token", ["nonsense", "MQ:abc", "MQ", "\U0001f600", "x" * 2000, "%00"])
def test_a_made_up_link_leads_nowhere(token: str) -> None:
    assert Client().get(f"/join/{token}/").status_code in (400, 404)


def test_the_signature_of_one_invitation_does_not_open_another() -> None:
    one, other = make_invitation(), make_invitation()
    forged = f"{other.token.split(':')[0]}:{one.token.split(':')[1]}"
    assert Client().get(reverse("accounts:join", args=[forged])).status_code == 404


def test_twenty_a_minute_from_one_address(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "join"}}
    address = make_invitation().get_absolute_url()
    answers = [Client().post(address, {"name": "", "email": ""}).status_code for _ in range(22)]
    assert answers == [422] * 20 + [429] * 2
    assert Client().get(address).status_code == 200


def test_the_acts_answer_only_post() -> None:
    token = make_invitation().token
    for act in ("accept", "ask_for_another"):
        assert Client().get(reverse(f"accounts:{act}", args=[token])).status_code == 405


def test_a_visitor_who_posts_the_act_is_led_to_the_page() -> None:
    invitation = make_invitation()
    answer = Client().post(reverse("accounts:accept", args=[invitation.token]))
    assert answer["Location"] == invitation.get_absolute_url()


def test_without_an_invitation() -> None:
    page = Client().get(reverse("accounts:not_invited"))
    assert "Members are invited by members" in page.content.decode()
    assert not page.cookies
    assert Client().get(reverse("account_signup")).status_code == 200
    Client().post(reverse("account_signup"), {"email": "eve@example.test", "password1": "a long enough password"})
    assert not User.objects.filter(email="eve@example.test").exists()


def test_the_owner_s_link_makes_the_owner_and_works_once() -> None:
    link = Invitation.objects.owner_link()
    assert Invitation.objects.owner_link() == link
    invitation = Invitation.objects.get(makes_owner=True)
    assert link.endswith(invitation.get_absolute_url())
    assert "This book waits for its owner" in Client().get(invitation.get_absolute_url()).content.decode()
    first, second = make_guest(), make_guest()
    signed_in(first).post(reverse("accounts:accept", args=[invitation.token]))
    first.refresh_from_db()
    assert (first.is_owner, first.is_curator, first.is_member) == (True, True, True)
    assert not invitation.accept(by=second)
    assert Invitation.objects.owner_link() == ""


def test_a_second_owner_s_link_is_worth_nothing() -> None:
    stale = Invitation.objects.create(makes_owner=True)
    make_owner()
    guest = make_guest()
    assert not stale.accept(by=guest)
    guest.refresh_from_db()
    assert not guest.is_superuser


def test_joining_asks_to_be_written_to_again() -> None:
    guest = make_guest(email="zoe@example.test")
    Suppression.objects.add_address("zoe@example.test")
    make_invitation().accept(by=guest)
    assert not Suppression.objects.covers("zoe@example.test")


def together(*acts: object) -> list[bool]:
    """Run the acts at the same moment."""
    start, results = threading.Barrier(len(acts)), []

    def run(act: object) -> None:
        start.wait()
        results.append(act())  # type: ignore[operator]
        connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_gets_in() -> None:
    invitation = make_invitation()
    guests = [make_guest() for _ in range(6)]
    accepted = together(*(lambda guest=guest: invitation.accept(by=guest) for guest in guests))
    assert sorted(accepted) == [False] * 5 + [True]
    assert User.objects.members().exclude(pk=invitation.inviter_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_with_two_links_uses_up_one() -> None:
    guest = make_guest()
    invitations = [make_invitation() for _ in range(4)]
    accepts = [lambda one=one: one.accept(by=User.objects.get(pk=guest.pk)) for one in invitations]
    assert sorted(together(*accepts)) == [False] * 3 + [True]
    assert Invitation.objects.open().count() == 3
