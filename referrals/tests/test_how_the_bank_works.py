"""The public page of the rules: every figure on it is computed by the rules."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import signed_in
from referrals import bank, tariff
from referrals.bank import Kind, Rating, units

from .statements import text

pytestmark = pytest.mark.django_db
PATH = "/how-the-bank-works/"


def test_for_everybody_without_a_cookie(client: Client, charlie: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get(PATH)
    assert response.status_code == 200
    assert not response.cookies
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert signed_in(charlie).get(PATH).status_code == 200
    assert client.post(PATH).status_code == 405


def test_the_tariff(client: Client) -> None:
    page = text(client.get(PATH).content.decode())
    for words in (
        "1.00 the next between the same two within a year 0.50, 0.25, 0.12, 0.06, 0.03 and 0.01, then nothing",
        "0.50 the next between the same two within a year 0.25, 0.12, 0.06, 0.03 and 0.01, then nothing",
        "1.00 paid by whoever followed up; within a year 2.00 for the next and 4.00 for each after it",
        "nobody can move more than 1.97",
        "worth half after 365 days",
    ):
        assert words in page


def test_the_tariff_is_computed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bank.FIRST, Kind.INTRODUCTION, 200)
    monkeypatch.setattr(bank, "GENEROUS", 500)
    page = text(client.get(PATH).content.decode())
    assert "2.00 the next between the same two within a year 1.00, 0.50" in page
    assert "5.00 and more" in page


def test_the_example_is_computed() -> None:
    example = tariff.example()
    assert [(row.day, row.moved, row.then, row.later) for row in example["rows"]] == [
        (0, "1.00", "0.96", "0.48"),
        (10, "0.50", "0.49", "0.25"),
        (20, "0.50", "0.50", "0.25"),
    ]
    assert example["sums"] == ["1.95", "0.98"]


def test_every_rating_has_its_band(client: Client) -> None:
    page = client.get(PATH).content.decode()
    assert {band.rating for band in tariff.bands()} == {rating.label for rating in Rating}
    assert all(f'<th scope="row">{rating.label}</th>' in page for rating in Rating)
    assert f"down to the credit line of {units(-bank.CREDIT_LINE)}" in page


def test_it_is_in_the_footer_and_in_the_sitemap(client: Client) -> None:
    assert f'href="{PATH}">How the bank works</a>' in client.get("/").content.decode()
    assert re.search(rf"<loc>[^<]*{PATH}</loc>", client.get("/sitemap-pages.xml").content.decode())


def test_members_find_their_bank_in_the_navigation(charlie: User, client: Client) -> None:
    names = re.findall(
        r'<li><a href="[^"]+"(?: aria-current="page")?>(.*?)</a></li>',
        signed_in(charlie).get("/bank/").content.decode(),
    )
    assert names[:4] == ["Find", "Recommend", "Bank", "My book"]
    assert ">Bank</a>" not in client.get("/").content.decode()
