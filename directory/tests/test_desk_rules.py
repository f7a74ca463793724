"""Moderation cannot be skipped: whatever is tried in whatever order, only a curator's act puts a page in print."""

from __future__ import annotations

import itertools

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, settings
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from accounts.tests.factories import make_curator, make_member
from directory.models import Conflict, Decision, Expert, NotReady, Placement, Revision, SearchDocument, State, WrongMove
from directory.models.experts import MOVES
from directory.tests.desk import make_printed, make_submission
from directory.tests.listings import make_category, make_listing

WORDS = ("First words.", "Second words.", "Third words.")
REFUSED = (WrongMove, NotReady, Conflict)


class Listing(RuleBasedStateMachine):
    """One listing, everything its owner and a curator can do, and what a reader would see after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.dana = make_curator()
        self.admitted = False  # by a curator
        self.read = ""  # the words that a curator has let into print

    @initialize(begin=sampled_from(State.values[:4]))
    def somebody_is_put_forward(self, begin: str) -> None:
        self.expert = make_listing(member=make_member(), state=begin, own_words=WORDS[0])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def attempt(self, verb: str, **words: object) -> bool:
        expert = Expert.objects.with_member().get(pk=self.expert.pk)
        try:
            getattr(expert, verb)(**words)
        except REFUSED:
            return False
        return True

    @rule(verb=sampled_from(["accept", "submit", "take_back", "come_back", "confirm"]))
    def the_owner_does(self, verb: str) -> None:
        self.attempt(verb)

    @rule()
    def the_owner_rests(self) -> None:
        self.attempt("rest", by=self.expert.member)

    @rule(words=sampled_from(WORDS))
    def the_owner_rewrites(self, words: str) -> None:
        expert = Expert.objects.get(pk=self.expert.pk)
        if expert.state in (State.LISTED, State.RESTING):
            Revision.objects.propose(expert, words={"own_words": words})
        elif expert.state == State.DRAFT:
            expert.rewrite({"own_words": words})

    @rule()
    def the_letter_goes(self) -> None:
        self.attempt("invite", by=self.dana)

    @rule()
    def a_curator_prints(self) -> None:
        words = Expert.objects.get(pk=self.expert.pk).own_words
        if self.attempt("put_in_print", by=self.dana, reason="I read it."):
            self.admitted, self.read = True, words

    @rule()
    def a_curator_sends_back(self) -> None:
        self.attempt("send_back", by=self.dana, reason="Once more.")

    @rule()
    def a_curator_suspends(self) -> None:
        self.attempt("suspend", by=self.dana, reason="Pitched.")

    @rule()
    def a_curator_reinstates(self) -> None:
        self.attempt("reinstate", by=self.dana, reason="It was somebody else.")

    @precondition(lambda self: Revision.objects.waiting().filter(pk=self.expert.pk).exists())
    @rule()
    def a_curator_prints_the_changes(self) -> None:
        revision = Revision.objects.waiting().get(pk=self.expert.pk)
        try:
            revision.print(by=self.dana)
        except WrongMove:
            return
        self.read = revision.words["own_words"]

    @precondition(lambda self: Revision.objects.waiting().filter(pk=self.expert.pk).exists())
    @rule()
    def a_curator_sends_the_changes_back(self) -> None:
        Revision.objects.waiting().get(pk=self.expert.pk).send_back(by=self.dana, reason="Once more.")

    @invariant()
    def only_what_a_curator_read_is_in_print(self) -> None:
        expert = Expert.objects.get(pk=self.expert.pk)
        if expert.in_print:
            assert self.admitted
            assert expert.own_words == self.read
            assert Decision.objects.filter(expert=expert, act="put-in-print", by=self.dana).exists()

    @invariant()
    def lists_and_searches_hold_only_what_is_in_print(self) -> None:
        expert = Expert.objects.get(pk=self.expert.pk)
        assert Placement.objects.filter(expert=expert).exists() == expert.in_print
        documents = SearchDocument.objects.filter(pk=expert.pk)
        assert [document.own_words.strip() for document in documents] == ([expert.own_words] if expert.in_print else [])

    @invariant()
    def every_move_has_one_line(self) -> None:
        expert = Expert.objects.get(pk=self.expert.pk)
        moves = [line for line in expert.decisions.order_by("pk") if line.before != line.after]
        assert moves[-1].after == expert.state
        assert all(earlier.after == later.before for earlier, later in itertools.pairwise(moves))


class TestListing(TestCase, Listing.TestCase):  # type: ignore[name-defined, misc]
    settings = settings(max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.django_db
@pytest.mark.parametrize("before", State.values)
def test_the_database_refuses_every_move_that_is_none(before: str) -> None:
    expert = make_listing(state=before)
    for after in State.values:
        if after == before or after in MOVES.get(State(before), ()):
            continue
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE directory_expert SET state = %s WHERE member_id = %s", [after, expert.pk])
    expert.refresh_from_db()
    assert expert.state == before


@pytest.mark.django_db
def test_the_database_takes_nothing_into_print_without_a_headline() -> None:
    expert = make_submission()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE directory_expert SET headline = '', state = 'listed' WHERE member_id = %s", [expert.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE directory_decision SET reason = ''", "DELETE FROM directory_decision"])
def test_a_line_of_the_log_is_neither_changed_nor_taken_out(statement: str) -> None:
    make_printed(by=make_curator())
    before = list(Decision.objects.values())
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Decision.objects.values()) == before
    with pytest.raises(InternalError), transaction.atomic():
        Decision.objects.all().delete()


@pytest.mark.django_db
def test_a_line_stays_when_the_person_is_erased() -> None:
    expert = make_listing(state=State.DRAFT, categories=[make_category()])
    lines = Decision.objects.filter(expert_id=expert.pk).count()
    expert.member.delete()
    assert Decision.objects.filter(expert_id=expert.pk).count() == lines > 0
