"""What counts, what is printed when, and what the lists say then."""

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Notice, User
from accounts.tests.factories import make_curator, make_member
from directory.models import Category, Conflict, Decision, Expert, Placement, SearchDocument
from directory.models.placements import shuffled
from referrals import jobs
from referrals.models import Recommendation

from .factories import make_category, make_expert, make_recommendation, passed, sign

pytestmark = pytest.mark.django_db


def voices(expert: Expert) -> int:
    jobs.write_lists.call()
    return Placement.objects.get(expert=expert, category__slug="sales").voices


def counted(recommendation: Recommendation) -> bool:
    return Recommendation.objects.counted(timezone.now()).filter(pk=recommendation.pk).exists()


def test_one_that_counts() -> None:
    said = make_recommendation()
    assert counted(said)
    place = Placement.objects.get(expert=said.expert)
    assert (place.voices, place.score, place.terms) == (1, 1.0, [{"text": "1 person recommends", "value": 1.0}])
    assert place.quote == {
        "text": said.what_i_like,
        "author": said.author.name,
        "handle": said.author.handle,
        "relation": said.relation,
        "at": said.printed_at.isoformat(),
    }
    assert said.why_i_trust in [line["text"] for line in SearchDocument.objects.get(pk=said.expert_id).others]


@pytest.mark.parametrize("field", ["withdrawn_at", "hidden_at"])
def test_withdrawn_or_not_shown_does_not_count(field: str) -> None:
    said = make_recommendation()
    Recommendation.objects.filter(pk=said.pk).update(**{field: timezone.now()})
    assert not counted(said)
    assert voices(said.expert) == 0


def test_not_printed_does_not_count() -> None:
    assert not counted(make_recommendation(printed=False))


def test_an_author_counts_after_fourteen_days() -> None:
    young = make_member(days=13)
    said = make_recommendation(author=young)
    assert voices(said.expert) == 0
    User.objects.filter(pk=young.pk).update(counts_from=timezone.now())
    assert voices(said.expert) == 1  # by the daily run: nobody did anything


def test_an_author_counts_with_a_confirmed_address() -> None:
    said = make_recommendation()
    EmailAddress.objects.filter(user=said.author).update(verified=False)
    assert voices(said.expert) == 0


def test_an_author_who_left_does_not_count() -> None:
    said = make_recommendation()
    User.objects.filter(pk=said.author_id).update(is_active=False)
    assert voices(said.expert) == 0


@pytest.mark.parametrize(
    ("author", "subject"),
    [
        ({"organisation": "Vell & Co. Ltd"}, {"organisation": "vell co"}),
        ({"email": "ann@vell.example"}, {"email": "ben@vell.example"}),
    ],
)
def test_one_firm_does_not_count(author: dict[str, Any], subject: dict[str, Any]) -> None:
    said = make_recommendation(author=make_member(**author), expert=make_expert(**subject))
    assert not counted(said)


def test_two_free_addresses_are_no_firm() -> None:
    said = make_recommendation(author=make_member(email="a@gmail.com"), expert=make_expert(email="b@gmail.com"))
    assert counted(said)


def test_disclosed_company_and_friends_do_not_count() -> None:
    assert not counted(make_recommendation(same_company=True))
    assert not counted(make_recommendation(relationship="friend"))
    assert counted(make_recommendation(paid=True))


def test_out_of_print_nothing_counts_and_the_category_forgets() -> None:
    said = make_recommendation()
    assert Category.objects.get(slug="sales").voices_count == 1
    said.expert.rest(by=said.expert.member)
    assert not counted(said)
    assert Category.objects.get(slug="sales").voices_count == 0
    said.expert.come_back()
    assert Category.objects.get(slug="sales").voices_count == 1


def test_a_category_that_an_expert_leaves_forgets_the_voices() -> None:
    said = make_recommendation(expert=make_expert(categories=("sales", "pricing")))
    said.expert.choose([make_category(slug="pricing")])
    assert Category.objects.get(slug="sales").voices_count == 0
    assert Placement.objects.get(expert=said.expert).voices == 0


def test_one_person_counts_once_in_a_category() -> None:
    bob = make_curator()
    make_recommendation(author=bob)
    make_recommendation(author=bob)
    make_recommendation()
    assert Category.objects.get(slug="sales").voices_count == 2


# Into print


def test_seven_days_of_silence() -> None:
    said = make_recommendation(printed=False)
    passed(said, days=6)
    jobs.print_due.call()
    said.refresh_from_db()
    assert said.printed_at is None
    passed(said, days=7)
    jobs.print_due.call()
    said.refresh_from_db()
    assert said.printed_at
    assert said.accepted_at is None
    assert Placement.objects.get(expert=said.expert).voices == 1
    jobs.print_due.call()
    assert Notice.objects.filter(letter="recommendation_printed").count() == 1


def test_the_seven_days_never_run_before_the_listing_is_in_print() -> None:
    draft = make_expert(in_print=False)
    silent, accepted = make_recommendation(expert=draft, printed=False), make_recommendation(expert=draft)
    passed(silent, days=40)
    jobs.print_due.call()
    draft.submit()
    draft.put_in_print(by=make_curator(), reason="Known for her work.")
    for said in (silent, accepted):
        said.refresh_from_db()
    assert silent.printed_at is None
    assert accepted.printed_at  # a yes waits for the page only
    Expert.objects.filter(pk=draft.pk).update(listed_at=timezone.now() - dt.timedelta(days=7))
    jobs.print_due.call()
    silent.refresh_from_db()
    assert silent.printed_at


def test_hidden_before_it_was_printed_is_never_printed() -> None:
    said = make_recommendation(printed=False)
    said.hide()
    passed(said, days=8)
    jobs.print_due.call()
    said.refresh_from_db()
    assert said.printed_at is None
    said.show()
    assert said.printed_at  # seven days are over


def test_whoever_came_into_the_book_meanwhile_is_told() -> None:
    said = make_recommendation(printed=False)
    Recommendation.objects.update(told_at=None)
    jobs.print_due.call()
    said.refresh_from_db()
    assert said.told_at


def test_equals_change_places_daily() -> None:
    expert = make_expert()
    Placement.objects.update(shuffle=1)
    jobs.write_lists.call()
    assert Placement.objects.get().shuffle == shuffled(expert_pk=expert.pk, day=timezone.localdate())


# The curator who reads first words


def test_reading_is_one_decision_and_the_second_is_told() -> None:
    said, dana = sign(author=make_member(), expert=make_expert()), make_curator()
    before = Decision.objects.count()
    assert said.read(by=dana)
    assert not said.read(by=make_curator())
    assert not said.send_back(by=make_curator(), note="Too late.")
    (line,) = Decision.objects.all()[: Decision.objects.count() - before]
    assert (line.act, line.by, line.conflicted) == ("words-read", dana, False)


def test_nobody_reads_their_own_words_or_words_about_themselves() -> None:
    frank = make_member()
    alice = make_expert()
    said = sign(author=frank, expert=alice)
    assert User.objects.curators().count() == 1
    frank.make_curator()
    alice.member.make_curator()
    for person in (frank, alice.member):
        with pytest.raises(Conflict):
            said.read(by=person)
        with pytest.raises(Conflict):
            said.send_back(by=person, note="Hm.")
    said.refresh_from_db()
    assert said.read_at is None


def test_below_three_curators_it_is_allowed_and_disclosed() -> None:
    said = sign(author=make_member(), expert=make_expert())
    said.author.make_curator()
    assert User.objects.curators().count() == 2
    assert said.read(by=said.author)
    assert Decision.objects.first().conflicted
