"""Who may come to the desk, and what waits there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import make_curator, make_guest, make_member
from directory.models import Decision, Expert, PaperState, Pick, State
from directory.tests.desk import in_days, make_changes, make_curators, make_printed, make_submission, make_words, sit
from directory.tests.guides import make_guide
from directory.tests.listings import make_listing

pytestmark = pytest.mark.django_db
QUEUES = ["/desk/", "/desk/changes/", "/desk/recommendations/", "/desk/nominations/", "/desk/picks/", "/desk/guides/"]


def waiting_since(expert: Expert, **ago: float) -> None:
    Expert.objects.filter(pk=expert.pk).update(moved_at=timezone.now() - dt.timedelta(**ago))


@pytest.mark.parametrize("url", QUEUES)
def test_the_desk_is_for_curators(url: str) -> None:
    assert sit(make_curator()).get(url).status_code == 200
    for stranger in (make_guest(), make_member(name="Charlie Stone"), make_listing().member):
        refused = sit(stranger).get(url)
        assert refused.status_code == 403
        assert "The desk is for curators" in refused.content.decode()
    visitor = Client().get(url)
    assert visitor.status_code == 302
    assert "/sign-in/" in visitor["Location"]


@pytest.mark.parametrize("url", QUEUES)
def test_a_queue_is_only_read(url: str) -> None:
    assert sit(make_curator()).post(url).status_code == 405


def test_a_curator_who_is_none_any_more_is_refused_at_once() -> None:
    dana = make_curator()
    client = sit(dana)
    assert client.get("/desk/").status_code == 200
    dana.groups.clear()
    assert client.get("/desk/").status_code == 403


def test_nothing_waits() -> None:
    dana = make_curator()
    assert "Nothing waits." in sit(dana).get("/desk/").content.decode()


def test_an_empty_desk_tells_when_the_last_decision_was() -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    Decision.objects.create(expert=expert, by=dana, act="picked", at=timezone.now() - dt.timedelta(hours=2))
    assert "Nothing waits. Last decision 2 hours ago." in sit(dana).get("/desk/").content.decode()


def test_the_sentence_counts_every_queue() -> None:
    dana, _ = make_curators(2)
    first, second = make_submission(name="Ana Brandt"), make_submission(name="Ben Okafor")
    waiting_since(first, days=3, hours=5)
    waiting_since(second, days=1)
    in_print = make_printed(by=dana)
    make_changes(in_print)
    make_words(author=make_member(name="Bob Ferris"), expert=in_print)
    make_listing(state=State.NOMINATED)
    page = sit(dana).get("/desk/").content.decode().replace("\xa0", " ")
    assert "2 submissions, oldest 3 days." in page
    assert "1 changed page, oldest less than a minute." in page
    assert "1 recommendation to read, oldest less than a minute." in page
    assert "1 nomination, oldest less than a minute." in page
    assert "Picks: none" in page


def test_the_oldest_comes_first_with_its_flags() -> None:
    dana, _ = make_curators(2)
    bob = make_member(name="Bob Ferris", organisation="Vell & Co. Ltd")
    young, old = make_submission(name="Ana Brandt"), make_submission(name="Ben Okafor")
    waiting_since(old, days=3)
    make_words(author=dana, expert=old)
    Expert.objects.filter(pk=young.pk).update(nominated_by=bob)
    young.member.organisation = "Vell and Co"
    page = sit(dana).get("/desk/").content.decode()
    assert page.index("Ben Okafor") < page.index("Ana Brandt")
    assert "You recommend them" in page
    assert "No recommendation" in page
    assert "Bob Ferris" in page
    assert "Sent back before" not in page
    young.send_back(by=dana, reason="Say whom you help.")
    young.submit()
    assert "Sent back before" in sit(dana).get("/desk/").content.decode()


def test_the_same_firm_is_said_and_never_which() -> None:
    dana = make_curator()
    bob = make_member(name="Bob Ferris", organisation="Vell & Co. Ltd")
    erin = make_member(name="Erin Vale", organisation="vell co")
    expert = make_listing(member=erin, state=State.SUBMITTED)
    Expert.objects.filter(pk=expert.pk).update(nominated_by=bob)
    page = sit(dana).get("/desk/").content.decode()
    assert "Put forward by the same firm" in page
    assert "Vell &amp; Co" not in page


def test_a_pick_comes_when_its_day_has_passed() -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    pick = Pick.objects.pick(
        curator=make_curator(name="Lena Ortiz"), expert=expert, category=expert.categories[0],
        reason="She edited my own first season.", review_on=in_days(30),
    )  # fmt: skip
    assert "Alice Moreau" not in sit(dana).get("/desk/picks/").content.decode()
    Pick.objects.filter(pk=pick.pk).update(picked_on=in_days(-40), review_on=in_days(-1))
    page = sit(dana).get("/desk/picks/").content.decode().replace("\xa0", " ")
    assert "Alice Moreau" in page
    assert "1 pick to look at again." in page


@pytest.mark.parametrize("after", ["x", "1", "99999999999999999999", "-1:-1", "%F0%9F%92%A9"])
def test_a_cursor_of_nobody_is_the_first_page(after: str) -> None:
    dana = make_curator()
    make_submission()
    page = sit(dana).get(f"/desk/?after={after}")
    assert page.status_code == 200
    assert "Erin Vale" in page.content.decode()


def test_twenty_a_page_and_nobody_twice() -> None:
    client = sit(make_curator())
    for number in range(23):
        make_submission(name=f"Person {number:02}")
    first = client.get("/desk/")
    second = client.get(f"/desk/?after={first.context['page'].next}")
    shown = [expert.pk for page in (first, second) for expert in page.context["page"].rows]
    assert len(first.context["page"].rows) == 20
    assert len(shown) == len(set(shown)) == 23
    assert not second.context["page"].next


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana, lena = make_curators(2)
    day, reason = in_days(3), "I know this work myself."
    for n in range(number):
        make_submission(name=f"Submitted {n}")
        make_listing(state=State.NOMINATED)
        expert = make_printed(by=dana, name=f"Printed {n}")
        make_changes(expert)
        make_guide(expert, state=PaperState.SUBMITTED)
        make_words(author=make_member(), expert=expert)
        Pick.objects.pick(curator=lena, expert=expert, category=expert.categories[0], reason=reason, review_on=day)
    Pick.objects.update(picked_on=in_days(-9), review_on=in_days(-1))
    client = sit(dana)
    # session, user, his groups, the eight counts; then the rows, and their categories in two queries more
    for url, queries in zip(QUEUES, (14, 12, 12, 14, 12, 12), strict=True):
        with django_assert_num_queries(queries):
            client.get(url)
