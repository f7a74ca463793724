"""Asking somebody in."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Invitation, Notice
from accounts.models.invitations import TooManyOpen

from .factories import make_guest, make_invitation, make_member, send_letters, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/invitations/"


def test_a_link_to_send_oneself() -> None:
    member = make_member()
    client = signed_in(member)
    answer = client.post(PAGE, {"sentence": "She rebuilt our offer.", "email": ""})
    invitation = Invitation.objects.get(inviter=member)
    assert answer["Location"] == f"{PAGE}#invitation-{invitation.pk}"
    page = client.get(PAGE).content.decode()
    assert invitation.link in page
    assert not Notice.objects.exists()


def test_with_an_address_the_book_writes_the_letter() -> None:
    priya = make_member(name="Priya Raman")
    signed_in(priya).post(PAGE, {"sentence": "She rebuilt our offer.", "email": "Zoe@Example.test"})
    send_letters()
    (letter,) = mail.outbox
    assert letter.to == ["zoe@example.test"]
    assert letter.subject == "Priya would like you in the book"
    assert letter.from_email.startswith("Priya Raman via ")
    assert Invitation.objects.get().link in letter.body
    assert "She rebuilt our offer." in letter.body


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"sentence": "", "email": "zoe@example.test"}, "Write why you think of them"),
        ({"sentence": "x" * 301, "email": ""}, "at most 300"),
        ({"sentence": "She is good.", "email": "zoe@"}, "Enter a valid email address"),
        ({"sentence": "She is good.", "email": "zoe@example.test\nBcc: all@example.test"}, "Enter a valid"),
    ],
)
def test_bad_input_is_named_and_kept(form: dict[str, str], message: str) -> None:
    page = signed_in(make_member()).post(PAGE, form)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert form["sentence"] in page.content.decode()
    assert not Invitation.objects.exists()


def test_five_are_open_at_a_time() -> None:
    member = make_member()
    client = signed_in(member)
    for number in range(5):
        client.post(PAGE, {"sentence": f"Reason {number}", "email": ""})
    assert "Five of your invitations are waiting" in client.get(PAGE).content.decode()
    page = client.post(PAGE, {"sentence": "A sixth reason", "email": ""})
    assert page.status_code == 422
    assert "Five of your invitations are waiting" in page.content.decode()
    assert "A sixth reason" in page.content.decode()
    Invitation.objects.earliest("pk").accept(by=make_guest())
    assert client.post(PAGE, {"sentence": "A sixth reason", "email": ""}).status_code == 302


def test_taking_a_link_back_makes_room_and_taking_a_letter_back_does_not() -> None:
    member = make_member()
    link, *_ = [make_invitation(inviter=member, sentence=f"Reason {number}") for number in range(4)]
    letter = make_invitation(inviter=member, email="zoe@example.test")
    letter.withdraw()
    with pytest.raises(TooManyOpen):
        make_invitation(inviter=member, sentence="One more")
    link.withdraw()
    make_invitation(inviter=member, sentence="One more")
    Invitation.objects.filter(pk=letter.pk).update(expires_at=timezone.now() - dt.timedelta(days=1))
    make_invitation(inviter=member, sentence="And one more")


def test_the_same_words_twice_are_one_invitation() -> None:
    client = signed_in(make_member())
    for _ in range(2):
        client.post(PAGE, {"sentence": "She rebuilt our offer.", "email": "zoe@example.test"})
    assert Invitation.objects.count() == Notice.objects.count() == 1


def test_taking_it_back() -> None:
    invitation = make_invitation()
    client = signed_in(invitation.inviter)
    address = reverse("accounts:withdraw_invitation", args=[invitation.pk])
    assert client.get(address).status_code == 405
    assert signed_in(make_member()).post(address).status_code == 404
    assert client.post(address).status_code == 302
    invitation.refresh_from_db()
    assert not invitation.is_open
    assert "Taken back" in client.get(PAGE).content.decode()


def test_a_used_invitation_cannot_be_taken_back() -> None:
    invitation, guest = make_invitation(), make_guest()
    invitation.accept(by=guest)
    invitation.withdraw()
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert f"{guest.name} joined" in signed_in(invitation.inviter).get(PAGE).content.decode()


def test_who_may_not() -> None:
    assert Client().get(PAGE)["Location"].startswith("/sign-in/")
    guest = signed_in(make_guest())
    for answer in (
        guest.get(PAGE),
        guest.post(PAGE, {"sentence": "Me"}),
        guest.post("/invitations/1/withdraw/"),
    ):
        assert answer.status_code == 403
        assert "This page is for members" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_others_do_not_see_mine() -> None:
    make_invitation(sentence="Nobody else reads this.")
    assert "Nobody else reads this." not in signed_in(make_member()).get(PAGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_five() -> None:
    member = make_member()
    start, refused = threading.Barrier(10), []

    def invite(number: int) -> None:
        start.wait()
        try:
            make_invitation(inviter=member, sentence=f"Reason {number}")
        except TooManyOpen:
            refused.append(number)
        connection.close()

    threads = [threading.Thread(target=invite, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Invitation.objects.count(), len(refused)) == (5, 5)


@pytest.mark.parametrize("number", [1, 5])
def test_the_number_of_queries(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    member = make_member()
    for each in range(number):
        make_invitation(inviter=member, sentence=f"Reason {each}")
    client = signed_in(member)
    with django_assert_num_queries(4):  # session, person, places left, invitations
        client.get(PAGE)
