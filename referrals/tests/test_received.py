"""What others wrote about me: yes, do not show, show again, one answer. By the person written about alone."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from accounts.tests.factories import make_guest, make_member, signed_in
from directory.models import Expert, Placement
from referrals.models import Recommendation

from .factories import make_expert, make_recommendation, sign

pytestmark = pytest.mark.django_db
ACTS = ("accept", "hide", "show", "answer")
PAGE = "/recommendations/received/"


@pytest.fixture
def alice() -> Expert:
    return make_expert(name="Alice Ames")


@pytest.fixture
def letter(alice: Expert) -> Recommendation:
    """Told to Alice, and not answered."""
    return make_recommendation(author=make_member(name="Bob Byrne", pronouns="he/him"), expert=alice, printed=False)


def act(name: str, letter: Recommendation) -> str:
    return reverse(f"referrals:{name}", args=[letter.pk])


def test_the_page_says_what_waits_and_until_when(alice: Expert, letter: Recommendation) -> None:
    html = signed_in(alice.member).get(PAGE).content.decode()
    assert letter.what_i_like in html
    assert "Yes, I know him" in html
    assert "if you do nothing" in html
    assert "Edit" not in html


def test_words_that_a_curator_has_not_read_are_not_there(alice: Expert) -> None:
    unread = sign(author=make_member(), expert=alice)
    client = signed_in(alice.member)
    assert unread.what_i_like not in client.get(PAGE).content.decode()
    for name in ACTS:
        assert client.post(act(name, unread)).status_code == 404


def test_a_yes_prints_at_once_and_tells_the_author(alice: Expert, letter: Recommendation) -> None:
    response = signed_in(alice.member).post(act("accept", letter), {"wording": letter.wording})
    assert (response.status_code, response.headers["Location"]) == (302, PAGE)
    letter.refresh_from_db()
    assert letter.accepted_at
    assert letter.printed_at
    assert Placement.objects.get(expert=alice).voices == 1
    notice = Notice.objects.get(letter="recommendation_printed")
    assert (notice.recipient, notice.path) == (letter.author, f"/experts/alice-ames/#letter-{letter.pk}")
    assert Client().get("/experts/alice-ames/").content.decode().count(f'id="letter-{letter.pk}"') == 1


def test_a_yes_before_the_page_is_in_print_waits_for_it() -> None:
    draft = make_expert(in_print=False)
    letter = make_recommendation(expert=draft, printed=False)
    signed_in(draft.member).post(act("accept", letter))
    letter.refresh_from_db()
    assert letter.accepted_at
    assert letter.printed_at is None


def test_not_shown_keeps_the_count_and_takes_the_text(alice: Expert, letter: Recommendation) -> None:
    letter.accept()
    signed_in(alice.member).post(act("hide", letter))
    letter.refresh_from_db()
    assert letter.stage == "hidden"
    assert alice.recommendations.tally() == {"shown": 0, "hidden": 1, "withdrawn": 0}
    assert Placement.objects.get(expert=alice).voices == 0
    html = Client().get("/experts/alice-ames/").content.decode()
    assert letter.what_i_like not in html
    assert "1 not shown by Alice" in html
    assert (
        letter.what_i_like not in Client().get(reverse("referrals:book", args=[letter.author.handle])).content.decode()
    )


def test_shown_again_it_is_in_print_again(alice: Expert, letter: Recommendation) -> None:
    letter.accept()
    letter.hide()
    signed_in(alice.member).post(act("show", letter))
    assert alice.recommendations.tally()["shown"] == 1
    assert Placement.objects.get(expert=alice).voices == 1


def test_one_answer(alice: Expert, letter: Recommendation) -> None:
    letter.accept()
    client = signed_in(alice.member)
    field = f"letter-{letter.pk}-answer"
    response = client.post(act("answer", letter), {field: " It was a joy,\n Bob. "})
    assert response.headers["Location"] == f"{PAGE}#letter-{letter.pk}"
    client.post(act("answer", letter), {field: "And another."})
    letter.refresh_from_db()
    assert letter.answer == "It was a joy, Bob."
    assert "It was a joy, Bob." in Client().get("/experts/alice-ames/").content.decode()


@pytest.mark.parametrize("words", ["", " \n ", "x" * 301])
def test_an_answer_that_cannot_be_printed_is_kept_beside_its_error(
    alice: Expert, letter: Recommendation, words: str
) -> None:
    response = signed_in(alice.member).post(act("answer", letter), {f"letter-{letter.pk}-answer": words})
    html = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in html
    assert f'id="id_letter-{letter.pk}-answer_error"' in html
    assert words in html
    letter.refresh_from_db()
    assert letter.answer == ""


def test_nobody_agrees_to_words_that_were_rewritten_meanwhile(alice: Expert) -> None:
    bob = make_member()
    make_recommendation(author=bob)
    letter = make_recommendation(author=bob, expert=alice, printed=False)
    before = letter.wording
    sign(author=bob, expert=alice, what_i_like="Something else altogether, which Alice has not read.")
    response = signed_in(alice.member).post(act("accept", letter), {"wording": before}, follow=True)
    assert "has rewritten or withdrawn this" in response.content.decode()
    assert not letter.accept()  # the row as it was fetched before
    letter.refresh_from_db()
    assert letter.accepted_at is None


@pytest.mark.parametrize("name", ACTS)
def test_only_the_person_written_about_may(name: str, alice: Expert, letter: Recommendation) -> None:
    for person in (make_member(), letter.author, make_expert().member):
        assert signed_in(person).post(act(name, letter)).status_code == 404
    assert signed_in(make_guest()).post(act(name, letter)).status_code == 403
    assert Client().post(act(name, letter)).status_code == 302
    client = signed_in(alice.member)
    assert client.get(act(name, letter)).status_code == 405
    for pk in (0, 999999, 2**63, 10**25):
        assert client.post(f"/recommendations/{pk}/{name}/").status_code == 404
    letter.withdraw()
    assert client.post(act(name, letter)).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_as_often_for_one_as_for_thirty(rows: int, alice: Expert, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        make_recommendation(expert=alice)
    client = signed_in(alice.member)
    with django_assert_num_queries(4):
        client.get(PAGE)


def test_empty_says_what_belongs_here() -> None:
    html = signed_in(make_member()).get(PAGE).content.decode()
    assert "Nobody has written yet" in html


def test_more_than_twenty_are_read_page_by_page(alice: Expert) -> None:
    for number in range(25):
        make_recommendation(expert=alice, what_i_like=f"She kept promise number {number} without being asked twice.")
    first = signed_in(alice.member).get(PAGE).content.decode()
    (cursor,) = re.findall(r'href="\?after=([^"]+)"', first)
    second = signed_in(alice.member).get(f"{PAGE}?after={cursor}").content.decode()
    assert (first.count('class="letter"'), second.count('class="letter"')) == (20, 5)
