"""Any expert at the desk: picks, and taking a page out of print and back."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import make_curator, make_guest, make_member, send_letters
from directory.models import Category, Decision, Expert, Pick, State
from directory.tests.desk import address, in_days, make_curators, make_printed, make_words, sit, state_of
from directory.tests.listings import make_category, make_listing

pytestmark = pytest.mark.django_db
REASON = "She edited my own first season, and it sold."


def typed_pick(expert: Expert, **changes: Any) -> dict[str, Any]:
    return {"category": expert.categories[0].pk, "reason": REASON, "review_on": in_days(300).isoformat(), **changes}


def make_pick(*, curator: User, expert: Expert, category: Category | None = None) -> Pick:
    return Pick.objects.pick(
        curator=curator, expert=expert, category=category or expert.categories[0], reason=REASON, review_on=in_days(300)
    )


def end_address(pick: Pick) -> str:
    return f"{address('desk_expert', pick.expert)}picks/{pick.pk}/end/"


def test_a_pick_is_made_with_name_reason_and_day() -> None:
    dana, lena = make_curators(2)
    expert = make_printed(by=dana)
    assert sit(lena).post(address("pick", expert), typed_pick(expert)).status_code == 302
    pick = Pick.objects.get()
    assert (pick.curator, pick.reason, pick.review_on) == (lena, REASON, in_days(300))
    assert Decision.objects.get(act="picked").by == lena
    page = sit(dana).get(address("desk_expert", expert)).content.decode()
    assert "picked by Lena Ortiz" in page
    assert REASON in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Write what you know of their work."),
        ({"reason": "She is good." + " " * 30}, "Write at least 20 characters"),
        ({"reason": "x" * 601}, "Write at most 600 characters."),
        ({"review_on": ""}, "Choose the day on which it is looked at again."),
        ({"review_on": "tomorrow"}, "Write the day as 2027-05-31."),
        ({"review_on": in_days(0).isoformat()}, "Choose a day to come."),
        ({"review_on": in_days(-1).isoformat()}, "Choose a day to come."),
        ({"category": ""}, "Choose the category you pick them for."),
        ({"category": "x"}, "Select a valid choice."),
        ({"category": 2**63}, "Select a valid choice."),
    ],
)
def test_a_pick_that_is_not_whole_is_refused_and_nothing_typed_is_lost(changes: dict[str, Any], message: str) -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    answer = sit(dana).post(address("pick", expert), typed_pick(expert, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert changes.get("reason", REASON).strip() in page
    assert not Pick.objects.exists()


def test_a_pick_is_only_for_a_category_of_that_expert() -> None:
    dana = make_curator()
    expert, other = make_printed(by=dana), make_category(slug="editing")
    assert sit(dana).post(address("pick", expert), typed_pick(expert, category=other.pk)).status_code == 422
    with pytest.raises(ValueError, match="only for one of their categories"):
        make_pick(curator=dana, expert=expert, category=other)


def test_only_experts_in_print_are_picked() -> None:
    dana = make_curator()
    expert = make_listing(state=State.SUBMITTED)
    assert sit(dana).post(address("pick", expert), typed_pick(expert)).status_code == 422
    with pytest.raises(ValueError, match="in print"):
        make_pick(curator=dana, expert=expert)


def test_a_second_pick_for_the_same_category_is_told_so() -> None:
    dana, lena = make_curators(2)
    expert = make_printed(by=dana)
    make_pick(curator=dana, expert=expert)
    answer = sit(lena).post(address("pick", expert), typed_pick(expert))
    assert answer.status_code == 422
    assert "Alice Moreau is picked for Podcasting already." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_twelve_equal_picks_at_once_are_one() -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    start, answers = threading.Barrier(12), list[int]()

    def pick(client: Client) -> None:
        start.wait()
        try:
            answers.append(client.post(address("pick", expert), typed_pick(expert)).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=pick, args=(sit(dana),)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [302] + [422] * 11
    assert Pick.objects.count() == Decision.objects.filter(act="picked").count() == 1


def test_nobody_picks_himself() -> None:
    dana, lena = make_curators(2)
    expert = make_listing(member=dana, state=State.SUBMITTED)
    expert.put_in_print(by=lena, reason="I heard her talk.")
    assert "Pick Dana for a category" not in sit(dana).get(address("desk_expert", expert)).content.decode()
    assert sit(dana).post(address("pick", expert), typed_pick(expert)).status_code == 403
    assert not Pick.objects.exists()


def test_a_curator_may_pick_whom_he_recommends() -> None:
    dana, lena, _ = make_curators(3)
    expert = make_printed(by=dana)
    make_words(author=lena, expert=expert)
    assert sit(lena).post(address("pick", expert), typed_pick(expert)).status_code == 302


def test_a_pick_ends_with_a_reason() -> None:
    dana, lena = make_curators(2)
    pick = make_pick(curator=lena, expert=make_printed(by=dana))
    client = sit(dana)
    assert client.post(end_address(pick), {"reason": ""}).status_code == 422
    assert client.get(end_address(pick)).status_code == 405
    assert client.post(end_address(pick), {"reason": "Moved to another trade."}).status_code == 302
    pick.refresh_from_db()
    assert pick.ended_at
    assert Decision.objects.get(act="pick-ended").reason == "Moved to another trade."
    client.post(end_address(pick), {"reason": "Once more."})
    assert Decision.objects.filter(act="pick-ended").count() == 1


def test_a_pick_is_ended_on_its_own_page_only() -> None:
    dana = make_curator()
    pick = make_pick(curator=dana, expert=make_printed(by=dana))
    other = make_printed(by=dana, name="Ben Okafor")
    url = end_address(pick).replace("alice-moreau", other.member.handle)
    assert sit(dana).post(url, {"reason": "Wrong page."}).status_code == 404
    assert sit(dana).post(f"{address('desk_expert', other)}picks/{2**63}/end/", {"reason": "x"}).status_code == 404


def test_a_page_is_suspended_and_comes_back(mailoutbox: list[Any]) -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    client = sit(dana)
    assert client.post(address("suspend", expert), {"reason": ""}).status_code == 422
    assert client.post(address("suspend", expert), {"reason": "Pitched to readers."}).status_code == 302
    assert state_of(expert) == State.SUSPENDED
    assert client.post(address("suspend", expert), {"reason": "Again."}).status_code == 409
    assert client.post(address("reinstate", expert), {"reason": " "}).status_code == 422
    assert client.post(address("reinstate", expert), {"reason": "It was somebody else."}).status_code == 302
    assert state_of(expert) == State.LISTED
    assert client.post(address("reinstate", expert), {"reason": "Again."}).status_code == 409
    send_letters()
    assert [letter.subject for letter in mailoutbox] == [
        "Your page is out of print for now",
        "Your page is back in print",
    ]
    assert "Pitched to readers." in mailoutbox[0].body


@pytest.mark.parametrize("act", ["suspend", "reinstate"])
def test_somebody_else_decides_about_whom_one_recommends(act: str) -> None:
    dana, lena, _ = make_curators(3)
    expert = make_printed(by=dana)
    make_words(author=lena, expert=expert)
    if act == "reinstate":
        expert.suspend(by=dana, reason="Pitched to readers.")
    before = state_of(expert)
    answer = sit(lena).post(address(act, expert), {"reason": "I know her."})
    assert answer.status_code == 403
    assert "I know her." in answer.content.decode()
    assert state_of(expert) == before


@pytest.mark.parametrize("act", ["pick", "suspend", "reinstate"])
def test_only_curators_act_and_only_by_post(act: str) -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    typed = typed_pick(expert)
    for stranger in (make_guest(), make_member(), expert.member):
        assert sit(stranger).post(address(act, expert), typed).status_code == 403
        assert sit(stranger).get(address("desk_expert", expert)).status_code == 403
    assert Client().post(address(act, expert), typed).status_code == 302
    assert sit(dana).get(address(act, expert)).status_code == 405
    assert state_of(expert) == State.LISTED
    assert not Pick.objects.exists()


@pytest.mark.parametrize("state", State.values)
def test_the_page_stands_in_every_state(state: str) -> None:
    expert = make_listing(state=state)
    page = sit(make_curator()).get(address("desk_expert", expert))
    assert page.status_code == 200
    assert State(state).label in page.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana, lena = make_curators(2)
    expert = make_printed(by=dana)
    for _ in range(number):
        make_pick(curator=lena, expert=expert).end(by=lena, reason="Once more.")
    client, url = sit(dana), address("desk_expert", expert)
    with django_assert_num_queries(9):
        client.get(url)


# What the database itself refuses, whatever the code above it does.

GOOD = {"reason": REASON, "picked_on": dt.date(2026, 1, 1), "review_on": dt.date(2027, 1, 1), "group": 0}


def insert_pick(**fields: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in fields)
    marks = ", ".join(["%s"] * len(fields))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO directory_pick ({columns}) VALUES ({marks})", list(fields.values()))


def pick_row(**changes: Any) -> dict[str, Any]:
    dana = make_curator()
    expert = make_printed(by=dana)
    return {"curator_id": dana.pk, "expert_id": expert.pk, "category_id": expert.categories[0].pk, **GOOD, **changes}


def test_the_database_takes_a_whole_pick() -> None:
    insert_pick(**pick_row())
    assert Pick.objects.count() == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("pick_has_a_reason", {"reason": ""}),
        ("pick_has_a_reason", {"reason": "x" * 19}),
        ("pick_reason_is_trimmed", {"reason": "Good work." + " " * 20}),
        ("pick_has_a_review_date", {"review_on": dt.date(2026, 1, 1)}),
        ("pick_has_a_review_date", {"review_on": dt.date(2025, 1, 1)}),
        ("pick_group_is_0_to_2", {"group": 3}),
        ("group_check", {"group": -1}),
        ("review_on", {"review_on": None}),
        ("reason", {"reason": None}),
        ("curator_id", {"curator_id": None}),
        ("category_id", {"category_id": None}),
        ("group", {"group": None}),
    ],
)
def test_the_database_refuses_a_pick_that_is_not_whole(constraint: str, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        insert_pick(**pick_row(**changes))


def test_the_database_refuses_a_pick_of_oneself() -> None:
    row = pick_row()
    with pytest.raises(IntegrityError, match="pick_is_never_of_oneself"):
        insert_pick(**{**row, "curator_id": row["expert_id"]})


def test_the_database_refuses_a_second_pick_for_one_category_and_takes_one_after_the_first_has_ended() -> None:
    row = pick_row()
    insert_pick(**row)
    with pytest.raises(IntegrityError, match="pick_once_at_a_time"):
        insert_pick(**row)
    Pick.objects.get().end(by=User.objects.get(pk=row["curator_id"]), reason="Once more.")
    insert_pick(**row)
    assert Pick.objects.count() == 2
