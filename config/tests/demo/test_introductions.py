"""The introductions of the sample community, and its bank: lively, consistent, and with every situation to try out."""

from collections import Counter

import pytest
from django.utils import timezone

from accounts.models import Notice, User
from config.demo import factory
from directory.models import Expert, Paper
from referrals import bank, proving, standing
from referrals.links import without_links
from referrals.models import (
    Account,
    Correction,
    CreditLine,
    Entry,
    Introduction,
    Outcome,
    Recommendation,
    Refusal,
    Report,
    Route,
    Stage,
    Step,
    Thanks,
    Touch,
)
from referrals.models.deposits import never_earns, post_waiting, waiting_for

from .conftest import TODAY

pytestmark = pytest.mark.django_db


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@example.test")


def ratings() -> Counter[str]:
    accounts = Account.objects.filter(member__member_since__isnull=False).select_related("member")
    return Counter(account.rating() for account in accounts)


# How much there is.


def test_two_years_of_it() -> None:
    assert 1400 < Introduction.objects.count() < 1700
    oldest = Introduction.objects.earliest("asked_at").asked_at
    assert 700 < (TODAY - oldest).days <= 730
    half = oldest + (TODAY - oldest) / 2
    assert (
        Introduction.objects.filter(asked_at__gt=half).count()
        > 1.5 * Introduction.objects.filter(asked_at__lte=half).count()
    )


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (Introduction.objects.values_list("stage", flat=True), Stage.values),
        (Introduction.objects.values_list("route", flat=True), Route.values),
        (Outcome.objects.values_list("kind", flat=True), Outcome.Kind.values),
        (Refusal.objects.filter(lifted_at=None).values_list("kind", flat=True), Refusal.Kind.values),
        (Touch.objects.values_list("channel", flat=True), Touch.Channel.values),
        (Paper.objects.values_list("state", flat=True), ["draft", "submitted", "in_print"]),
        (Entry.objects.values_list("kind", flat=True), ["introduction", "thanks", "pushy", "reversal"]),
    ],
)
def test_everything_happens(values: object, wanted: list[str]) -> None:
    assert set(wanted) <= set(values.all())  # type: ignore[attr-defined]


def test_nobody_is_told_the_same_twice_and_nothing_is_left_open_in_a_sentence() -> None:
    for introduction in Introduction.objects.prefetch_related("thread"):
        bodies = [touch.body for touch in introduction.thread.all() if touch.is_message]
        assert len(bodies) == len(set(bodies))
        written = (introduction.need, introduction.note_to_expert, introduction.note_to_prospect, *bodies)
        assert not set("{}") & set("".join(written))
    needs = Introduction.objects.values_list("need", flat=True)
    assert len(set(needs)) > 900
    assert any(without_links(body) != body for body in Touch.objects.values_list("body", flat=True))


def test_at_least_three_of_each_rating() -> None:
    counts = ratings()
    assert set(counts) == set(bank.Rating)
    assert min(counts.values()) >= 3, counts


# That it holds together.


def test_the_books_balance() -> None:
    assert Entry.objects.count() > 400
    assert [str(difference) for check in proving.CHECKS for difference in check()] == []


def test_every_deposit_was_booked_that_the_rules_book() -> None:
    """Established payers owe nothing; what others would pay waits."""
    experts = list(Expert.objects.listed().with_member())
    able = standing.established(expert.pk for expert in experts)
    assert len(able) > 100
    assert sum(post_waiting(expert) for expert in experts if expert.pk in able) == 0
    assert sum(len(waiting_for(expert)) for expert in experts if expert.pk not in able) > 50
    booked = Introduction.objects.deposits().with_people()
    keys = set(Entry.objects.values_list("idempotency_key", flat=True))
    booked = [one for one in booked if f"introduction:{one.pk}:accepted" in keys]
    assert not any(never_earns(giver=one.giver, receiver=one.expert.member) for one in booked[::10])


def test_the_clock_has_nothing_left_to_do() -> None:
    assert not Introduction.objects.unanswered(TODAY).exists()
    assert not Introduction.objects.to_be_reminded(TODAY).exists()
    assert not Introduction.objects.to_be_asked(TODAY).exists()
    assert not Introduction.objects.to_be_woken().exists()
    assert not Notice.objects.waiting().exists()


def test_a_no_ended_everything() -> None:
    stood = [refusal for refusal in Refusal.objects.standing() if refusal.expert_id]
    for refusal in stood:
        open_ones = refusal.prospect.introductions.unfinished().exclude(stage=Stage.PAUSED)
        assert not open_ones.filter(expert=refusal.expert_id).exists()
    assert Refusal.objects.filter(lifted_at__isnull=False).exists()
    not_now = Refusal.objects.filter(kind="not-now")
    assert not_now.filter(until__gt=TODAY).exists()
    assert not_now.filter(until__lt=TODAY).exists()


def test_each_move_left_its_line() -> None:
    last: dict[int, str] = {}
    for step in Step.objects.order_by("pk"):
        assert last.get(step.introduction_id, "") == step.before or step.act == "silent"
        last[step.introduction_id] = step.after
    assert last == dict(Introduction.objects.values_list("pk", "stage"))


def test_nobody_is_out_of_order() -> None:
    for introduction in Introduction.objects.select_related("prospect", "giver", "expert"):
        assert introduction.prospect.created_at <= introduction.asked_at
        assert introduction.expert.listed_at < introduction.asked_at
        assert introduction.touches <= 7
        if introduction.giver:
            assert introduction.giver.member_since < introduction.asked_at
    assert not Introduction.objects.filter(giver__is_staff=True).exists()
    assert Recommendation.objects.filter(proven_by__isnull=False).count() > 50


# What those who sign in find.


def test_what_they_find() -> None:
    alice, bob, erin, frank, gwen = map(person, ("alice", "bob", "erin", "frank", "gwen"))
    asked = Introduction.objects.filter(stage=Stage.ASKED, prospect_yes_at__isnull=False, answered_at=None)
    assert asked.filter(expert=alice.pk, prospect=gwen).exists()
    assert asked.filter(expert=erin.pk, giver=bob).exists()
    met = Introduction.objects.filter(expert=alice.pk, stage=Stage.INTRODUCED)
    assert met.filter(touches=5, round__gt=0).exists()
    assert met.filter(thread=None).exists()
    assert gwen.introductions.get(stage=Stage.DONE).outcomes.count() == 2  # type: ignore[attr-defined]
    ratings = {user: Account.objects.get(member=user).rating() for user in (alice, bob, erin, frank)}
    good = {bank.Rating.GOOD, bank.Rating.GENEROUS}
    assert ratings[frank] == bank.Rating.INSUFFICIENT
    assert Account.objects.get(member=frank).totals().given == 0
    assert {ratings[alice], ratings[bob], ratings[erin]} <= good
    for key in ("charlie", "dana", "olga", "theo"):
        assert not Introduction.objects.of_party(person(key)).exists()


def test_there_is_work_at_the_desk() -> None:
    assert Report.objects.waiting().count() == 3
    assert Counter(Report.objects.exclude(upheld=None).values_list("upheld", flat=True)) == {True: 3, False: 2}
    assert Correction.objects.waiting().count() == 2
    decided = Correction.objects.exclude(decided_at=None)
    assert decided.filter(posting__isnull=False).count() == 1
    assert decided.filter(reversal=None).count() == 1
    assert CreditLine.objects.filter(line=1500).count() == 1
    assert Thanks.objects.count() > 300


def test_the_factory_makes_introductions_at_every_stage() -> None:
    for stage in Stage.values:
        assert factory.make_introduction(stage=stage).stage == stage
    giver = factory.make_member()
    made = factory.make_introduction(giver=giver, days=30)
    assert made.giver == giver
    assert (timezone.now() - made.introduced_at).days == 30
    entry = factory.make_entry(giver=giver, receiver=made.expert.member, days=10)
    assert entry.amount == 100
