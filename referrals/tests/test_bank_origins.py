"""Each entry has an event that says the same: the proof of the ledger reads introductions, thanks and cases."""

from typing import Any

import pytest
from django.db.models import F

from accounts.models import User
from config.demo import factory
from referrals import bank, proving
from referrals.bank import Kind
from referrals.models import Correction, Entry, Introduction, Recommendation, Report, Thanks, Touch

from .introducing import by_recommendation

pytestmark = pytest.mark.django_db


def differences() -> list[str]:
    return [str(difference) for check in proving.CHECKS for difference in check()]


@pytest.fixture
def town(alice: User, bob: User, charlie: User, gwen: User, dana: User) -> dict[str, Any]:
    """Bob's words brought Gwen to Alice, who thanked him and pitched; that line and the next were corrected."""
    factory.make_pick(expert=alice.expert)
    said = Recommendation.objects.get(author=bob, expert=alice.expert)
    met = by_recommendation(said, prospect=gwen)
    met.say_yes(by=alice)
    Thanks.objects.say(introduction=met, by=alice, text="Thank you, Bob.")
    Thanks.objects.say(introduction=met, by=gwen, text="Thank you too.")
    touch = Touch.objects.write(introduction=met, author=alice, body="Buy my course.")
    report = Report.objects.report(touch=touch, by=gwen, kind="pitched")
    curator = factory.make_curator()
    assert report.decide(by=curator, upheld=True, reason="She pitched.")
    correction = Correction.objects.ask(entry=Entry.objects.get(kind=Kind.THANKS), by=alice, words="It was Charlie.")
    assert correction.decide(by=curator, reverse=True, reason="It was Charlie.", giver=charlie)
    return {"met": met, "report": report, "correction": correction}


def test_every_entry_of_the_book_has_its_event(town: dict[str, Any]) -> None:
    number = town["met"].pk
    thanks = Entry.objects.get(kind=Kind.THANKS, reversal__isnull=False)
    assert list(Entry.objects.order_by("pk").values_list("idempotency_key", flat=True)) == [
        f"introduction:{number}:accepted",
        f"introduction:{number}:thanks",
        f"pushy:{town['report'].pk}:upheld",
        f"reversal:{thanks.pk}",
        f"introduction:{number}:corrected:{thanks.pk}",
    ]
    assert differences() == []


def without(**which: Any) -> str:
    entry = Entry.objects.get(**which)
    return f"origins: entry {entry.pk} ({entry.kind}, {entry.idempotency_key}) has no event that says the same"


def test_an_event_that_is_gone_is_missed(town: dict[str, Any]) -> None:
    Thanks.objects.all().delete()
    assert differences() == [without(idempotency_key__endswith=":thanks")]


def test_an_event_of_another_day_is_no_origin(town: dict[str, Any]) -> None:
    Introduction.objects.update(introduced_at=F("introduced_at") - bank.NOTICE)
    assert differences() == [without(idempotency_key__endswith=":accepted")]


def test_a_case_of_somebody_else_is_no_origin(town: dict[str, Any], erin: User) -> None:
    Report.objects.update(about=erin)
    assert differences() == [without(kind=Kind.PUSHY)]


def test_a_posting_anew_needs_its_correction(town: dict[str, Any]) -> None:
    Correction.objects.update(posting=None)
    assert differences() == [without(idempotency_key__contains=":corrected:")]
