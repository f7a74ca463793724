"""Disputed lines: one curator who is no party lets each stand, reverses it, or posts it for who really gave."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import send_letters
from config.demo import factory
from directory.models import Conflict
from directory.tests.desk import sit
from referrals.models import Account, Correction, Entry, NotAllowed
from referrals.tests.cases import curators, make_correction, make_introduction, make_report, nobody

pytestmark = pytest.mark.django_db
STAND, REVERSE, ANEW = "let_line_stand", "reverse_line", "post_line_anew"
ACTS = [STAND, REVERSE, ANEW]
REASON = {"reason": "Both say the same."}


@pytest.fixture
def correction(alice: User, bob: User, frank: User) -> Correction:
    """Bob introduced somebody to Alice, who says that it was Frank."""
    return make_correction(by=alice, introduction=make_introduction(introducer=bob, expert=alice.expert))


def address(name: str, correction: Correction) -> str:
    return reverse(f"referrals:{name}", args=[correction.pk])


def typed(frank: User, **more: Any) -> dict[str, Any]:
    return {**REASON, "handle": frank.handle, **more}


def fresh(correction: Correction) -> Correction:
    return Correction.objects.get(pk=correction.pk)


def worth(*people: User) -> list[float]:
    return [round(Account.objects.of(person).balance(), 1) for person in people]


def test_it_stands(correction: Correction, alice: User, dana: User, mailoutbox: list[Any]) -> None:
    send_letters()
    mailoutbox.clear()
    answer = sit(dana).post(address(STAND, correction), REASON)
    assert answer["Location"] == "/desk/corrections/"
    correction.refresh_from_db()
    assert (correction.decided_by, correction.reason) == (dana, REASON["reason"])
    assert correction.reversal is correction.posting is None
    assert Entry.objects.count() == 1
    send_letters()
    assert [letter.to for letter in mailoutbox] == [[alice.email]]
    assert REASON["reason"] in mailoutbox[0].body


def test_it_is_reversed_and_nothing_is_left(correction: Correction, alice: User, bob: User, dana: User) -> None:
    page = sit(dana).get(address("desk_correction", correction)).content.decode()
    assert "A mirrored line from the same day: 1.00 back" in page
    sit(dana).post(address(REVERSE, correction), REASON)
    correction.refresh_from_db()
    assert correction.reversal.by == dana
    assert correction.reversal.effective_at == correction.entry.effective_at
    assert correction.posting is None
    assert worth(alice, bob) == [0, 0]
    call_command("bank", "verify")


def test_it_is_posted_for_who_really_gave(
    correction: Correction, alice: User, bob: User, dana: User, frank: User
) -> None:
    assert sit(dana).post(address(ANEW, correction), typed(frank)).status_code == 302
    correction.refresh_from_db()
    assert (correction.posting.giver.member, correction.posting.receiver.member) == (frank, alice)
    assert correction.posting.effective_at == correction.entry.effective_at
    assert worth(alice, bob, frank) == [-100, 0, 100]
    call_command("bank", "verify")
    page = sit(dana).get(address("desk_correction", correction)).content.decode()
    assert "Reversed and posted anew" in page
    assert "Your decision</h2>" not in page


def test_the_case_shows_the_introduction_and_not_what_the_two_wrote(correction: Correction, dana: User) -> None:
    page = sit(dana).get(address("desk_correction", correction)).content.decode()
    introduction = correction.introduction
    for words in ("Introduced by a member: ", introduction.prospect.name, "It was somebody else.", "1.00"):
        assert words in page
    for words in (introduction.need, introduction.note_to_expert, introduction.prospect.email):
        assert words not in page


def test_only_who_could_have_given_is_posted(correction: Correction, alice: User, bob: User, dana: User) -> None:
    friend = factory.make_member()
    factory.make_recommendation(author=friend, expert=alice.expert, relationship="friend")
    gone = factory.make_member()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    prospect = correction.introduction.prospect
    prospect.take_handle("prospect")
    handles = ["", "two words", "nobody-here", prospect.handle, alice.handle, bob.handle, friend.handle, gone.handle]
    for handle in handles:
        answer = sit(dana).post(address(ANEW, correction), {**REASON, "handle": handle})
        assert answer.status_code == 422, handle
        assert REASON["reason"] in answer.content.decode()
    for person in (prospect, alice, bob, friend, gone):
        with pytest.raises(NotAllowed):
            correction.decide(by=dana, reverse=True, reason="x", giver=User.objects.get(pk=person.pk))
    assert Entry.objects.count() == 1
    assert fresh(correction).decided_at is None


def test_a_penalty_has_no_other_giver(alice: User, dana: User, frank: User) -> None:
    report = make_report(expert=alice.expert)
    report.decide(by=dana, upheld=True, reason="A pitch.")
    correction = Correction.objects.ask(entry=Entry.objects.get(), by=alice, words="It was none.")
    page = sit(dana).get(address("desk_correction", correction)).content.decode()
    assert "post it for somebody else" not in page
    assert report.introduction.prospect.name in page
    assert sit(dana).post(address(ANEW, correction), typed(frank)).status_code == 422
    assert sit(dana).post(address(REVERSE, correction), REASON).status_code == 302
    assert worth(alice) == [0]
    call_command("bank", "verify")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_reason_is_asked_for(act: str, reason: str, correction: Correction, dana: User, frank: User) -> None:
    answer = sit(dana).post(address(act, correction), typed(frank, reason=reason))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert fresh(correction).decided_at is None


@pytest.mark.parametrize("act", ACTS)
def test_only_curators_and_only_by_post(act: str, correction: Correction, alice: User, dana: User, frank: User) -> None:
    for stranger in nobody(alice):
        assert sit(stranger).post(address(act, correction), typed(frank)).status_code == 403
        assert sit(stranger).get(address("desk_correction", correction)).status_code == 403
        assert sit(stranger).get("/desk/corrections/").status_code == 403
    assert Client().post(address(act, correction), typed(frank)).status_code == 302
    assert sit(dana).get(address(act, correction)).status_code == 405
    assert sit(dana).post("/desk/corrections/").status_code == 405
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**19])
def test_nothing_there_is_nothing_there(pk: int, dana: User) -> None:
    client = sit(dana)
    assert client.get(f"/desk/corrections/{pk}/").status_code == 404
    assert client.post(f"/desk/corrections/{pk}/reverse/", REASON).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_the_second_curator_is_told_and_keeps_the_words(
    act: str, correction: Correction, dana: User, frank: User
) -> None:
    correction.decide(by=dana, reverse=False, reason="The letters say so.")
    answer = sit(*curators(1)).post(address(act, correction), typed(frank, reason="I doubt it."))
    assert answer.status_code == 409
    for words in ("Somebody was faster.", "Left as it is", "The letters say so.", "I doubt it."):
        assert words in answer.content.decode()
    assert Entry.objects.count() == 1


def test_a_line_that_both_dispute_is_reversed_once(correction: Correction, bob: User, dana: User, frank: User) -> None:
    other = make_correction(by=bob, introduction=correction.introduction)
    correction.decide(by=dana, reverse=True, reason="It was not Bob.")
    page = sit(dana).get(address("desk_correction", other)).content.decode()
    assert "nothing left to reverse" in page
    assert "It was not Bob." in page
    for act in (REVERSE, ANEW):
        assert sit(dana).post(address(act, other), typed(frank)).status_code == 409
    assert Entry.objects.count() == 2
    assert sit(dana).post(address(STAND, other), REASON).status_code == 302
    assert fresh(other).decided_at


@pytest.mark.parametrize("role", ["receiver", "giver", "prospect"])
def test_a_party_neither_reads_nor_decides(
    role: str, correction: Correction, alice: User, bob: User, dana: User
) -> None:
    """Not even where there are fewer than three curators: nobody moves points of their own."""
    party = {"receiver": alice, "giver": bob, "prospect": correction.introduction.prospect}[role]
    party.make_curator()
    seen = sit(party).get(address("desk_correction", correction)).content.decode()
    assert "Someone else must read this one." in seen
    assert correction.words not in seen
    answer = sit(party).post(address(REVERSE, correction), REASON)
    assert answer.status_code == 403
    assert REASON["reason"] in answer.content.decode()
    with pytest.raises(Conflict):
        correction.decide(by=party, reverse=False, reason="x")
    assert Entry.objects.count() == 1


def test_a_curator_posts_nothing_for_oneself(correction: Correction, dana: User) -> None:
    answer = sit(dana).post(address(ANEW, correction), typed(dana))
    assert answer.status_code == 403
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, alice: User, bob: User, dana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        introducer = factory.make_member()
        last = make_correction(by=alice, introduction=make_introduction(introducer=introducer, expert=alice.expert))
    client = sit(dana)
    # session, user, groups, the eight counts, the rows
    with django_assert_num_queries(12):
        client.get("/desk/corrections/")
    # session, user, groups, the case, its introduction, its amount
    with django_assert_num_queries(6):
        client.get(address("desk_correction", last))
