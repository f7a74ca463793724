"""Who helped you? From a name to the form."""

from typing import Any

import pytest
from django.test import Client

from accounts.tests.factories import make_guest, make_member, signed_in

from .factories import make_expert

pytestmark = pytest.mark.django_db
PAGE = "/recommend/"


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("words", ["alice", "ALICE mor", "  Moreau ", "alicia moreau", "Móreau"])
def test_a_name_finds_experts_in_print(words: str) -> None:
    make_expert(name="Alice Moreau")
    make_expert(name="Alice Hidden", in_print=False)
    html = text(signed_in(make_member()).get(PAGE, {"q": words}))
    assert "/experts/alice-moreau/recommend/" in html
    assert "Hidden" not in html
    assert "not in the book" in html


def test_one_does_not_find_oneself() -> None:
    alice = make_expert(name="Alice Moreau")
    assert "/experts/alice-moreau/recommend/" not in text(signed_in(alice.member).get(PAGE, {"q": "alice"}))


def test_nobody_of_that_name_can_be_put_forward() -> None:
    html = text(signed_in(make_member()).get(PAGE, {"q": "Zoë <Núñez>"}))
    assert "Nobody in print is called “Zoë &lt;Núñez&gt;”" in html
    assert "/recommend/new/?name=Zo%C3%AB%20%3CN%C3%BA%C3%B1ez%3E" in html


def test_an_address_leads_on_whoever_has_it() -> None:
    make_expert(name="Alice Moreau", email="alice@example.test")
    html = text(signed_in(make_member()).get(PAGE, {"q": "alice@example.test"}))
    assert "/recommend/new/?email=alice%40example.test" in html
    assert "Moreau" not in html


def test_while_typing_only_the_list_comes() -> None:
    make_expert(name="Alice Moreau")
    html = text(signed_in(make_member()).get(PAGE, {"q": "ali"}, headers={"HX-Request": "true"}))
    assert "/experts/alice-moreau/recommend/" in html
    assert "<html" not in html


@pytest.mark.parametrize(
    "words", ["", "a", "%", "_" * 300, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")]
)
def test_odd_words_find_nobody_and_break_nothing(words: str) -> None:
    make_expert(name="Alice Moreau")
    response = signed_in(make_member()).get(PAGE, {"q": words})
    assert response.status_code == 200
    assert "alice-moreau" not in text(response)


def test_who_may() -> None:
    response = signed_in(make_guest()).get(PAGE)
    assert response.status_code == 403
    assert "Only members recommend" in text(response)
    assert Client().get(PAGE).headers["Location"] == f"/sign-in/login/?next={PAGE}"
    assert signed_in(make_member()).post(PAGE).status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_as_often_for_one_as_for_thirty(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_expert(name=f"Alice Moreau {number}")
    client = signed_in(make_member())
    with django_assert_num_queries(5):
        client.get(PAGE, {"q": "alice"})
