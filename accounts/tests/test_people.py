"""Who people are: members, founders, firms, and what the database refuses."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User

from .factories import make_curator, make_guest, make_member, make_owner, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("mine", "yours", "same"),
    [
        ("Vell & Co. Ltd", "vell co", True),
        ("VELL & CO", "Vell & Co. Limited", True),
        ("Vell GmbH", "Vell AG", True),
        ("Müller", "müller", True),
        ("Vell", "Voll", False),
        ("", "", False),
        ("Ltd", "GmbH", False),
    ],
)
def test_one_firm_by_its_name(mine: str, yours: str, same: bool) -> None:
    one, other = make_member(organisation=mine), make_member(organisation=yours)
    assert one.same_firm(other) is same
    assert other.same_firm(one) is same


def test_one_firm_by_the_domain_of_the_address() -> None:
    ann, ben = make_member(email="ann@vell.example"), make_member(email="ben@vell.example")
    assert ann.same_firm(ben)
    assert not make_member(email="a@gmail.com").same_firm(make_member(email="b@gmail.com"))
    assert not make_member(email="a@sub.vell.example").same_firm(ann)


def test_the_firm_follows_a_change() -> None:
    ann, ben = make_member(organisation="Vell"), make_member(organisation="Voll")
    ben.organisation = "Vell Ltd."
    ben.save(update_fields=["organisation"])
    ben.refresh_from_db()
    assert ann.same_firm(ben)


def test_what_founders_sign_counts_at_once() -> None:
    owner = make_owner()
    first = make_user()
    first.join(invited_by=owner)
    second = make_user()
    second.join(invited_by=first)
    now = timezone.now()
    assert owner.counts_from <= now
    assert first.counts_from <= now
    assert now + dt.timedelta(days=13) < second.counts_from < now + dt.timedelta(days=15)


def test_the_founding_period_ends_after_thirty_days() -> None:
    owner = make_owner()
    User.objects.filter(pk=owner.pk).update(member_since=timezone.now() - dt.timedelta(days=31))
    owner.refresh_from_db()
    late = make_user()
    late.join(invited_by=owner)
    assert late.counts_from > timezone.now()


def test_joining_twice_changes_nothing() -> None:
    member = make_member()
    since = member.member_since
    member.join(invited_by=make_member())
    member.refresh_from_db()
    assert (member.member_since, member.invited_by) == (since, None)


def test_the_owner_is_a_curator_and_a_guest_is_nothing() -> None:
    owner, curator, guest = make_owner(), make_curator(), make_guest()
    assert (owner.is_owner, owner.is_curator, owner.is_member) == (True, True, True)
    assert (curator.is_owner, curator.is_curator, curator.is_member) == (False, True, True)
    assert (guest.is_owner, guest.is_curator, guest.is_member) == (False, False, False)


def test_meeting_the_same_person_twice() -> None:
    once = User.objects.meet(email="Ann@Example.test ", name="Ann Lee")
    twice = User.objects.meet(email="ann@example.test", name="Somebody Else")
    assert once == twice
    assert (twice.name, twice.handle, twice.is_member) == ("Ann Lee", "ann-lee", False)
    assert not twice.has_usable_password()
    assert EmailAddress.objects.get(user=once).verified is False


def test_a_name_typed_for_a_stranger_s_address_does_not_stick() -> None:
    User.objects.begin_to_join(email="ann@example.test", name="A Rude Word")
    assert User.objects.meet(email="ann@example.test", name="Ann Lee").name == "Ann Lee"


def test_the_database_refuses() -> None:
    member = make_member()
    for change in (
        {"email": "Upper@example.test"},
        {"handle": None},
        {"counts_from": None},
        {"invited_by": member},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=member.pk).update(**change)


def test_a_superuser_made_on_the_command_line_is_the_owner() -> None:
    owner = User.objects.create_superuser("owner@example.test", "a long enough password", name="Olga Owens")
    assert owner.is_owner
    assert owner.is_curator
    assert owner.is_member
    assert EmailAddress.objects.get(user=owner).verified
