"""People to whom no letter has gone: the desk writes to them, or declines, each on its own line."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Notice, Suppression
from accounts.tests.factories import make_curator, make_guest, make_member, make_user, send_letters
from directory.models import Decision, Expert, State
from directory.tests.desk import WORDS, make_curators, sit, state_of
from directory.tests.listings import make_category, make_listing
from referrals.models import Recommendation

pytestmark = pytest.mark.django_db
SEND, DECLINE = "/desk/nominations/send/", "/desk/nominations/decline/"


def make_nominee(*, name: str = "Ivo Kern") -> Expert:
    return make_listing(member=make_user(name=name), state=State.NOMINATED)


def test_the_letter_goes_to_everybody_chosen(mailoutbox: list[Any]) -> None:
    dana = make_curator()
    ivo, jana, left = (make_nominee(name=name) for name in ("Ivo Kern", "Jana Doro", "Kai Lund"))
    assert sit(dana).post(SEND, {"expert": [ivo.pk, jana.pk]}).status_code == 302
    assert [state_of(one) for one in (ivo, jana, left)] == [State.INVITED, State.INVITED, State.NOMINATED]
    lines = Decision.objects.filter(act="invited")
    assert {(line.expert_id, line.by_id) for line in lines} == {(ivo.pk, dana.pk), (jana.pk, dana.pk)}
    send_letters()
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted([ivo.member.email, jana.member.email])
    assert "take yourself off" in mailoutbox[0].body


def test_the_letter_carries_the_words_of_somebody_who_recommends_them(mailoutbox: list[Any]) -> None:
    dana = make_curator()
    ivo = make_nominee()
    bob = make_member(name="Bob Ferris")
    said = Recommendation.objects.sign(author=bob, expert=ivo, categories=ivo.categories, **WORDS)
    sit(dana).post(f"/desk/recommendations/{said.pk}/go-on/", {"read": said.wording})
    assert state_of(ivo) == State.NOMINATED  # from a file: the desk asks
    sit(dana).post(SEND, {"expert": [ivo.pk]})
    send_letters()
    assert WORDS["what_i_like"] in mailoutbox[0].body


def test_where_first_words_wait_the_letter_goes_with_them() -> None:
    dana, bob = make_curator(), make_member(name="Bob Ferris")
    said = Recommendation.objects.nominate(
        author=bob, name="Ivo Kern", email="ivo@kern.example", category=make_category(), **WORDS
    )
    assert "Ivo Kern" not in sit(dana).get("/desk/nominations/").content.decode()
    assert "Bob Ferris" in sit(dana).get("/desk/recommendations/").content.decode()
    assert sit(dana).post(SEND, {"expert": [said.expert_id]}).status_code == 422
    sit(dana).post(f"/desk/recommendations/{said.pk}/go-on/", {"read": said.wording})
    assert state_of(said.expert) == State.INVITED


def test_nobody_gets_a_letter_who_asked_to_be_left_alone() -> None:
    dana = make_curator()
    ivo, jana = make_nominee(), make_nominee(name="Jana Doro")
    Suppression.objects.add_address(ivo.member.email)
    page = sit(dana).post(SEND, {"expert": [ivo.pk, jana.pk]}, follow=True).content.decode()
    assert "The letter goes to Jana Doro." in page
    assert "Ivo Kern asked to be left alone" in page
    assert [state_of(one) for one in (ivo, jana)] == [State.NOMINATED, State.INVITED]
    assert Notice.objects.count() == 1


def test_declined_with_a_reason_and_nobody_is_written_to() -> None:
    dana = make_curator()
    ivo, jana = make_nominee(), make_nominee(name="Jana Doro")
    assert sit(dana).post(DECLINE, {"expert": [ivo.pk, jana.pk], "reason": "Not a trade of ours."}).status_code == 302
    assert [state_of(one) for one in (ivo, jana)] == [State.DECLINED] * 2
    lines = Decision.objects.filter(act="declined")
    assert [(line.by, line.reason) for line in lines] == [(dana, "Not a trade of ours.")] * 2
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        (SEND, {}),
        (SEND, {"expert": ["x"]}),
        (SEND, {"expert": [2**63]}),
        (SEND, {"expert": [10**19]}),
        (SEND, {"expert": ["-1"]}),
        (DECLINE, {"reason": "Why not."}),
    ],
)
def test_a_choice_that_is_none_is_refused(url: str, typed: dict[str, Any]) -> None:
    make_nominee()
    answer = sit(make_curator()).post(url, typed)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert typed.get("reason", "") in answer.content.decode()


def test_a_reason_is_asked_for_and_the_choice_is_kept() -> None:
    ivo = make_nominee()
    answer = sit(make_curator()).post(DECLINE, {"expert": [ivo.pk], "reason": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Write why they are declined." in page
    assert "checked" in page
    assert state_of(ivo) == State.NOMINATED


@pytest.mark.parametrize("url", [SEND, DECLINE])
def test_only_curators_and_only_by_post(url: str) -> None:
    ivo = make_nominee()
    typed = {"expert": [ivo.pk], "reason": "Because."}
    for stranger in (make_guest(), make_member(), ivo.member):
        assert sit(stranger).post(url, typed).status_code == 403
    assert Client().post(url, typed).status_code == 302
    assert sit(make_curator()).get(url).status_code == 405
    assert state_of(ivo) == State.NOMINATED


@pytest.mark.parametrize("state", [state for state in State.values if state != State.NOMINATED])
def test_who_is_not_nominated_any_more_is_not_declined_here(state: str) -> None:
    expert = make_listing(state=state)
    answer = sit(make_curator()).post(DECLINE, {"expert": [expert.pk], "reason": "Because."})
    assert answer.status_code == 422
    assert state_of(expert) == state


def test_somebody_else_decides_about_whom_one_recommends() -> None:
    dana, _, _ = make_curators(3)
    ivo = make_nominee()
    Recommendation.objects.sign(author=dana, expert=ivo, categories=ivo.categories, **WORDS)
    page = sit(dana).post(DECLINE, {"expert": [ivo.pk], "reason": "Because."}, follow=True).content.decode()
    assert "Someone else must decide about Ivo Kern." in page
    assert state_of(ivo) == State.NOMINATED


@pytest.mark.django_db(transaction=True)
def test_eight_equal_clicks_at_once_are_one_letter() -> None:
    ivo = make_nominee()
    start = threading.Barrier(8)
    answers: list[int] = []

    def send(client: Client) -> None:
        start.wait()
        try:
            answers.append(client.post(SEND, {"expert": [ivo.pk]}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(sit(curator),)) for curator in make_curators(4) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(answers) <= {302, 422}
    assert len(answers) == 8
    assert Notice.objects.count() == Decision.objects.filter(act="invited").count() == 1
