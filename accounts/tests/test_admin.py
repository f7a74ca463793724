"""The back room of people and letters: found and read, not changed."""

import pytest
from django.test import Client

from accounts.models import Notice, Suppression, User

from .factories import (
    make_curator,
    make_guest,
    make_invitation,
    make_member,
    make_notice,
    make_owner,
    signed_in,
)

pytestmark = pytest.mark.django_db
LISTS = ["user", "formerhandle", "invitation", "notice", "suppression"]


@pytest.fixture
def curator() -> Client:
    make_invitation(email="zoe@example.test")
    make_notice(recipient=make_member(name="Ann Lee"))
    make_member(name="Ben Lee").change_handle("ben")
    Suppression.objects.add_address("yan@example.test")
    return signed_in(make_curator())


@pytest.mark.parametrize("name", LISTS)
def test_curators_find_and_read(curator: Client, name: str) -> None:
    for search in ("", "lee", "zoe@example.test"):
        assert curator.get(f"/admin/accounts/{name}/", {"q": search}).status_code == 200


def test_curators_read_one(curator: Client) -> None:
    for row in (*User.objects.all(), *Notice.objects.all()):
        page = curator.get(f"/admin/accounts/{row._meta.model_name}/{row.pk}/change/")
        assert page.status_code == 200
        assert "Save" not in page.content.decode()


def test_the_words_of_a_letter_are_not_shown(curator: Client) -> None:
    code = make_notice(letter="account", words={"subject": "s", "text": "CODE-4711", "html": "CODE-4711"})
    assert "CODE-4711" not in curator.get(f"/admin/accounts/notice/{code.pk}/change/").content.decode()


def test_a_suppressed_address_is_found_by_the_whole_address(curator: Client) -> None:
    for search, found in (("yan@example.test", 1), ("yan", 0)):
        page = curator.get("/admin/accounts/suppression/", {"q": search})
        assert page.context["cl"].result_count == found


@pytest.mark.parametrize("name", LISTS)
def test_nobody_changes_anything_here(name: str) -> None:
    for person in (make_owner(), make_curator()):
        client = signed_in(person)
        assert client.get(f"/admin/accounts/{name}/add/").status_code == 403
        assert client.post(f"/admin/accounts/{name}/add/", {}).status_code == 403
        assert client.post(f"/admin/accounts/user/{person.pk}/change/", {"name": "X"}).status_code == 403
        assert client.post(f"/admin/accounts/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not User.objects.filter(name="X").exists()


def test_members_and_guests_stay_outside() -> None:
    for person in (make_member(), make_guest()):
        assert signed_in(person).get("/admin/accounts/user/", follow=True).status_code == 403


def make_curators(client: Client, *people: User) -> None:
    form = {"action": "make_curator", "_selected_action": [person.pk for person in people]}
    client.post("/admin/accounts/user/", form)


def test_only_the_owner_makes_curators() -> None:
    member, guest = make_member(), make_guest()
    make_curators(signed_in(make_curator()), member)
    assert not User.objects.get(pk=member.pk).is_staff
    make_curators(signed_in(make_owner()), member, guest)
    assert User.objects.get(pk=member.pk).is_curator
    assert not User.objects.get(pk=guest.pk).is_staff
