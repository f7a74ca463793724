"""My introductions, and whose turn it is in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import signed_in
from config.demo import factory
from referrals.models import Introduction, Outcome, Refusal, Touch
from referrals.tests.introducing import ask, introduce, introduced
from referrals.tests.test_ask import text
from referrals.turns import CLOSED, turn

pytestmark = pytest.mark.django_db
PAGE = "/introductions/"


def again(introduction: Introduction) -> Introduction:
    return Introduction.objects.with_people().get(pk=introduction.pk)


def said(introduction: Introduction, viewer: User) -> str:
    return turn(again(introduction), viewer).sentence


def test_what_waits_for_me_comes_first(alice: User, gwen: User) -> None:
    mine = ask(prospect=gwen, expert=alice.expert)
    later = introduced(prospect=factory.make_guest(name="Hana Sato"), expert=alice.expert)
    Touch.objects.write(introduction=later, author=alice, body="You need listeners.")
    html = text(signed_in(alice).get(PAGE))
    assert html.index("Waiting for you") < html.index("Gwen asked for you. Say what you can do.")
    assert html.index(mine.get_absolute_url()) < html.index("The others") < html.index(later.get_absolute_url())
    html = text(signed_in(gwen).get(PAGE))
    assert "You asked Alice. It is Alice’s turn." in html
    assert later.get_absolute_url() not in html


def test_by_the_part_one_has(alice: User, bob: User, erin: User, gwen: User) -> None:
    asked = ask(prospect=alice, expert=erin.expert)
    received = ask(prospect=gwen, expert=alice.expert)
    made = introduce(introducer=alice, expert=erin.expert, prospect=gwen)
    client, links = signed_in(alice), {"asked": asked, "received": received, "introduced": made}
    for role, mine in links.items():
        html = text(client.get(PAGE, {"role": role}))
        assert [each for each in links.values() if f'"{each.get_absolute_url()}"' in html] == [mine]
    assert all(each.get_absolute_url() in text(client.get(PAGE, {"role": "nonsense"})) for each in links.values())
    assert "Every introduction you are part of" in text(signed_in(bob).get(PAGE))


@pytest.mark.parametrize(
    ("role", "act"),
    [("", "/contents/"), ("asked", "/contents/"), ("received", "/listing/"), ("introduced", "/introductions/new/")],
)
def test_empty_it_says_what_to_do(charlie: User, role: str, act: str) -> None:
    html = text(signed_in(charlie).get(PAGE, {"role": role}))
    assert html.count('class="btn"') == 1
    assert f'class="btn" href="{act}' in html


def test_twenty_a_page_and_nobody_twice(alice: User) -> None:
    made = [ask(prospect=factory.make_guest(), expert=alice.expert) for _ in range(25)]
    for introduction in made[:12]:
        introduction.expert_says_no()
    client, seen, after = signed_in(alice), [], ""
    for _ in range(2):
        page = client.get(PAGE, {"after": after, "role": "received"}).context["page"]
        seen += [row.pk for row in page.rows]
        after = page.next
    assert after == ""
    newest = [introduction.pk for introduction in reversed(made)]
    assert seen == [*newest[:13], *newest[13:]]


def test_who_may(gwen: User) -> None:
    assert Client().get(PAGE)["Location"] == f"/sign-in/login/?next={PAGE}"
    assert signed_in(gwen).get(PAGE).status_code == 200
    assert signed_in(gwen).post(PAGE).status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_as_often_for_one_as_for_thirty(alice: User, rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        ask(prospect=factory.make_guest(), expert=alice.expert)
    client = signed_in(alice)
    with django_assert_num_queries(3):
        client.get(PAGE)


def test_the_first_page_of_the_book_says_what_waits(alice: User, gwen: User) -> None:
    introduction = ask(prospect=gwen, expert=alice.expert)
    html = text(signed_in(alice).get("/"))
    assert f'Gwen asked for you. Say what you can do. <a href="{introduction.get_absolute_url()}">Open it</a>' in html
    assert "asked for you" not in text(signed_in(gwen).get("/"))


# Whose turn it is.


def both(alice: User, gwen: User, bob: User) -> Introduction:
    return introduce(introducer=bob, expert=alice.expert, prospect=gwen)


STAGES: dict[str, Callable[[Introduction, User, User, User], Any]] = {
    "asked": lambda one, alice, gwen, bob: None,
    "the expert said yes": lambda one, alice, gwen, bob: one.say_yes(by=alice),
    "the prospect said yes": lambda one, alice, gwen, bob: one.say_yes(by=gwen),
    "declined": lambda one, alice, gwen, bob: one.expert_says_no(),
    "not now": lambda one, alice, gwen, bob: one.expert_not_now(),
    "offered": lambda one, alice, gwen, bob: one.offer_better(factory.make_expert()),
    "passed on": lambda one, alice, gwen, bob: (one.offer_better(factory.make_expert()), one.meet_better()),
    "refused": lambda one, alice, gwen, bob: Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no"),
    "withdrawn": lambda one, alice, gwen, bob: one.withdraw(by=bob),
    "introduced": lambda one, alice, gwen, bob: (one.say_yes(by=alice), one.say_yes(by=gwen)),
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_sentence_and_the_list_agree(stage: str, alice: User, bob: User, gwen: User) -> None:
    one = both(alice, gwen, bob)
    STAGES[stage](one, alice, gwen, bob)
    for viewer in (alice, bob, gwen):
        mine = turn(again(one), viewer)
        assert mine.sentence
        assert mine.is_mine == Introduction.objects.waiting_for(viewer).filter(pk=one.pk).exists()


@pytest.mark.parametrize("speaks", ["", "a", "ac", "ap", "aap", "apa"])
def test_in_the_thread_the_list_agrees_too(speaks: str, alice: User, gwen: User) -> None:
    """a: Alice writes; p: the prospect writes; c: the prospect says "that is it"."""
    one = introduced(prospect=gwen, expert=alice.expert)
    for letter in speaks:
        if letter == "c":
            Introduction.objects.filter(pk=one.pk).update(confirmed_at=timezone.now())
        else:
            Touch.objects.write(introduction=one, author=alice if letter == "a" else gwen, body="Well.")
    of_alice = speaks in ("", "ac", "ap", "aap")
    assert turn(again(one), alice).is_mine == of_alice
    assert turn(again(one), gwen).is_mine != of_alice
    for viewer in (alice, gwen):
        waits = Introduction.objects.waiting_for(viewer).filter(pk=one.pk).exists()
        assert waits == turn(again(one), viewer).is_mine


def test_neither_learns_of_the_other_s_no_before_both_said_yes(alice: User, bob: User, gwen: User) -> None:
    one = both(alice, gwen, bob)
    one.expert_says_no()
    assert said(one, gwen) == CLOSED.sentence
    assert said(one, bob) == "Alice cannot help with this."
    hana = factory.make_guest(name="Hana Sato")
    two = introduce(introducer=bob, expert=alice.expert, prospect=hana)
    two.say_yes(by=alice)
    Refusal.objects.refuse(prospect=hana, expert=alice.expert, kind="no")
    assert said(two, alice) == CLOSED.sentence
    assert "Hana said no on" in said(two, bob)
    assert "You said no on" in said(two, hana)


def test_after_both_yes_a_no_is_said(alice: User, gwen: User) -> None:
    one = introduced(prospect=gwen, expert=alice.expert)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="never")
    assert said(one, alice) == f"Gwen said no on {timezone.now():%-d %B %Y}. That is final."


def test_done(alice: User, gwen: User) -> None:
    one = introduced(prospect=gwen, expert=alice.expert)
    Outcome.objects.report(introduction=one, by=gwen, kind="not-needed")
    assert said(one, alice) == "It is done."
