"""The ledger in the back room: read by curators, touched by nobody."""

from typing import Any

import pytest
from django.test import Client

from accounts.tests.factories import make_curator, make_member, signed_in
from referrals.bank import Kind
from referrals.models import Account, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(db: None) -> Client:
    return signed_in(make_curator())


def post(number: int) -> Entry:
    entry = Entry.objects.post(
        kind=Kind.INTRODUCTION,
        key=f"introduction:{number}:accepted",
        giver=make_member(name="Ada"),
        receiver=make_member(),
    )
    assert entry
    return entry


def test_entries(curator: Client, django_assert_num_queries: Any) -> None:
    entry = post(1)
    reversal = entry.reverse(by=None, reason="They never spoke.")
    with django_assert_num_queries(7):
        one = curator.get("/admin/referrals/entry/", {"q": "Ada"}).content.decode()
    assert "-1.00" in one
    post(2)
    post(3)
    with django_assert_num_queries(7):
        curator.get("/admin/referrals/entry/", {"q": "Ada"})
    page = curator.get(f"/admin/referrals/entry/{reversal.pk}/change/").content.decode()
    assert "They never spoke." in page
    assert f"reversal:{entry.pk}" in page
    assert curator.post(f"/admin/referrals/entry/{entry.pk}/change/", {"reason": "x"}).status_code == 403
    assert curator.post(f"/admin/referrals/entry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_accounts(curator: Client, django_assert_num_queries: Any) -> None:
    account = post(1).giver
    account.set_credit_line(1500, by=make_curator(name="Lena"), reason="Much in demand.")
    Account.objects.house()
    assert "The house" in curator.get("/admin/referrals/account/").content.decode()
    page = curator.get(f"/admin/referrals/account/{account.pk}/change/").content.decode()
    assert [words in page for words in ("Much in demand.", "Lena", "Balance today", "1.00")] == [True] * 4
    assert curator.post(f"/admin/referrals/account/{account.pk}/change/", {"credit_line": 0}).status_code == 403
    assert Account.objects.get(pk=account.pk).credit_line == 1500
