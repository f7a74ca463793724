"""Low balances: what the statement says, how one comes back, and what stays open."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_member, signed_in
from config.demo.factory import make_expert, make_pick, make_recommendation
from referrals.models import Account, InsufficientFunds, Introduction, Outcome, Thanks

from .introducing import ask, introduce
from .statements import PAGE, post, read, text

pytestmark = pytest.mark.django_db
WAYS = ("Introduce somebody", "Recommend an expert", "See who reached you")


def received(member: User, *, number: int, days: float) -> None:
    for _ in range(number):
        post(make_member(), member, days=days)


def test_overdrawn_is_one_amber_note_with_three_ways_back(charlie: User) -> None:
    received(charlie, number=2, days=3)
    page = read(charlie)
    assert page.count('class="note low"') == 1
    assert "Overdrawn." in page
    assert "note bad" not in page
    for words in WAYS:
        assert f">{words}</a>" in page
    for name in ("introduce", "who", "introductions"):
        assert f'href="{reverse(f"referrals:{name}")}"' in page
    assert "a curator can set your credit line" in page


def test_in_good_standing_nothing_is_said(charlie: User) -> None:
    post(charlie, make_member(), days=2)
    page = read(charlie)
    assert "note low" not in page
    assert not any(words in page for words in WAYS)


def test_on_notice_names_the_day(charlie: User) -> None:
    received(charlie, number=3, days=40)
    received(charlie, number=1, days=10)
    received(charlie, number=1, days=2)
    account = Account.objects.of(charlie)
    day = timezone.now() + dt.timedelta(days=20)
    assert account.rating() == "notice"
    assert account.on_notice_since() == pytest.approx(day - dt.timedelta(days=30), abs=dt.timedelta(minutes=1))
    assert f"If it stays so, it becomes insufficient on {day:%-d %B %Y}" in text(read(charlie))


def test_on_notice_that_fades_by_itself(charlie: User) -> None:
    """3.01 below, and 3.00 is allowed: two days later it is back."""
    for kind_days in (3, 3, 3):
        post(make_member(), charlie, days=kind_days)
    Account.objects.filter(member=charlie).update(credit_line=297)
    page = text(read(charlie))
    assert "If nothing happens it is back above the line on" in page
    assert "becomes insufficient on" not in page


def test_since_when_it_is_below(charlie: User) -> None:
    """Up again in between, by a gift of their own, it begins anew; what fades up begins anew too."""
    received(charlie, number=4, days=29)
    post(charlie, make_member(), days=20)
    received(charlie, number=2, days=5)
    account = Account.objects.of(charlie)
    since = account.on_notice_since()
    assert since == pytest.approx(timezone.now() - dt.timedelta(days=5), abs=dt.timedelta(minutes=1))
    assert Account.objects.of(make_member()).on_notice_since() is None


def test_insufficient_funds(charlie: User) -> None:
    received(charlie, number=5, days=60)
    page = read(charlie)
    assert "<dd>Insufficient funds</dd>" in page
    assert "Asking for oneself waits until it is back" in page
    assert all(f">{words}</a>" in page for words in WAYS)


def test_a_new_account_has_time(db: None) -> None:
    new = make_member(days=20)
    received(new, number=5, days=10)
    page = read(new)
    assert "<dd>New account</dd>" in page
    assert "nothing is closed to you" in page


def test_a_curator_reads_no_ways_back(charlie: User, dana: User) -> None:
    received(charlie, number=5, days=60)
    page = read(dana, path=f"{PAGE}of/{charlie.handle}/")
    assert "Their turn to give" in page
    assert not any(f">{words}</a>" in page for words in WAYS)


def test_it_closes_asking_and_nothing_else(alice: User, erin: User, charlie: User, gwen: User) -> None:
    """Erin has received much more than she gave."""
    make_pick(expert=erin.expert)
    received(erin, number=6, days=60)
    assert Account.objects.of(erin).rating() == "insufficient"
    with pytest.raises(InsufficientFunds):
        ask(prospect=erin, expert=alice.expert)
    browser = signed_in(erin)
    path = reverse("referrals:ask", args=[alice.handle])
    refused = browser.get(path)
    assert all(f">{words}</a>" in refused.content.decode() for words in WAYS)
    assert not Introduction.objects.exists()
    browser.post(path, {"need": "More listeners.", "tried": "Everything."})
    assert not Introduction.objects.exists()
    # Accepting, replying, thanking, saying how it went.
    introduction = introduce(introducer=charlie, expert=erin.expert, prospect=gwen)
    introduction.say_yes(by=gwen)
    introduction.say_yes(by=erin)
    introduction.thread.model.objects.write(introduction=introduction, author=erin, body="You want guests who stay.")
    assert Thanks.objects.say(introduction=introduction, by=erin, text="Thank you, Charlie.").pk
    assert Outcome.objects.report(introduction=introduction, by=erin, kind=Outcome.Kind.MET).pk
    # Giving and recommending.
    assert introduce(introducer=erin, expert=alice.expert, prospect=make_member()).giver == erin
    assert make_recommendation(author=erin, expert=make_expert()).pk
    # Reading, and leaving the book.
    for name in ("bank", "bank_csv", "introductions", "introduce", "who", "received", "given", "my_book"):
        assert browser.get(reverse(f"referrals:{name}"), follow=True).status_code == 200, name
    for act in ("rest_listing", "retire_listing"):
        assert browser.post(reverse(f"directory:{act}")).status_code == 302
    erin.expert.refresh_from_db()
    assert erin.expert.state == "retired"


def test_giving_opens_it_again(alice: User, charlie: User) -> None:
    received(charlie, number=4, days=35)
    assert Account.objects.of(charlie).rating() == "insufficient"
    post(charlie, make_member())
    assert ask(prospect=charlie, expert=alice.expert).pk
