"""Asking for an introduction: by a visitor, a guest, a member, and what stands in the way."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Notice, User
from accounts.tests.factories import make_member, send_letters, signed_in
from config.demo import factory
from directory.models import Expert, Question, State
from referrals.models import Account, Entry, Introduction, Recommendation, Refusal
from referrals.models.asking import PER_DAY
from referrals.tests.introducing import ask

pytestmark = pytest.mark.django_db
WORDS = {
    "need": "My show has good guests and nobody listens. I do not know why.",
    "tried": "Posting more often.",
    "success": "A hundred people who come back every week.",
    "timing": "month",
}
ZOE = {"name": "Zoë Marsh", "email": "zoe@example.test"}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def page(alice: User) -> str:
    return f"/experts/{alice.handle}/ask/"


def code_from_mail() -> str:
    send_letters()
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert found
    return found[1]


def test_from_the_first_word_to_the_letter_nothing_is_lost(alice: User, page: str) -> None:
    visitor = Client()
    assert "E-mail me a code" in text(visitor.get(page))
    answer = visitor.post(page, WORDS | ZOE)
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [page]
    assert not Introduction.objects.exists()
    assert not Notice.objects.filter(recipient=alice, letter="intro_ask_expert").exists()

    answer = visitor.post(answer["Location"], {"code": code_from_mail(), "next": page})
    assert answer["Location"] == page
    html = text(visitor.get(page))
    assert "Your address is confirmed. Read it once more, then send it." in html
    assert all(word in html for word in (WORDS["need"], WORDS["tried"], WORDS["success"], "Zoë Marsh"))
    assert re.search(r'value="month"[^>]*checked', html)
    assert not Introduction.objects.exists()

    answer = visitor.post(page, WORDS | {"name": "Zoë Marsh"})
    introduction = Introduction.objects.get()
    assert answer["Location"] == introduction.get_absolute_url()
    assert (introduction.need, introduction.tried) == (WORDS["need"], WORDS["tried"])
    assert (introduction.success, introduction.timing) == (WORDS["success"], "month")
    assert introduction.prospect.email == "zoe@example.test"
    assert not introduction.prospect.is_member
    assert introduction.giver is None
    assert Notice.objects.filter(recipient=alice, letter="intro_ask_expert").count() == 1
    assert "Your address is confirmed" not in text(visitor.get(page))


def test_a_code_goes_only_to_the_address_that_was_typed(alice: User, page: str, gwen: User) -> None:
    Client().post(page, WORDS | {"name": "Eve", "email": gwen.email})
    send_letters()
    assert [letter.to for letter in mail.outbox if "code" in letter.subject] == [[gwen.email]]
    assert not Introduction.objects.exists()
    gwen.refresh_from_db()
    assert gwen.name == "Gwen Adair"
    assert WORDS["need"] not in text(signed_in(gwen).get(page))


def test_known_and_unknown_addresses_get_the_same_answer(page: str, gwen: User) -> None:
    answers = [Client().post(page, WORDS | {"name": "Z", "email": email}) for email in (gwen.email, "new@example.test")]
    assert len({(answer.status_code, answer["Location"], answer.content) for answer in answers}) == 1


def test_words_of_another_address_are_not_called_confirmed(page: str, gwen: User) -> None:
    client = signed_in(gwen)
    session = client.session
    session["words of an ended session"] = {"path": page, "words": WORDS | ZOE}
    session.save()
    html = text(client.get(page))
    assert WORDS["need"] in html
    assert "Your address is confirmed" not in html


def test_a_guest_says_what_they_are_called(page: str) -> None:
    guest = factory.make_guest(name="typed by somebody else")
    signed_in(guest).post(page, WORDS | {"name": "Hana  Sato"})
    assert Introduction.objects.get().prospect_name == "Hana Sato"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"need": ""}, "Say what you need, in two sentences."),
        ({"success": " "}, "Say what would make it a success."),
        ({"timing": "yesterday"}, "yesterday is not one of the available choices"),
        ({"need": "Write to me at zoe (at) example.test"}, "Leave out addresses and telephone numbers."),
        ({"tried": "Call 0171 234 56 78."}, "Leave out addresses and telephone numbers."),
        ({"need": "x" * 601}, "Shorten it to 600 characters. It has 601."),
        ({"name": "zoe@example.test"}, "Leave out addresses and telephone numbers."),
        ({"name": "Zoë\nBcc: x@x.test"}, "Leave out addresses and telephone numbers."),
        ({"email": "zoe@example.test\nBcc: x@x.test"}, "Enter a valid email address."),
    ],
)
def test_what_cannot_be_sent_is_named_and_kept(page: str, changes: dict[str, str], message: str) -> None:
    response = Client().post(page, WORDS | ZOE | changes)
    assert response.status_code == 422
    html = text(response)
    assert message in html
    assert "There is a problem" in html
    assert WORDS["success"] in html or "success" in changes
    assert not User.objects.filter(email="zoe@example.test").exists()


def test_a_member_names_whose_words_it_was(alice: User, bob: User, charlie: User, page: str) -> None:
    said = Recommendation.objects.get(author=bob)
    client = signed_in(charlie)
    html = text(client.get(page))
    assert f"{bob.name}, {said.relation}" in html
    assert "None: I found Alice by myself" in html
    assert "checked" not in html
    assert 'name="email"' not in html
    assert re.search(rf'value="{said.pk}"[^>]*checked', text(client.get(page, {"through": said.pk})))
    client.post(page, WORDS | {"through": said.pk})
    introduction = Introduction.objects.get()
    assert (introduction.giver, introduction.recommendation, introduction.category) == (
        bob,
        said,
        alice.expert.categories[0],
    )


@pytest.mark.parametrize("through", ["", "none"])
def test_nobody_need_be_named(bob: User, charlie: User, page: str, through: str) -> None:
    signed_in(charlie).post(page, WORDS | {"through": through})
    assert Introduction.objects.get().giver is None


def test_only_shown_words_can_be_named(alice: User, bob: User, charlie: User, erin: User, page: str) -> None:
    other = factory.make_recommendation(author=bob, expert=erin.expert)
    assert signed_in(charlie).post(page, WORDS | {"through": other.pk}).status_code == 422
    Recommendation.objects.get(expert=alice.expert).hide()
    assert bob.name not in text(signed_in(charlie).get(page))


def test_the_category_and_its_questions(dana: User, charlie: User) -> None:
    categories = [factory.make_category(), factory.make_category(slug="webinars")]
    alice = factory.make_expert(member=factory.make_member(**factory.named("alice")), categories=categories)
    about, other = (
        Question.objects.add(category=category, text=f"How many listen to your {category.slug}?", by=dana)
        for category in categories
    )
    page, client = f"/experts/{alice.member.handle}/ask/", signed_in(charlie)
    assert "How many listen to your webinars?" in text(client.get(page))
    response = client.post(page, WORDS)
    assert "Choose what it is about." in text(response)
    chosen = WORDS | {"category": str(categories[1].pk), f"question-{about.pk}": "Not asked for this."}
    response = client.post(page, chosen)
    assert response.status_code == 422
    assert "Answer this." in text(response)
    client.post(page, chosen | {f"question-{other.pk}": "Twelve."})
    introduction = Introduction.objects.get()
    assert introduction.category == categories[1]
    assert introduction.answers == [{"question": other.text, "answer": "Twelve."}]


# What stands in the way. Nothing typed is lost in any of these.


def test_of_oneself(alice: User, page: str) -> None:
    response = signed_in(alice).post(page, WORDS)
    assert response.status_code == 403
    assert "You cannot ask for an introduction to yourself" in text(response)
    assert WORDS["need"] in text(response)


@pytest.mark.parametrize(("state", "status"), [(State.RESTING, 410), (State.SUSPENDED, 410), (State.DRAFT, 404)])
def test_out_of_print(state: str, status: int, charlie: User) -> None:
    expert = factory.make_expert(state=state)
    page = f"/experts/{expert.member.handle}/ask/"
    for response in (Client().get(page), signed_in(charlie).get(page), signed_in(charlie).post(page, WORDS)):
        assert response.status_code == status
    assert not Introduction.objects.exists()
    if status == 410:
        assert WORDS["need"] in text(response)


def test_not_taking_clients(alice: User, erin: User, page: str) -> None:
    back = timezone.localdate() + dt.timedelta(days=30)
    Expert.objects.filter(pk=alice.pk).update(taking_clients=False, taking_until=back)
    html = text(Client().post(page, WORDS | ZOE))
    assert "Alice is not taking clients until" in html
    assert erin.name in html
    assert WORDS["need"] in html
    assert "<textarea" not in html


def overdraw(member: User) -> None:
    """Four introductions received and none given, long enough ago."""
    long_ago = timezone.now() - dt.timedelta(days=40)
    for _ in range(4):
        Entry.objects.post(
            kind="introduction",
            key=f"introduction:{Entry.objects.count() + 10**6}:accepted",
            giver=make_member(),
            receiver=member,
            effective_at=long_ago,
            posted_at=long_ago,
        )
    assert Account.objects.insufficient(member)


def test_insufficient_funds(charlie: User, page: str) -> None:
    overdraw(charlie)
    for response in (signed_in(charlie).get(page), signed_in(charlie).post(page, WORDS)):
        assert "Give first" in text(response)
        assert "<textarea" not in text(response)
        assert "/introductions/new/" in text(response)
    assert WORDS["need"] in text(response)
    assert not Introduction.objects.exists()


def test_looking_opens_no_account(charlie: User, page: str) -> None:
    signed_in(charlie).get(page)
    assert not Account.objects.filter(member=charlie).exists()


def test_a_no_of_mine_stands_and_asking_takes_it_back(alice: User, gwen: User, page: str) -> None:
    refusal = Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    client = signed_in(gwen)
    assert f"You said no to Alice on {refusal.at:%-d %B %Y}. Asking again takes that back." in text(client.get(page))
    client.post(page, WORDS | {"name": gwen.name})
    refusal.refresh_from_db()
    assert refusal.lifted_at
    assert Introduction.objects.get().stage == "asked"


def test_already_asked(alice: User, gwen: User, page: str) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    client = signed_in(gwen)
    assert introduction.get_absolute_url() in text(client.get(page))
    html = text(client.post(page, WORDS | {"name": gwen.name}))
    assert WORDS["need"] in html
    assert "<textarea" not in html
    assert Introduction.objects.count() == 1


def test_sent_twice_by_the_same_button(gwen: User, page: str) -> None:
    client = signed_in(gwen)
    answers = [client.post(page, WORDS | {"name": gwen.name}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [Introduction.objects.get().get_absolute_url()] * 2


def test_ten_a_day(gwen: User, page: str) -> None:
    for _ in range(PER_DAY):
        ask(prospect=gwen, expert=factory.make_expert())
    response = signed_in(gwen).post(page, WORDS | {"name": gwen.name})
    assert response.status_code == 422
    assert "You began ten introductions today" in text(response)
    assert WORDS["need"] in text(response)


def test_a_former_address_leads_on_and_a_made_up_one_nowhere(alice: User) -> None:
    before = alice.handle
    alice.change_handle("alice-elsewhere")
    assert Client().get(f"/experts/{before}/ask/")["Location"] == "/experts/alice-elsewhere/ask/"
    assert Client().get("/experts/nobody-at-all/ask/").status_code == 404


def test_only_pages_and_posts(page: str) -> None:
    assert Client().put(page).status_code == 405


@pytest.mark.parametrize("voices", [1, 30])
def test_it_asks_as_often_for_one_voice_as_for_thirty(
    alice: User, charlie: User, page: str, voices: int, django_assert_num_queries: Any
) -> None:
    for _ in range(voices):
        factory.make_recommendation(expert=alice.expert)
    client = signed_in(charlie)
    with django_assert_num_queries(9):
        client.get(page)


# The page of the expert.


def test_the_way_to_the_form(alice: User, charlie: User, page: str) -> None:
    address = f"/experts/{alice.handle}/"
    assert page in text(Client().get(address))
    html = text(signed_in(charlie).get(address))
    assert page in html
    assert f"/introductions/new/?expert={alice.handle}" in html
    assert "Ask for an introduction" not in text(signed_in(alice).get(address))
    Expert.objects.filter(pk=alice.pk).update(taking_clients=False)
    html = text(Client().get(address))
    assert "Ask who else could help" in html
    assert page not in html


def test_a_member_s_book_leads_there_in_its_owner_s_name(bob: User, page: str) -> None:
    said = Recommendation.objects.get(author=bob)
    assert f"{page}?through={said.pk}" in text(Client().get(f"/book/{bob.handle}/"))
