"""Who is a curator: made and unmade by whoever runs the book, and at once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User

from .factories import make_curator, make_guest, make_member, make_owner, signed_in

pytestmark = pytest.mark.django_db


def curator(*args: str) -> str:
    out = StringIO()
    call_command("curator", *args, stdout=out)
    return out.getvalue()


def test_a_member_is_made_a_curator_and_no_more() -> None:
    member = make_member(name="Ann Lee")
    assert curator(member.email.upper(), "--add") == "Ann Lee is a curator. The book has 1.\n"
    client = signed_in(member)
    assert client.get("/desk/").status_code == 200
    assert curator(member.email, "--remove") == "Ann Lee is not a curator any more. The book has 0.\n"
    assert client.get("/desk/").status_code == 403
    assert client.get("/admin/accounts/user/", follow=True).status_code == 403
    fresh = User.objects.get(pk=member.pk)
    assert (fresh.is_staff, fresh.is_curator, fresh.is_member) == (False, False, True)


def test_who_holds_the_person_already_sees_it_at_once() -> None:
    dana = make_curator()
    assert dana.is_curator
    dana.leave_the_desk()
    assert not dana.is_curator
    dana.make_curator()
    assert dana.is_curator


def test_twice_is_once() -> None:
    dana = make_curator()
    for act in ("--add", "--add", "--remove", "--remove"):
        curator(dana.email, act)
    assert not User.objects.curators().exists()


def test_an_owner_stays_one() -> None:
    owner = make_owner()
    owner.leave_the_desk()
    fresh = User.objects.get(pk=owner.pk)
    assert fresh.is_owner
    assert not fresh.is_curator


def test_only_members() -> None:
    guest = make_guest()
    for email in (guest.email, "nobody@example.test", ""):
        with pytest.raises(CommandError, match="No member has the address"):
            curator(email, "--add")
    assert not User.objects.curators().exists()


@pytest.mark.parametrize("acts", [(), ("--add", "--remove")])
def test_one_of_both(acts: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        curator(make_member().email, *acts)
