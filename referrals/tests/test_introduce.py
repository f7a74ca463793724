"""A member introduces somebody to an expert."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, Suppression, User
from accounts.tests.factories import signed_in
from config.demo import factory
from directory.models import Expert, State
from referrals.models import Introduction, Refusal
from referrals.models.asking import CANNOT, PER_DAY
from referrals.tests.introducing import introduce
from referrals.tests.test_ask import overdraw, text

pytestmark = pytest.mark.django_db
PAGE = "/introductions/new/"
HANA = {"name": "Hana Sato", "email": "hana@example.test"}
WORDS = {
    "need": "Her show has good guests and nobody listens. She has tried everything.",
    "note_to_expert": "She means it, and she will do the work.",
    "note_to_prospect": "She rebuilt my own show in a month.",
    "knows": "on",
}


@pytest.fixture
def page(alice: User) -> str:
    return f"{PAGE}?expert={alice.handle}"


def typed(alice: User, **changes: str) -> dict[str, str]:
    return {"expert": str(alice.handle)} | HANA | WORDS | changes


def test_both_are_asked_and_nobody_sees_an_address(alice: User, charlie: User, page: str) -> None:
    client = signed_in(charlie)
    assert "What each of them will read" in text(client.get(page))
    answer = client.post(page, typed(alice))
    introduction = Introduction.objects.get()
    assert answer["Location"] == introduction.get_absolute_url()
    assert (introduction.giver, introduction.route, introduction.stage) == (charlie, "member", "asked")
    assert (introduction.prospect_name, introduction.prospect.email) == ("Hana Sato", "hana@example.test")
    assert (introduction.prospect_yes_at, introduction.expert_yes_at) == (None, None)
    assert introduction.category == alice.expert.categories[0]
    assert {notice.letter for notice in Notice.objects.filter(letter__startswith="intro")} == {
        "intro_ask_expert",
        "intro_ask_prospect",
    }


def test_the_expert_is_chosen_by_name(alice: User, charlie: User) -> None:
    client = signed_in(charlie)
    assert "To whom would you send them?" in text(client.get(PAGE))
    assert f"?expert={alice.handle}" in text(client.get(PAGE, {"q": "alice"}))
    assert "Nobody in print is called “zzz”" in text(client.get(PAGE, {"q": "zzz"}))
    assert f"?expert={alice.handle}" not in text(signed_in(alice).get(PAGE, {"q": "alice"}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "Write their name."),
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"need": ""}, "Say what they need, in two sentences."),
        ({"note_to_expert": ""}, "Write Alice a line."),
        ({"note_to_prospect": ""}, "Write them a line"),
        ({"knows": ""}, "Introduce only somebody whose work you know yourself."),
        ({"note_to_expert": "It is hana@example.test, write to her."}, "Leave out addresses and telephone numbers."),
        ({"note_to_prospect": "x" * 401}, "Shorten it to 400 characters."),
        ({"name": "hana@example.test"}, "Leave out addresses and telephone numbers."),
    ],
)
def test_what_is_missing_is_named_and_the_rest_kept(
    alice: User, charlie: User, page: str, changes: dict[str, str], message: str
) -> None:
    response = signed_in(charlie).post(page, typed(alice, **changes))
    assert response.status_code == 422
    html = text(response)
    assert message in html
    assert all(words in html for name, words in (HANA | WORDS).items() if name not in changes)
    assert not Introduction.objects.exists()
    assert not User.objects.filter(email="hana@example.test").exists()


def test_the_same_words_whatever_the_address_means(alice: User, charlie: User, gwen: User, page: str) -> None:
    """A no, letters that nobody wants, the expert's own address, an open introduction by somebody else."""
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    Suppression.objects.add_address("left@example.test")
    other = factory.make_guest()
    introduce(introducer=factory.make_member(), expert=alice.expert, prospect=other)
    for email in (gwen.email, "left@example.test", alice.email, other.email):
        response = signed_in(charlie).post(page, typed(alice, email=email))
        assert response.status_code == 422
        assert CANNOT.format(name="Hana") in text(response)
        assert WORDS["need"] in text(response)


def test_oneself_is_not_introduced(alice: User, charlie: User, page: str) -> None:
    response = signed_in(charlie).post(page, typed(alice, email=charlie.email))
    assert "To be introduced yourself, ask on the expert’s page." in text(response)
    for response in (signed_in(alice).get(page), signed_in(alice).post(page, typed(alice))):
        assert response.status_code == 403
        assert "You cannot introduce people to yourself" in text(response)


def test_ten_a_day(alice: User, charlie: User, page: str) -> None:
    for _ in range(PER_DAY):
        introduce(introducer=charlie, expert=alice.expert, prospect=factory.make_guest())
    assert "You began ten introductions today" in text(signed_in(charlie).post(page, typed(alice)))


def test_twice_is_one(alice: User, charlie: User, page: str) -> None:
    client = signed_in(charlie)
    answers = [client.post(page, typed(alice))["Location"] for _ in range(2)]
    assert answers == [Introduction.objects.get().get_absolute_url()] * 2


def test_an_expert_who_gave_nothing(alice: User, charlie: User, page: str) -> None:
    assert "In the last year" not in text(signed_in(charlie).get(page))
    overdraw(alice)
    html = text(signed_in(charlie).get(page))
    assert "In the last year Alice received 4 introductions and gave 0." in html
    signed_in(charlie).post(page, typed(alice))
    assert Introduction.objects.exists()


def test_only_experts_in_print(alice: User, charlie: User, page: str) -> None:
    resting = factory.make_expert(state=State.RESTING)
    draft = factory.make_expert(state=State.DRAFT)
    for handle in (resting.member.handle, draft.member.handle, charlie.handle, "nobody-at-all"):
        assert signed_in(charlie).get(PAGE, {"expert": handle}).status_code == 404
    response = signed_in(charlie).post(f"{PAGE}?expert={resting.member.handle}", typed(alice))
    assert response.status_code == 422
    assert "is not in print" in text(response)
    assert WORDS["need"] in text(response)
    Expert.objects.filter(pk=alice.pk).update(taking_clients=False)
    assert signed_in(charlie).get(page).status_code == 200


def test_only_members_introduce(alice: User, gwen: User, page: str) -> None:
    for response in (signed_in(gwen).get(page), signed_in(gwen).post(page, typed(alice))):
        assert response.status_code == 403
        assert "Only members introduce" in text(response)
    assert signed_in(gwen).put(page).status_code == 405


def test_a_session_that_ended_loses_nothing(alice: User, charlie: User, page: str) -> None:
    visitor = Client()
    answer = visitor.post(page, typed(alice))
    assert answer["Location"] == f"/sign-in/login/?next={PAGE}"
    visitor.force_login(charlie)
    html = text(visitor.get(PAGE))
    assert all(words in html for words in (HANA | WORDS).values() if words != "on")
    visitor.post(page, typed(alice))
    assert Introduction.objects.exists()
    assert "Hana Sato" not in text(visitor.get(page))


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_as_often_for_one_as_for_thirty(charlie: User, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        factory.make_expert(member=factory.make_member(name=f"Alice Moreau {number}"))
    client = signed_in(charlie)
    with django_assert_num_queries(4):
        client.get(PAGE, {"q": "alice"})
