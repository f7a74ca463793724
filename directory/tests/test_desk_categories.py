"""What a category asks: curators add questions, order them and retire them; nobody rewords one."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import make_curator, make_guest, make_member
from directory.models import Category, Question, TooManyQuestions
from directory.tests.desk import sit
from directory.tests.listings import make_category

pytestmark = pytest.mark.django_db
QUEUE, PAGE = "/desk/categories/", "/desk/categories/podcasting/"
ADD = f"{PAGE}questions/add/"
TEXTS = [f"How many episodes are there, {n}?" for n in range(5)]


@pytest.fixture
def category() -> Category:
    return make_category()


@pytest.fixture
def lena() -> User:
    return make_curator(name="Lena Ortiz")


def ask(category: Category, *texts: str, by: User | None = None) -> list[Question]:
    by = by or make_curator()
    return [Question.objects.add(category=category, text=text, by=by) for text in texts]


def asked(category: Category) -> list[str]:
    return [question.text for question in category.questions.asked()]


def act(name: str, question: Question) -> str:
    return f"{PAGE}questions/{question.pk}/{name}/"


def test_it_asks_nothing_at_first(category: Category, lena: User) -> None:
    assert "It asks nothing of its own yet." in sit(lena).get(PAGE).content.decode()
    assert category.name in sit(lena).get(QUEUE).content.decode()


def test_a_question_is_added_at_the_end(category: Category, lena: User) -> None:
    ask(category, TEXTS[0])
    answer = sit(lena).post(ADD, {"text": "  Who  listens to <b>it</b>? "})
    assert answer["Location"] == PAGE
    assert asked(category) == [TEXTS[0], "Who listens to <b>it</b>?"]
    added = category.questions.asked().last()
    assert (added.added_by, added.retired_at) == (lena, None)
    page = sit(lena).get(PAGE).content.decode()
    assert "Who listens to &lt;b&gt;it&lt;/b&gt;?" in page
    assert "Lena Ortiz" in page
    assert 'data-l="Questions of its own">2<' in sit(lena).get(QUEUE).content.decode()


@pytest.mark.parametrize("text", ["", "   ", "Why? Whom?"[:9], "x" * 161, TEXTS[0], f" {TEXTS[0]}  "])
def test_what_is_no_new_question_is_refused(text: str, category: Category, lena: User) -> None:
    ask(category, TEXTS[0])
    answer = sit(lena).post(ADD, {"text": text})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert asked(category) == TEXTS[:1]


def test_five_are_enough(category: Category, lena: User) -> None:
    ask(category, *TEXTS)
    assert "as many as there may be" in sit(lena).get(PAGE).content.decode()
    answer = sit(lena).post(ADD, {"text": "And who listens to it?"})
    assert answer.status_code == 422
    assert "And who listens to it?" in answer.content.decode()
    with pytest.raises(TooManyQuestions):
        ask(category, "And who listens to it?")
    assert asked(category) == TEXTS


def test_the_same_question_twice_is_one(category: Category) -> None:
    first, second = ask(category, TEXTS[0], TEXTS[0])
    assert first == second


def test_it_is_retired_and_kept(category: Category, lena: User) -> None:
    _, second, _ = ask(category, *TEXTS[:3])
    assert sit(lena).post(act("retire", second)).status_code == 302
    assert asked(category) == [TEXTS[0], TEXTS[2]]
    assert [question.position for question in category.questions.asked()] == [1, 2]
    second.refresh_from_db()
    assert (second.retired_by, second.position) == (lena, None)
    page = sit(lena).get(PAGE).content.decode()
    assert page.index("What it asked before") < page.index(TEXTS[1])
    assert "retired already" in sit(lena).post(act("retire", second), follow=True).content.decode()
    ask(category, TEXTS[1])  # asked anew, it is another question
    assert asked(category) == [TEXTS[0], TEXTS[2], TEXTS[1]]


def test_up_and_down(category: Category, lena: User) -> None:
    first, second, third = ask(category, *TEXTS[:3])
    for name, question, order in (
        ("up", third, [0, 2, 1]),
        ("down", first, [2, 0, 1]),
        ("up", third, [2, 0, 1]),
        ("down", second, [2, 0, 1]),
    ):
        assert sit(lena).post(act(name, question))["Location"] == PAGE
        assert asked(category) == [TEXTS[n] for n in order]


def test_a_retired_one_has_no_place(category: Category, lena: User) -> None:
    first, second = ask(category, *TEXTS[:2])
    first.retire(by=lena)
    sit(lena).post(act("down", first))
    assert asked(category) == [second.text]


@pytest.mark.parametrize("name", ["add", "retire", "up", "down"])
def test_only_curators_and_only_by_post(name: str, category: Category, lena: User) -> None:
    first, _ = ask(category, *TEXTS[:2])
    url = ADD if name == "add" else act(name, first)
    for stranger in (make_guest(), make_member()):
        assert sit(stranger).post(url, {"text": "Who listens to it?"}).status_code == 403
        assert sit(stranger).get(PAGE).status_code == 403
        assert sit(stranger).get(QUEUE).status_code == 403
    assert Client().post(url, {"text": "Who listens to it?"}).status_code == 302
    assert sit(lena).get(url).status_code == 405
    assert sit(lena).post(PAGE).status_code == sit(lena).post(QUEUE).status_code == 405
    assert asked(category) == TEXTS[:2]


def test_nothing_there_is_nothing_there(category: Category, lena: User) -> None:
    client = sit(lena)
    elsewhere = ask(make_category(slug="editing"), TEXTS[0])[0]
    retired = make_category(slug="radio")
    retired.retire(successor=category)
    assert client.get("/desk/categories/nobody/").status_code == 404
    assert client.get("/desk/categories/radio/").status_code == 404
    for pk in (elsewhere.pk, 0, 2**63, 10**19):
        for name in ("retire", "up", "down"):
            assert client.post(f"{PAGE}questions/{pk}/{name}/").status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.retired_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE directory_question SET text = 'Another question?'",
        "UPDATE directory_question SET position = 6",
        "UPDATE directory_question SET position = NULL",
        "UPDATE directory_question SET position = 1",
        "DELETE FROM directory_question",
    ],
)
def test_the_database_holds_it(statement: str, category: Category) -> None:
    ask(category, *TEXTS[:2])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")
    assert asked(category) == TEXTS[:2]


def test_what_is_retired_stays_so(category: Category, lena: User) -> None:
    ask(category, TEXTS[0])[0].retire(by=lena)
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.update(retired_at=None, retired_by=None, position=1)
    assert asked(category) == []


def test_its_words_stay_when_a_curator_has_left(category: Category, lena: User) -> None:
    dana = make_curator()
    ask(category, *TEXTS[:2], by=dana)[1].retire(by=dana)
    dana.delete()
    page = sit(lena).get(PAGE).content.decode()
    assert page.count("somebody who has left") == 3


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_not_one_too_many() -> None:
    category, lena = make_category(), make_curator()
    ask(category, *TEXTS[:4], by=lena)
    start, results = threading.Barrier(2), list[Any]()

    def add(text: str) -> None:
        start.wait()
        try:
            results.append(Question.objects.add(category=category, text=text, by=lena).position)
        except TooManyQuestions:
            results.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(f"Who listens to it, {n}?",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results, key=str) == [5, None]


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, lena: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    category = make_category()
    for n in range(number):
        make_category(slug=f"trade-{n}")
        for question in ask(category, f"Who listens to it, {n}?", by=lena):
            question.retire(by=lena)
    ask(category, *TEXTS[: 5 if number > 1 else 1], by=lena)
    client = sit(lena)
    # session, user, groups, the eight counts, the last decision, the rows
    with django_assert_num_queries(13):
        client.get(QUEUE)
    # session, user, groups, the category, its questions, those of before
    with django_assert_num_queries(6):
        client.get(PAGE)
