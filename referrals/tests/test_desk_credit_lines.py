"""Credit lines: found by name, set by a curator with a reason, never one's own."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from config.demo import factory
from directory.tests.desk import sit
from referrals.models import Account, CreditLine
from referrals.tests.cases import make_introduction, nobody

pytestmark = pytest.mark.django_db
QUEUE = "/desk/credit-lines/"
TYPED = {"line": "15.00", "reason": "Everybody asks for her."}


def page_of(member: User) -> str:
    return f"{QUEUE}{member.handle}/"


def line_of(member: User) -> int:
    return Account.objects.of(member).credit_line


def test_it_is_set_with_a_reason_and_kept(alice: User, dana: User) -> None:
    answer = sit(dana).post(f"{page_of(alice)}set/", TYPED)
    assert answer["Location"] == page_of(alice)
    assert line_of(alice) == 1500
    line = CreditLine.objects.get()
    assert (line.line, line.by, line.reason) == (1500, dana, TYPED["reason"])
    for url in (QUEUE, page_of(alice)):
        page = sit(dana).get(url).content.decode()
        for words in (alice.name, "15.00", dana.name, TYPED["reason"]):
            assert words in page


def test_a_line_stays_when_the_curator_has_left(alice: User, dana: User) -> None:
    lena = factory.make_curator(name="Lena Ortiz")
    Account.objects.of(alice).set_credit_line(600, by=lena, reason="In demand.")
    lena.delete()
    for url in (QUEUE, page_of(alice)):
        page = sit(dana).get(url).content.decode()
        assert "In demand." in page
        assert "somebody who has left" in page


@pytest.mark.parametrize("line", ["", "x", "-0.01", "15.01", "1.005", "1e9", "NaN", "Infinity", "9" * 400])
def test_a_line_that_is_none_is_refused(line: str, alice: User, dana: User) -> None:
    answer = sit(dana).post(f"{page_of(alice)}set/", {**TYPED, "line": line})
    assert answer.status_code == 422
    assert "Write a number from 0.00 to 15.00." in answer.content.decode()
    assert TYPED["reason"] in answer.content.decode()
    assert not CreditLine.objects.exists()


@pytest.mark.parametrize(("line", "points"), [("0", 0), ("0.01", 1), ("2.29", 229), ("15", 1500)])
def test_to_the_hundredth(line: str, points: int, alice: User, dana: User) -> None:
    sit(dana).post(f"{page_of(alice)}set/", {**TYPED, "line": line})
    assert line_of(alice) == points


@pytest.mark.parametrize("reason", ["", " ", "x" * 1001])
def test_a_reason_is_asked_for(reason: str, alice: User, dana: User) -> None:
    assert sit(dana).post(f"{page_of(alice)}set/", {**TYPED, "reason": reason}).status_code == 422
    assert not CreditLine.objects.exists()


def test_nobody_sets_their_own(dana: User) -> None:
    assert "Someone else must set this one." in sit(dana).get(page_of(dana)).content.decode()
    answer = sit(dana).post(f"{page_of(dana)}set/", TYPED)
    assert answer.status_code == 403
    assert TYPED["reason"] in answer.content.decode()
    assert not CreditLine.objects.exists()


def test_only_curators_and_only_by_post(alice: User, dana: User) -> None:
    for stranger in nobody(alice):
        for url in (QUEUE, page_of(alice)):
            assert sit(stranger).get(url).status_code == 403
        assert sit(stranger).post(f"{page_of(alice)}set/", TYPED).status_code == 403
    assert Client().post(f"{page_of(alice)}set/", TYPED).status_code == 302
    assert sit(dana).get(f"{page_of(alice)}set/").status_code == 405
    assert sit(dana).post(page_of(alice), TYPED).status_code == 405
    assert not CreditLine.objects.exists()


def test_guests_and_nobody_have_none(dana: User, gwen: User) -> None:
    gwen.take_handle("gwen")
    for url in (f"{QUEUE}gwen/", f"{QUEUE}nobody-here/"):
        assert sit(dana).get(url).status_code == 404
        assert sit(dana).post(f"{url}set/", TYPED).status_code == 404


def test_members_are_found_by_name_and_handle_and_not_by_address(alice: User, dana: User, gwen: User) -> None:
    client = sit(dana)
    for words in (alice.name[1:], alice.name.upper(), alice.handle[:3], f"  {alice.handle} "):
        assert page_of(alice) in client.get(QUEUE, {"q": words}).content.decode()
    for words in (alice.email, gwen.name, "a", "", "%", "zzzz"):
        found = client.get(QUEUE, {"q": words})
        assert found.status_code == 200
        assert page_of(alice) not in found.content.decode()


def test_the_page_shows_no_more_than_an_introducer_sees(alice: User, bob: User, dana: User) -> None:
    page = sit(dana).get(page_of(alice)).content.decode()
    assert "nothing given or received" in page
    assert not Account.objects.filter(member=alice).exists()
    introduction = make_introduction(introducer=bob, expert=alice.expert)
    page = sit(dana).get(page_of(alice)).content.decode()
    assert "received 1.00, gave 0.00" in page
    assert introduction.prospect.name not in page
    assert bob.name not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, alice: User, dana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        Account.objects.of(factory.make_member(name=f"Ann Lee {n}")).set_credit_line(n, by=dana, reason="In demand.")
        Account.objects.of(alice).set_credit_line(n, by=dana, reason="In demand.")
    client = sit(dana)
    # session, user, groups, the eight counts, the last decision, the rows and who set them, who is found
    with django_assert_num_queries(15):
        client.get(QUEUE, {"q": "ann"})
    # session, user, groups, the member, the account, its balance, its totals, picks, the history and who set it
    with django_assert_num_queries(10):
        client.get(page_of(alice))
