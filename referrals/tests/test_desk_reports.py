"""Reported messages: a curator who is no party reads what was written, and upholds it or not."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import send_letters
from directory.models import Conflict, Decision, Expert, State
from directory.tests.desk import sit, state_of
from referrals.models import Account, Entry, NotAllowed, Report, Touch
from referrals.models.cases import A_DAY
from referrals.tests.cases import PITCH, curators, make_introduction, make_report, nobody, upheld_before

pytestmark = pytest.mark.django_db
ACTS = ["uphold_report", "dismiss_report"]
REASON = {"reason": "It sells, and nobody asked."}


def address(name: str, report: Report) -> str:
    return reverse(f"referrals:{name}", args=[report.pk])


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def test_upheld_it_costs_the_expert_and_both_are_told(alice: User, dana: User, mailoutbox: list[Any]) -> None:
    report = make_report(expert=alice.expert)
    send_letters()
    mailoutbox.clear()
    answer = sit(dana).post(address("uphold_report", report), REASON)
    assert answer["Location"] == "/desk/reports/"
    report.refresh_from_db()
    assert (report.upheld, report.decided_by, report.reason) == (True, dana, REASON["reason"])
    assert not report.conflicted
    entry = Entry.objects.get()
    assert (entry.kind, entry.receiver.member, entry.giver.member, entry.amount) == ("pushy", alice, None, 100)
    assert alice.expert.in_print
    send_letters()
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted([alice.email, report.by.email])
    assert all(REASON["reason"] in letter.body and "Dana" not in letter.body for letter in mailoutbox)


def test_dismissed_it_costs_nothing_and_only_who_reported_is_told(
    alice: User, dana: User, mailoutbox: list[Any]
) -> None:
    report = make_report(expert=alice.expert)
    send_letters()
    mailoutbox.clear()
    assert sit(dana).post(address("dismiss_report", report), REASON).status_code == 302
    assert fresh(report).upheld is False
    assert not Entry.objects.exists()
    send_letters()
    assert [letter.to for letter in mailoutbox] == [[report.by.email]]


def test_each_case_costs_more_and_the_third_takes_the_page_out_of_print(
    alice: User, dana: User, mailoutbox: list[Any]
) -> None:
    upheld_before(2, expert=alice.expert, by=dana)
    report = make_report(expert=alice.expert)
    page = sit(dana).get(address("desk_report", report)).content.decode()
    assert "pays 4.00" in page
    assert "their page leaves print" in page
    assert "2 about" in page
    assert "2 of them upheld" in page
    sit(dana).post(address("uphold_report", report), REASON)
    assert state_of(alice.expert) == State.SUSPENDED
    assert [entry.amount for entry in Entry.objects.order_by("pk")] == [100, 200, 400]
    line = Decision.objects.get(act="suspended")
    assert (line.by, line.reason) == (dana, "Three reports of pitching were upheld within a year.")
    send_letters()
    assert [letter for letter in mailoutbox if letter.to == [alice.email] and "out of print" in letter.subject.lower()]


def test_the_year_and_other_kinds_do_not_count(alice: User, dana: User) -> None:
    upheld_before(1, expert=alice.expert, by=dana, days=366)
    odd = make_report(expert=alice.expert, kind="other")
    assert "It costs nothing" in sit(dana).get(address("desk_report", odd)).content.decode()
    odd.decide(by=dana, upheld=True, reason="Rude.")
    upheld_before(2, expert=alice.expert, by=dana)
    assert state_of(alice.expert) == State.LISTED


def test_a_report_about_who_asked_costs_nothing(alice: User, dana: User, gwen: User) -> None:
    introduction = make_report(expert=alice.expert, prospect=gwen).introduction
    touch = Touch.objects.write(introduction=introduction, author=gwen, body="Join my network.")
    report = Report.objects.report(touch=touch, by=alice, kind="pitched")
    assert "is the one who asked" in sit(dana).get(address("desk_report", report)).content.decode()
    sit(dana).post(address("uphold_report", report), REASON)
    assert fresh(report).upheld
    assert not Entry.objects.exists()


@pytest.mark.parametrize("act", ["rest", "suspend"])
def test_what_is_out_of_print_already_stays_as_it_is(act: str, alice: User, dana: User) -> None:
    upheld_before(2, expert=alice.expert, by=dana)
    report = make_report(expert=alice.expert)
    expert = Expert.objects.get(pk=alice.pk)
    expert.rest(by=alice) if act == "rest" else expert.suspend(by=dana, reason="Something else.")
    before = state_of(alice.expert)
    assert "stays so" in sit(dana).get(address("desk_report", report)).content.decode()
    assert sit(dana).post(address("uphold_report", report), REASON).status_code == 302
    assert state_of(alice.expert) == before
    assert fresh(report).upheld
    assert Entry.objects.count() == 3


def test_the_case_shows_what_was_written_and_nobodys_address(alice: User, dana: User, gwen: User) -> None:
    first = make_report(
        expert=alice.expert, prospect=gwen, body="You said <b>nobody</b> listens. Write to me@alice.test"
    )
    Touch.objects.write(introduction=first.introduction, author=gwen, body="Yes, ring +351 912 345 678.")
    report = make_report(expert=alice.expert, prospect=gwen, words="She wrote from sales@alice.test too.")
    Touch.objects.write(introduction=first.introduction, author=alice, body="This came later.")
    page = sit(dana).get(address("desk_report", report)).content.decode()
    for words in (
        "You said &lt;b&gt;nobody&lt;/b&gt; listens.",
        PITCH,
        "Yes, ring (address held back)",
        "She wrote from",
    ):
        assert words in page
    for words in (
        "me@alice.test",
        "912",
        "sales@",
        "This came later.",
        alice.email,
        gwen.email,
        report.introduction.need,
    ):
        assert words not in page


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_reason_is_asked_for(act: str, reason: str, alice: User, dana: User) -> None:
    report = make_report(expert=alice.expert)
    answer = sit(dana).post(address(act, report), {"reason": reason})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert reason.strip() in answer.content.decode()
    assert fresh(report).decided_at is None


@pytest.mark.parametrize("act", ACTS)
def test_only_curators_and_only_by_post(act: str, alice: User, dana: User) -> None:
    report = make_report(expert=alice.expert)
    for stranger in nobody(alice, report.by):
        assert sit(stranger).post(address(act, report), REASON).status_code == 403
        assert sit(stranger).get(address("desk_report", report)).status_code == 403
        assert sit(stranger).get("/desk/reports/").status_code == 403
    assert Client().post(address(act, report), REASON).status_code == 302
    assert sit(dana).get(address(act, report)).status_code == 405
    assert sit(dana).post("/desk/reports/").status_code == 405
    assert fresh(report).decided_at is None


@pytest.mark.parametrize("pk", [0, 10**6, 2**63, 10**19])
def test_nothing_there_is_nothing_there(pk: int, dana: User) -> None:
    client = sit(dana)
    assert client.get(f"/desk/reports/{pk}/").status_code == 404
    assert client.post(f"/desk/reports/{pk}/uphold/", REASON).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_the_second_curator_is_told_and_keeps_the_words(act: str, alice: User, dana: User) -> None:
    report = make_report(expert=alice.expert)
    report.decide(by=dana, upheld=False, reason="It answers a question.")
    answer = sit(*curators(1)).post(address(act, report), {"reason": "I am not sure."})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Somebody was faster.", "Dismissed", "It answers a question.", "I am not sure."):
        assert words in page
    assert "Your decision</h2>" not in page
    assert fresh(report).upheld is False


@pytest.mark.django_db(transaction=True)
def test_of_two_curators_at_once_the_first_decides(alice: User, dana: User) -> None:
    report = make_report(expert=alice.expert)
    start, answers = threading.Barrier(2), list[int]()

    def decide(client: Client, act: str) -> None:
        start.wait()
        try:
            answers.append(client.post(address(act, report), REASON).status_code)
        finally:
            connection.close()

    people = zip((dana, *curators(1)), ACTS, strict=True)
    threads = [threading.Thread(target=decide, args=(sit(curator), act)) for curator, act in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 409]


@pytest.mark.django_db(transaction=True)
def test_of_two_cases_at_once_one_is_the_third(alice: User, dana: User) -> None:
    upheld_before(1, expert=alice.expert, by=dana)
    reports, start = [make_report(expert=alice.expert) for _ in range(2)], threading.Barrier(2)

    def uphold(report: Report) -> None:
        start.wait()
        try:
            report.decide(by=dana, upheld=True, reason="That was a pitch.")
        finally:
            connection.close()

    threads = [threading.Thread(target=uphold, args=(report,)) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert state_of(alice.expert) == State.SUSPENDED
    assert sorted(entry.amount for entry in Entry.objects.all()) == [100, 200, 400]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["expert", "prospect", "giver"])
def test_a_party_neither_reads_nor_decides(role: str, act: str, alice: User, bob: User, dana: User) -> None:
    introduction = make_introduction(introducer=bob, expert=alice.expert)
    report = make_report(expert=alice.expert, prospect=introduction.prospect, words="She sells.")
    party = {"expert": alice, "prospect": introduction.prospect, "giver": bob}[role]
    party.make_curator()
    queue = sit(party).get("/desk/reports/").content.decode()
    assert "A case you are part of" in queue
    assert report.by.name not in queue
    for answer in (sit(party).get(address("desk_report", report)), sit(party).post(address(act, report), REASON)):
        page = answer.content.decode()
        assert "Someone else must read this one." in page
        assert PITCH not in page
        assert "She sells." not in page
    assert answer.status_code == 403
    assert REASON["reason"] in page
    with pytest.raises(Conflict):
        report.decide(by=party, upheld=True, reason="x")
    assert fresh(report).decided_at is None


def test_who_recommends_the_expert_decides_only_for_want_of_others(alice: User, bob: User, dana: User) -> None:
    bob.make_curator()
    curators(1)
    report, other = make_report(expert=alice.expert), make_report(expert=alice.expert)
    answer = sit(bob).post(address("uphold_report", report), REASON)
    assert answer.status_code == 403
    assert "You recommend the expert." in answer.content.decode()
    assert PITCH not in answer.content.decode()
    for curator in User.objects.curators().exclude(pk__in=(bob.pk, dana.pk)):
        curator.leave_the_desk()
    assert "the log will say so" in sit(bob).get(address("desk_report", report)).content.decode()
    assert sit(bob).post(address("uphold_report", report), REASON).status_code == 302
    assert fresh(report).conflicted
    assert "who recommends the expert" in sit(dana).get(address("desk_report", report)).content.decode()
    sit(dana).post(address("uphold_report", other), REASON)
    assert not fresh(other).conflicted


def test_a_decision_never_half_happens(alice: User, bob: User, dana: User) -> None:
    """The one who would suspend the page may not, so nothing is booked or written either."""
    upheld_before(2, expert=alice.expert, by=dana)
    report = make_report(expert=alice.expert)
    bob.make_curator()
    curators(1)
    with pytest.raises(Conflict):
        report.decide(by=bob, upheld=True, reason="The third.")
    assert Entry.objects.count() == 2
    assert fresh(report).decided_at is None
    assert state_of(alice.expert) == State.LISTED


def test_a_look_books_nothing(alice: User, dana: User) -> None:
    report = make_report(expert=alice.expert)
    before = Account.objects.count()
    sit(dana).get(address("desk_report", report))
    assert Account.objects.count() == before


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, alice: User, dana: User, gwen: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        touch = make_report(expert=alice.expert, prospect=gwen)
        Touch.objects.write(introduction=touch.introduction, author=gwen, body="Go on.")
        Report.objects.update(at=F("at") - A_DAY)  # twenty a day are as many as one may
    last = Report.objects.latest("pk")
    client = sit(dana)
    # session, user, groups, the eight counts, the rows
    with django_assert_num_queries(12):
        client.get("/desk/reports/")
    # session, user, groups, the case, who recommends, the thread, other reports twice, cost, suspension
    with django_assert_num_queries(10):
        client.get(address("desk_report", last))


def test_the_twenty_first_report_of_a_day_waits(alice: User, gwen: User) -> None:
    introduction = make_report(expert=alice.expert, prospect=gwen).introduction
    (touch,) = introduction.thread.filter(author=alice)
    others = Touch.objects.bulk_create(
        Touch(introduction=introduction, author=alice, body="More.", round=number, number=1) for number in range(1, 21)
    )
    for other in others[:19]:
        Report.objects.report(touch=other, by=gwen, kind="pitched")
    with pytest.raises(NotAllowed, match="twenty messages today"):
        Report.objects.report(touch=others[19], by=gwen, kind="pitched")
    Report.objects.report(touch=touch, by=gwen, kind="pitched")  # the same again is the same
