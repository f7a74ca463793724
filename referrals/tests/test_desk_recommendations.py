"""An author's first words, read by a curator before they go on."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import make_curator, make_guest, make_member, send_letters
from directory.models import Decision
from directory.tests.desk import make_curators, make_printed, make_words, sit
from directory.tests.listings import make_category
from referrals.models import Recommendation

pytestmark = pytest.mark.django_db
GO_ON, BACK = "let_recommendation_go_on", "send_recommendation_back"


def make_first_words(**words: Any) -> Recommendation:
    expert = make_printed(by=make_curator(name="Olga Owens"))
    return make_words(author=make_member(name="Bob Ferris"), expert=expert, **words)


def address(name: str, said: Recommendation) -> str:
    return reverse(f"referrals:{name}", args=[said.pk])


def read(said: Recommendation, **typed: Any) -> dict[str, Any]:
    return {"read": Recommendation.objects.get(pk=said.pk).wording, **typed}


def test_it_goes_on_to_the_expert(mailoutbox: list[Any]) -> None:
    said = make_first_words()
    dana = make_curator()
    assert sit(dana).post(address(GO_ON, said), read(said)).status_code == 302
    said.refresh_from_db()
    assert said.read_by == dana
    assert said.told_at
    assert Decision.objects.get(act="words-read").by == dana
    send_letters()
    assert [letter.to for letter in mailoutbox] == [[said.expert.member.email]]


def test_it_is_sent_back_with_a_note(mailoutbox: list[Any]) -> None:
    said = make_first_words()
    assert sit(make_curator()).post(address(BACK, said), read(said, reason="What did she do?")).status_code == 302
    said.refresh_from_db()
    assert said.sent_back_note == "What did she do?"
    assert said.read_at is None
    assert Decision.objects.filter(act="words-sent-back").count() == 1
    send_letters()
    assert [letter.to for letter in mailoutbox] == [[said.author.email]]
    assert "What did she do?" in mailoutbox[0].body


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_note_is_asked_for(reason: str) -> None:
    said = make_first_words()
    answer = sit(make_curator()).post(address(BACK, said), read(said, reason=reason))
    assert answer.status_code == 422
    assert reason.strip() in answer.content.decode()
    assert Recommendation.objects.to_be_read().exists()


@pytest.mark.parametrize("act", [GO_ON, BACK])
def test_only_curators_and_only_by_post(act: str) -> None:
    said = make_first_words()
    typed = read(said, reason="Good.")
    for stranger in (make_guest(), make_member(), said.author, said.expert.member):
        assert sit(stranger).post(address(act, said), typed).status_code == 403
        assert sit(stranger).get(address("desk_recommendation", said)).status_code == 403
    assert Client().post(address(act, said), typed).status_code == 302
    assert sit(make_curator()).get(address(act, said)).status_code == 405
    assert Recommendation.objects.to_be_read().exists()


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**19])
def test_nothing_there_is_nothing_there(pk: int) -> None:
    client = sit(make_curator())
    assert client.get(f"/desk/recommendations/{pk}/").status_code == 404
    assert client.post(f"/desk/recommendations/{pk}/go-on/").status_code == 404


def test_the_case_shows_the_words_and_what_we_know() -> None:
    said = make_first_words(what_i_like="She <b>listens</b>.", paid=True)
    page = sit(make_curator()).get(address("desk_recommendation", said)).content.decode()
    for words in ("She &lt;b&gt;listens&lt;/b&gt;.", "different", "pays the other", "Podcasting"):
        assert words in page
    assert said.author.email not in page


def test_words_that_were_signed_anew_are_read_again() -> None:
    said = make_first_words()
    old = read(said)
    make_words(author=said.author, expert=said.expert, what_i_like="Buy from her now.")
    answer = sit(make_curator()).post(address(GO_ON, said), old)
    assert answer.status_code == 409
    assert "Buy from her now." in answer.content.decode()
    assert Recommendation.objects.to_be_read().exists()


def test_the_second_curator_is_told_and_keeps_the_words() -> None:
    said = make_first_words()
    dana, lena = make_curators(2)
    typed = read(said, reason="I am not sure.")
    sit(dana).post(address(GO_ON, said), typed)
    answer = sit(lena).post(address(BACK, said), typed)
    assert answer.status_code == 409
    assert "Dana Whitfield</strong> let a first recommendation go on" in answer.content.decode()
    assert "I am not sure." in answer.content.decode()
    assert "This waits no longer" in sit(lena).get(address("desk_recommendation", said)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_at_once_the_first_decides() -> None:
    said = make_first_words()
    typed = read(said, reason="I have read it.")
    start, answers = threading.Barrier(2), list[int]()

    def decide(client: Client, act: str) -> None:
        start.wait()
        try:
            answers.append(client.post(address(act, said), typed).status_code)
        finally:
            connection.close()

    pairs = zip(make_curators(2), (GO_ON, BACK), strict=True)
    threads = [threading.Thread(target=decide, args=(sit(curator), act)) for curator, act in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]
    assert Decision.objects.filter(act__startswith="words-").count() == 1


@pytest.mark.parametrize("act", [GO_ON, BACK])
def test_nobody_reads_what_is_about_himself_while_others_can(act: str) -> None:
    said = make_first_words()
    said.expert.member.make_curator()
    make_curator()
    alice = sit(said.expert.member)
    assert "Someone else must read this one" in alice.get(address("desk_recommendation", said)).content.decode()
    typed = read(said, reason="That is me.")
    assert alice.post(address(act, said), typed).status_code == 403
    assert Recommendation.objects.to_be_read().exists()


def test_with_two_curators_it_is_allowed_and_disclosed() -> None:
    said = make_first_words()
    said.expert.member.make_curator()
    alice = sit(said.expert.member)
    assert "fewer than three curators" in alice.get(address("desk_recommendation", said)).content.decode()
    assert alice.post(address(GO_ON, said), read(said)).status_code == 302
    assert Decision.objects.get(act="words-read").conflicted


def test_the_first_words_of_an_author_cannot_pass_by_the_desk() -> None:
    said = make_first_words()
    said.accept()
    said.refresh_from_db()
    assert (said.told_at, said.printed_at) == (None, None)
    assert not Recommendation.objects.shown().exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    said = make_first_words()
    for n in range(1, number):
        said.categories.add(make_category(slug=f"trade-{n}"))
    client, url = sit(make_curator()), address("desk_recommendation", said)
    with django_assert_num_queries(6):
        client.get(url)
