"""Signing: what is refused, what is counted in the budget, and that equal submits make one row."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Notice
from accounts.tests.factories import make_curator, make_guest, make_member
from directory.models import Category, Expert, Placement
from referrals.models import BudgetSpent, Draft, NotPossible, Recommendation, Wording

from .factories import make_category, make_expert, make_recommendation, sign

pytestmark = pytest.mark.django_db


def test_signed_words_wait_for_a_curator_and_then_for_the_subject() -> None:
    bob, alice = make_member(name="Bob"), make_expert(name="Alice Ames")
    first = sign(author=bob, expert=alice)
    assert (first.stage, first.read_at, first.told_at) == ("with-curator", None, None)
    assert not Notice.objects.filter(letter="recommendation_received").exists()
    assert first.read(by=make_curator())
    assert first.stage == "with-subject"
    assert Notice.objects.get(letter="recommendation_received").recipient == alice.member
    second = sign(author=bob, expert=make_expert())
    assert second.stage == "with-subject"  # only an author's first is read


def test_a_curator_s_own_words_need_no_reading() -> None:
    assert sign(author=make_curator(), expert=make_expert()).read_at


def test_oneself_is_refused() -> None:
    alice = make_expert()
    with pytest.raises(NotPossible, match="yourself"):
        sign(author=alice.member, expert=alice)


def test_guests_and_experts_out_of_the_book_are_refused() -> None:
    alice = make_expert()
    with pytest.raises(NotPossible, match="Only members"):
        sign(author=make_guest(), expert=alice)
    alice.rest(by=alice.member)
    alice.retire(by=alice.member)
    with pytest.raises(NotPossible, match="no longer in this book"):
        sign(author=make_member(), expert=alice)


def test_the_same_words_again_change_nothing() -> None:
    bob, alice = make_member(), make_expert()
    first = make_recommendation(author=bob, expert=alice)
    again = sign(author=bob, expert=alice)
    assert again == first
    assert again.printed_at == first.printed_at
    assert not Wording.objects.exists()


def test_other_words_keep_the_former_ones_and_go_to_the_subject_again() -> None:
    bob, alice = make_member(), make_expert()
    make_recommendation(author=bob)  # so that bob's first is read
    before = make_recommendation(author=bob, expert=alice)
    after = sign(author=bob, expert=alice, what_i_like="He answers at once, and says when he cannot.")
    assert after.pk == before.pk
    assert (after.stage, after.accepted_at, after.printed_at) == ("with-subject", None, None)
    wording = Wording.objects.get()
    assert (wording.what_i_like, wording.signed_at) == (before.what_i_like, before.signed_at)
    assert Notice.objects.filter(letter="recommendation_received", recipient=alice.member).count() == 2
    assert Placement.objects.get(expert=alice).voices == 0


def test_an_author_s_first_words_are_read_again_when_they_are_rewritten() -> None:
    first = make_recommendation()
    again = sign(author=first.author, expert=first.expert, what_i_like="Buy at my shop, everything must go, call now.")
    assert again.stage == "with-curator"
    assert Placement.objects.get(expert=first.expert).voices == 0


def test_withdrawn_words_can_be_signed_again() -> None:
    first = make_recommendation()
    first.withdraw()
    again = sign(author=first.author, expert=first.expert)
    assert again.pk == first.pk
    assert again.withdrawn_at is None


def test_five_a_day() -> None:
    bob = make_member()
    signed = [sign(author=bob, expert=make_expert()) for _ in range(5)]
    with pytest.raises(BudgetSpent, match="five today"):
        sign(author=bob, expert=make_expert())
    changed = sign(author=bob, expert=signed[0].expert, how_i_know="It was in 2021, on our first offer of all.")
    assert changed.pk == signed[0].pk  # a correction is no sixth
    Recommendation.objects.update(signed_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    sign(author=bob, expert=make_expert())


def test_twenty_four_a_year_and_withdrawing_frees_none() -> None:
    bob = make_member()
    for days in range(2, 26):
        one = sign(author=bob, expert=make_expert())
        Recommendation.objects.filter(pk=one.pk).update(signed_at=timezone.now() - dt.timedelta(days=days))
    one.withdraw()
    with pytest.raises(BudgetSpent, match="24 this year"):
        sign(author=bob, expert=make_expert())
    Recommendation.objects.filter(pk=one.pk).update(signed_at=timezone.now() - dt.timedelta(days=366))
    sign(author=bob, expert=make_expert())


def test_five_new_wordings_a_day() -> None:
    bob, alice = make_member(), make_expert()
    for number in range(6):
        sign(author=bob, expert=alice, how_i_know=f"Version {number} of what we did in 2022.")
    with pytest.raises(BudgetSpent, match="rewrote this five times"):
        sign(author=bob, expert=alice, how_i_know="One more.")


def test_signing_throws_the_draft_away_and_a_refusal_keeps_it() -> None:
    bob, alice = make_member(), make_expert()
    Draft.objects.keep(author=bob, expert=alice, words={"how_i_know": "She"})
    sign(author=bob, expert=alice)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("author_id = expert_id", "recommendation_never_of_oneself"),
        ("how_i_know = ''", "recommendation_has_three_answers"),
        ("what_i_like = ''", "recommendation_has_three_answers"),
        ("why_i_trust = ''", "recommendation_has_three_answers"),
        ("since = 2022, until = 2021", "recommendation_period_in_order"),
        ("since = NULL, until = 2021", "recommendation_period_in_order"),
        ("printed_at = now(), read_at = NULL", "recommendation_printed_after_read_and_told"),
        ("printed_at = now(), told_at = NULL", "recommendation_printed_after_read_and_told"),
        ("answer = 'Thank you', answered_at = NULL", "recommendation_answer_has_a_date"),
    ],
)
def test_the_database_refuses(change: str, constraint: str) -> None:
    recommendation = make_recommendation()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referrals_recommendation SET {change} WHERE id = %s", [recommendation.pk])


def test_the_database_refuses_a_second_row_for_a_pair() -> None:
    one = make_recommendation()
    other = make_recommendation(author=one.author)
    statement = "UPDATE referrals_recommendation SET expert_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="one_per_pair"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [one.expert_id, other.pk])


def test_the_database_refuses_drafts_and_books_that_cannot_be() -> None:
    bob, alice = make_member(), make_expert()
    draft = Draft.objects.keep(author=bob, expert=alice, words={"name": "x"})
    new = Draft.objects.keep(author=bob, expert=None, words={"name": "x"})
    other = Draft.objects.keep(author=alice.member, expert=None, words={"name": "x"})
    broken = [
        ("UPDATE referrals_draft SET author_id = expert_id WHERE id = %s", [draft.pk], "draft_never_of_oneself"),
        ("UPDATE referrals_draft SET expert_id = %s WHERE id = %s", [alice.pk, new.pk], "draft_one_per_pair"),
        ("UPDATE referrals_draft SET author_id = %s WHERE id = %s", [bob.pk, other.pk], "draft_one_nomination"),
        ("INSERT INTO referrals_book (owner_id, visibility) VALUES (%s, 'all')", [bob.pk], "book_visibility_is_known"),
    ]
    for statement, values, constraint in broken:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)


def at_once(number: int, act: Any) -> list[Exception]:
    """Run act(0), act(1), ... in as many threads, started at the same moment; what went wrong."""
    start, wrong = threading.Barrier(number), []

    def work(place: int) -> None:
        start.wait()
        try:
            act(place)
        except Exception as error:  # noqa: BLE001  reported by the test itself
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.django_db(transaction=True)
def test_twelve_people_at_once_leave_a_right_count() -> None:
    alice, other = make_expert(categories=("sales", "pricing")), make_expert(categories=("pricing",))
    authors = [make_curator() for _ in range(12)]
    signed = [sign(author=author, expert=other, slugs=("pricing",)) for author in authors[:6]]

    def act(place: int) -> None:
        sign(author=authors[place], expert=alice, slugs=("sales", "pricing")).accept()
        if place < 6:
            signed[place].accept()

    assert at_once(12, act) == []
    assert {p.category.slug: p.voices for p in Placement.objects.filter(expert=alice)} == {"sales": 12, "pricing": 12}
    assert Placement.objects.get(expert=other).voices == 6
    assert {c.slug: c.voices_count for c in Category.objects.all()} == {"sales": 12, "pricing": 12}


@pytest.mark.django_db(transaction=True)
def test_sixteen_equal_submits_at_once_make_one_row() -> None:
    bob, alice = make_member(), make_expert()
    make_category()
    assert at_once(16, lambda _: sign(author=bob, expert=alice)) == []
    assert Recommendation.objects.count() == 1
    assert not Wording.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_equal_nominations_at_once_make_one_person() -> None:
    bob, category = make_curator(), make_category()
    from .factories import WORDS

    def act(_: int) -> None:
        Recommendation.objects.nominate(
            author=bob, name="Ann Lee", email="ann@example.test", category=category, **WORDS
        )

    assert at_once(16, act) == []
    assert Expert.objects.count() == Recommendation.objects.count() == 1
    assert Notice.objects.filter(letter="put_forward").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_recommend_each_other_at_once_do_not_wait_for_ever() -> None:
    alice, erin = make_expert(), make_expert()
    pair = [(alice.member, erin), (erin.member, alice)]
    assert at_once(2, lambda place: sign(author=pair[place][0], expert=pair[place][1])) == []
    assert Recommendation.objects.count() == 2
