"""Experts and what is said of them, one at a time, by the verbs of the models: for tests. The people have the
names and speak the sentences of the sample community; each thing is valid unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_guest, make_invitation, make_member, make_owner, signed_in
from directory.models import Category, Expert, Part, Pick, State
from directory.tests.guides import make_guide
from referrals.bank import Kind
from referrals.models import Entry, Introduction, Outcome, Recommendation, Refusal, Stage

from .people import NAMED
from .words import relationship, say, trades

__all__ = [
    "make_category", "make_curator", "make_entry", "make_expert", "make_guest", "make_guide", "make_introduction",
    "make_invitation", "make_member", "make_nomination", "make_owner", "make_pick", "make_recommendation", "named",
    "signed_in",
]  # fmt: skip

numbers = itertools.count()


def named(key: str) -> dict[str, Any]:
    """Name, address and pronouns of alice, bob, charlie and the others, for make_member() and its like."""
    name, she, _ = NAMED[key]
    return {"name": name, "email": f"{key}@example.test", "pronouns": "she/her" if she else "he/him"}


def make_category(*, slug: str = "podcasting", **fields: Any) -> Category:
    """One of the categories that the sample people have sentences for; there already, it is left as it is."""
    part, _ = Part.objects.get_or_create(
        slug="speaking", defaults={"name": "Speaking and media", "description": "Being heard."}
    )
    fields = {
        "part": part,
        "name": slug.replace("-", " ").capitalize(),
        "description": "You know what you want and not who does it well.",
        **fields,
    }
    return Category.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_expert(
    *,
    member: User | None = None,
    state: str = State.LISTED,
    categories: list[Category] | None = None,
    by: User | None = None,
    days: int = 100,
    **fields: Any,
) -> Expert:
    """A listing that went all the way to `state`, so many days ago, by the acts that lead there."""
    categories = categories or [make_category()]
    member = member or (make_guest(name="Nora Nominee") if state in (State.NOMINATED, State.INVITED) else make_member())
    expert = Expert.objects.nominate(person=member, by=None)
    expert.choose(categories)
    trade, number = trades().get(categories[0].slug, trades()["podcasting"]), next(numbers)
    page = {
        "headline": trade.headlines[number % 8],
        "own_words": trade.own_words[number % 6],
        "for_whom": trade.for_whom[number % 6],
        "not_for_whom": trade.not_for_whom[number % 6],
        "remote": True,
        "languages": ["en"],
        **fields,
    }
    if state not in (State.NOMINATED, State.INVITED):
        Expert.objects.filter(pk=expert.pk).update(**page)
        expert.refresh_from_db()
    _walk(expert, state=State(state), by=by)
    then = timezone.now() - dt.timedelta(days=days)
    Expert.objects.filter(pk=expert.pk).update(
        moved_at=then, **({"listed_at": then, "changed_at": then, "confirmed_at": then} if expert.listed_at else {})
    )
    return Expert.objects.with_member().get(pk=expert.pk)


def _walk(expert: Expert, *, state: State, by: User | None) -> None:
    """From nominated to the wanted state."""

    def decided() -> dict[str, Any]:
        return {"by": by or _a_curator(), "reason": "Three clients say the same of this work."}

    acts: dict[str, Callable[[], None]] = {
        "invite": lambda: expert.invite(by=by),
        "accept": expert.accept,
        "submit": expert.submit,
        "print": lambda: expert.put_in_print(**decided()),
        "rest": lambda: expert.rest(by=expert.member),
        "retire": lambda: expert.retire(**decided()),
        "suspend": lambda: expert.suspend(**decided()),
        "decline": lambda: expert.decline(**decided()),
    }
    paths = {
        State.NOMINATED: "",
        State.INVITED: "invite",
        State.DRAFT: "invite accept",
        State.SUBMITTED: "invite accept submit",
        State.DECLINED: "invite accept submit decline",
        State.LISTED: "invite accept submit print",
        State.RESTING: "invite accept submit print rest",
        State.RETIRED: "invite accept submit print rest retire",
        State.SUSPENDED: "invite accept submit print suspend",
    }
    for act in paths[state].split():
        acts[act]()


def make_recommendation(
    *,
    author: User | None = None,
    expert: Expert | None = None,
    categories: list[Category] | None = None,
    read: bool = True,
    printed: bool = True,
    **words: Any,
) -> Recommendation:
    """Signed; with `read`, read by a curator where that is needed; with `printed`, accepted by its subject as well."""
    author, expert = author or make_member(), expert or make_expert()
    categories = categories or expert.categories[:1]
    recommendation = Recommendation.objects.sign(
        author=author, expert=expert, categories=categories, **{**_sentences(expert, categories[0]), **words}
    )
    if read and not recommendation.read_at:
        recommendation.read(by=_a_curator())
    if read and printed:
        recommendation.accept()
    recommendation.refresh_from_db()
    return recommendation


def make_nomination(*, author: User | None = None, name: str = "Nora Nominee", **fields: Any) -> Recommendation:
    """Words about somebody who is not in the book, waiting for a curator when they are the author's first."""
    category = fields.pop("category", None) or make_category()
    return Recommendation.objects.nominate(
        author=author or make_member(),
        name=name,
        email=fields.pop("email", f"nominee{next(numbers)}@example.test"),
        category=category,
        **{**_sentences(None, category), **fields},
    )


def make_pick(*, expert: Expert, curator: User | None = None, days: int = 180, **fields: Any) -> Pick:
    """Hand-picked today, to be looked at again after so many days."""
    return Pick.objects.pick(
        curator=curator or _a_curator(),
        expert=expert,
        category=fields.pop("category", expert.categories[0]),
        reason=fields.pop("reason", "I have sat in on this work twice and would send my own family."),
        review_on=timezone.localdate() + dt.timedelta(days=days),
    )


def make_introduction(
    *,
    prospect: User | None = None,
    expert: Expert | None = None,
    recommendation: Recommendation | None = None,
    giver: User | None = None,
    stage: str = Stage.INTRODUCED,
    days: int = 0,
    **brief: Any,
) -> Introduction:
    """One that went to `stage` by the acts that lead there: asked for by the prospect, brought by a recommendation, or
    made by the member `giver`. Its own dates are so many days ago; what the bank booked of it is of today."""
    expert = expert or (recommendation.expert if recommendation else make_expert())
    prospect = prospect or make_guest(name=f"Gwen Adair {next(numbers)}")
    problems = expert.categories[0].problems or ["I have tried it alone and it shows."]
    brief = {"need": problems[next(numbers) % len(problems)], **brief}
    if giver is None:
        introduction: Introduction = Introduction.objects.ask(
            prospect=prospect, expert=expert, recommendation=recommendation, **brief
        )
    else:
        introduction = Introduction.objects.introduce(
            introducer=giver, expert=expert, name=prospect.name, email=prospect.email, **brief
        )
        if stage != Stage.ASKED:
            introduction.say_yes(by=prospect)
    _lead(introduction, stage=Stage(stage))
    if days:
        _long_ago(introduction, days=days)
    return Introduction.objects.with_people().get(pk=introduction.pk)


def _lead(introduction: Introduction, *, stage: Stage) -> None:
    """From asked to the wanted stage."""
    prospect, expert = introduction.prospect, introduction.expert
    later = timezone.localdate() + dt.timedelta(days=60)
    acts: dict[str, Callable[[], Any]] = {
        "yes": lambda: introduction.say_yes(by=expert.member),
        "guide": lambda: introduction.offer_guide(make_guide(expert, by=_a_curator()), words="This answers it."),
        "better": lambda: introduction.offer_better(make_expert(), words="This is their trade, not mine."),
        "meet": introduction.meet_better,
        "not-now": lambda: Refusal.objects.refuse(prospect=prospect, expert=expert, kind="not-now", until=later),
        "done": lambda: Outcome.objects.report(introduction=introduction, by=prospect, kind="not-needed"),
        "expert-no": introduction.expert_says_no,
        "withdraw": lambda: introduction.withdraw(by=prospect),
        "no": lambda: Refusal.objects.refuse(prospect=prospect, expert=expert, kind="no"),
    }
    paths = {
        Stage.ASKED: "",
        Stage.OFFERED: "guide",
        Stage.PAUSED: "not-now",
        Stage.INTRODUCED: "yes",
        Stage.DONE: "yes done",
        Stage.PASSED_ON: "better meet",
        Stage.DECLINED: "expert-no",
        Stage.WITHDRAWN: "withdraw",
        Stage.REFUSED: "no",
    }
    for act in paths[stage].split():
        acts[act]()


def _long_ago(introduction: Introduction, *, days: int) -> None:
    """Move what the introduction itself says of its days."""
    dates = ("asked_at", "moved_at", "prospect_yes_at", "expert_yes_at", "introduced_at", "answered_at")
    earlier = {date: F(date) - dt.timedelta(days=days) for date in dates}
    Introduction.objects.filter(pk=introduction.pk).update(**earlier)


def make_entry(
    *, giver: User | None, receiver: User | None, kind: str = Kind.INTRODUCTION, days: float = 0, key: str = ""
) -> Entry:
    """A line of the bank of so many days ago, without the event it would come from. Nobody is the house."""
    then = timezone.now() - dt.timedelta(days=days)
    entry = Entry.objects.post(
        kind=Kind(kind),
        key=key or f"made:{next(numbers)}",
        giver=giver,
        receiver=receiver,
        effective_at=then,
        posted_at=then,
    )
    if entry is None:
        raise ValueError("The same two so often within a year: the rules move nothing any more.")
    return entry


def _sentences(expert: Expert | None, category: Category) -> dict[str, Any]:
    """Another three answers each time."""
    trade, number = trades().get(category.slug, trades()["podcasting"]), next(numbers) % 14
    name = expert.name if expert else "Nora"
    she = expert is None or not expert.member.pronouns.startswith("he")
    how, like, trust = (
        say(sentences[number], name=name, she=she) for sentences in (trade.how, trade.like, trade.trust)
    )
    return {
        "relationship": relationship(trade, number),
        "since": 2022,
        "until": None,
        "how_i_know": how,
        "what_i_like": like,
        "why_i_trust": trust,
        "paid": False,
        "same_company": False,
    }


def _a_curator() -> User:
    return User.objects.curators().first() or make_curator(**named("theo"))
