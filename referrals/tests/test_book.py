"""X's book: the page one sends."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Category
from referrals.models import Book

from .factories import make_category, make_expert, make_recommendation

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> User:
    bob = make_curator(name="Bob Byrne")
    make_recommendation(author=bob, expert=make_expert(name="Alice Ames", categories=("sales", "pricing")))
    return bob


def text(response: Any) -> str:
    return response.content.decode()


def test_the_book_by_category_with_the_owner_s_own_sentence(bob: User) -> None:
    response = Client().get("/book/bob-byrne/")
    html = text(response)
    assert "From the book of" in html
    assert "The 1 person I send my friends to." in html
    assert '<h2 id="sales">' in html
    assert "She is blunt and kind in the same sentence" in html
    assert re.search(r'href="\S+/experts/alice-ames/#letter-\d+"', html)
    assert "Only you see this" not in html
    assert not response.cookies


def test_recommended_for_two_categories_is_one_entry_and_one_name() -> None:
    bob = make_curator(name="Bob Byrne")
    said = make_recommendation(author=bob, expert=make_expert(name="Alice Ames", categories=("sales", "pricing")))
    said.categories.set(Category.objects.all())
    Category.objects.filter(slug="pricing").update(order=5)
    html = text(Client().get("/book/bob-byrne/"))
    assert html.index('id="sales"') < html.index("She is blunt") < html.index('id="pricing"')
    assert html.count("She is blunt") == 1
    assert "The 1 person" in html


def test_one_s_own(bob: User) -> None:
    assert signed_in(bob).get("/book/").headers["Location"] == "/book/bob-byrne/"
    html = text(signed_in(bob).get("/book/bob-byrne/"))
    for said in ("Only you see this", "Copy link", "Here’s my book", "Yes, I read it through", "Leave out"):
        assert said in html
    assert signed_in(make_guest()).get("/book/").status_code == 403
    assert Client().get("/book/").status_code == 302


def test_by_default_the_link_is_enough_and_no_search_engine_comes(bob: User) -> None:
    response = Client().get("/book/bob-byrne/")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text(response)
    assert "ld+json" not in text(response)
    assert '<link rel="canonical" href="http' in text(response)


def test_public(bob: User) -> None:
    signed_in(bob).post("/my-book/visibility/", {"visibility": "public"})
    response = Client().get("/book/bob-byrne/")
    html = text(response)
    assert "X-Robots-Tag" not in response.headers
    assert "noindex" not in html
    described = json.loads(re.search(r'ld\+json">(.+?)</script>', html, re.S)[1])
    assert described["@type"] == "ProfilePage"
    assert described["hasPart"]["numberOfItems"] == 1
    assert "Bob Byrne&#x27;s book: 1 person" in html


def test_kept_to_oneself(bob: User) -> None:
    signed_in(bob).post("/my-book/visibility/", {"visibility": "me"})
    missing = Client().get("/book/nobody/")
    for client in (Client(), signed_in(make_member())):
        response = client.get("/book/bob-byrne/")
        assert response.status_code == 404
        assert "Bob" not in text(response).replace("/book/bob-byrne/", "")
    assert missing.status_code == 404
    assert "From the book of" in text(signed_in(bob).get("/book/bob-byrne/"))
    letter = text(Client().get("/experts/alice-ames/"))
    assert "<strong>Bob Byrne</strong>" in letter
    assert "/book/bob-byrne/" not in letter


def test_empty(bob: User) -> None:
    charlie = make_member(name="Charlie Cole")
    assert "No one in it yet" in text(Client().get("/book/charlie-cole/"))
    assert "Recommend somebody" in text(signed_in(charlie).get("/book/charlie-cole/"))


def test_guests_and_people_who_left_have_no_book(bob: User) -> None:
    gwen = make_guest()
    gwen.take_handle()
    assert Client().get(f"/book/{gwen.handle}/").status_code == 404
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert Client().get("/book/bob-byrne/").status_code == 404


def test_a_former_address_redirects_unless_the_book_is_closed(bob: User) -> None:
    bob.change_handle("bobby")
    response = Client().get("/book/bob-byrne/")
    assert (response.status_code, response.headers["Location"]) == (301, "/book/bobby/")
    Book.objects.of(bob).set_visibility("me")
    assert Client().get("/book/bob-byrne/").status_code == 404


def test_read_through(bob: User) -> None:
    Book.objects.create(owner=bob, read_through_on=dt.date(2024, 3, 1))
    assert "Last read through in March 2024." in text(Client().get("/book/bob-byrne/"))
    signed_in(bob).post("/my-book/read-through/")
    assert Book.objects.get().read_through_on == timezone.localdate()


def test_the_acts_are_posts_of_members(bob: User) -> None:
    for act in ("visibility", "read-through"):
        assert signed_in(bob).get(f"/my-book/{act}/").status_code == 405
        assert Client().post(f"/my-book/{act}/").status_code == 302
        assert signed_in(make_guest()).post(f"/my-book/{act}/").status_code == 403
    assert not Book.objects.exists()
    response = signed_in(bob).post("/my-book/visibility/", {"visibility": "everybody"}, follow=True)
    assert "Choose who can see your book." in text(response)
    assert Client().post("/book/bob-byrne/").status_code == 405


def test_out_of_print_is_dropped(bob: User) -> None:
    expert = bob.recommendations_given.get().expert
    expert.rest(by=expert.member)
    assert "Alice" not in text(Client().get("/book/bob-byrne/"))


@pytest.mark.parametrize("rows", [1, 30])
def test_the_book_asks_as_often_for_one_as_for_thirty(rows: int, django_assert_num_queries: Any) -> None:
    bob = make_curator(name="Bob Byrne")
    for number in range(rows):
        make_category(slug=f"kind-{number}")
        said = make_recommendation(
            author=make_curator(), expert=make_expert(categories=(f"kind-{number}",)), printed=False
        )
        type(said).objects.filter(pk=said.pk).update(author=bob)
        said.refresh_from_db()
        said.categories.set(Category.objects.filter(slug=f"kind-{number}"))
        said.accept()
    with django_assert_num_queries(4):
        html = text(Client().get("/book/bob-byrne/"))
    assert f"The {rows} " in html
