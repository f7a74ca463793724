"""What I wrote about others: withdraw, still true, left out of my book. By its author, and nobody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Placement
from referrals.models import Draft, Recommendation

from .factories import make_expert, make_recommendation, sign

pytestmark = pytest.mark.django_db
ACTS = ("withdraw", "still_true", "leave_out", "put_in")
PAGE = "/recommendations/"


@pytest.fixture
def letter() -> Recommendation:
    return make_recommendation(author=make_member(name="Bob Byrne"), expert=make_expert(name="Alice Ames"))


def act(name: str, letter: Recommendation) -> str:
    return reverse(f"referrals:{name}", args=[letter.pk])


def test_withdrawn_it_leaves_print_at_once(letter: Recommendation) -> None:
    signed_in(letter.author).post(act("withdraw", letter))
    assert Placement.objects.get().voices == 0
    html = Client().get("/experts/alice-ames/").content.decode()
    assert letter.what_i_like not in html
    assert "1 withdrawn by its author" in html
    assert letter.what_i_like not in signed_in(letter.author).get(PAGE).content.decode()


def test_still_true(letter: Recommendation) -> None:
    signed_in(letter.author).post(act("still_true", letter))
    letter.refresh_from_db()
    assert letter.confirmed_at
    assert "confirmed" in Client().get("/experts/alice-ames/").content.decode()


def test_left_out_of_the_book_and_put_back(letter: Recommendation) -> None:
    client, book = signed_in(letter.author), reverse("referrals:book", args=[letter.author.handle])
    client.post(act("leave_out", letter))
    assert "Alice Ames" not in Client().get(book).content.decode()
    assert "Alice Ames" in Client().get("/experts/alice-ames/").content.decode()
    client.post(act("put_in", letter))
    assert "Alice Ames" in Client().get(book).content.decode()


@pytest.mark.parametrize("name", ACTS)
def test_only_its_author_may(name: str, letter: Recommendation) -> None:
    for person in (make_member(), letter.expert.member, make_curator()):
        assert signed_in(person).post(act(name, letter)).status_code == 404
    assert signed_in(make_guest()).post(act(name, letter)).status_code == 403
    assert Client().post(act(name, letter)).status_code == 302
    client = signed_in(letter.author)
    assert client.get(act(name, letter)).status_code == 405
    assert client.post(f"/recommendations/{10**25}/{name.replace('_', '-')}/").status_code == 404
    letter.withdraw()
    assert client.post(act(name, letter)).status_code == 404


def test_where_it_stands_is_for_its_author(letter: Recommendation) -> None:
    assert signed_in(letter.author).get(letter.get_absolute_url()).status_code == 200
    assert signed_in(letter.expert.member).get(letter.get_absolute_url()).status_code == 404
    assert signed_in(make_member()).get(letter.get_absolute_url()).status_code == 404
    assert signed_in(letter.author).post(letter.get_absolute_url()).status_code == 405


def test_each_stage_is_said() -> None:
    bob, client = make_curator(name="Bob Byrne"), None
    draft = make_expert(in_print=False)
    waiting, printed, hidden = (make_recommendation(author=bob, printed=False) for _ in range(3))
    unprinted = sign(author=bob, expert=draft)
    printed.accept()
    hidden.hide()
    Draft.objects.keep(author=bob, expert=make_expert(name="Erin Vale"), words={"what_i_like": "x"})
    client = signed_in(bob)
    html = client.get(PAGE).content.decode()
    for said in ("In print by", "In print.", "Not shown by", f"Waiting until {draft.name} is in print", "Erin Vale"):
        assert said in html, said
    for one in (waiting, printed, hidden, unprinted):
        assert client.get(one.get_absolute_url()).status_code == 200
    first = sign(author=make_member(), expert=draft)
    assert "A curator reads it first." in signed_in(first.author).get(PAGE).content.decode()
    first.send_back(by=make_curator(), note="Which year was that?")
    assert "A curator has a question" in signed_in(first.author).get(PAGE).content.decode()
    assert "Which year was that?" in signed_in(first.author).get(first.get_absolute_url()).content.decode()


@pytest.mark.parametrize("rows", [1, 24])
def test_the_page_asks_as_often_for_one_as_for_many(rows: int, django_assert_num_queries: Any) -> None:
    bob = make_curator()
    for _ in range(rows):
        make_recommendation(author=bob)
        Recommendation.objects.update(signed_at="2026-01-01T00:00:00Z")
    client = signed_in(bob)
    with django_assert_num_queries(6):
        client.get(PAGE)
