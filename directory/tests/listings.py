"""Listings for tests, in every state and through the real acts."""

from typing import Any

from accounts.models import User
from accounts.tests.factories import make_curator, make_member, make_user
from directory.models import Category, Expert, Part, State

# How a listing gets to each state: the acts that follow one another.
STEPS = {
    State.NOMINATED: [],
    State.INVITED: ["invite"],
    State.DECLINED: ["invite", "decline"],
    State.DRAFT: ["invite", "accept"],
    State.SUBMITTED: ["invite", "accept", "submit"],
    State.LISTED: ["invite", "accept", "submit", "print"],
    State.RESTING: ["invite", "accept", "submit", "print", "rest"],
    State.RETIRED: ["invite", "accept", "submit", "print", "rest", "retire"],
    State.SUSPENDED: ["invite", "accept", "submit", "print", "suspend"],
}


def make_category(*, slug: str = "podcasting", name: str = "", **fields: Any) -> Category:
    part, _ = Part.objects.get_or_create(slug="speaking", defaults={"name": "Speaking and media"})
    defaults = {"part": part, "name": name or slug.replace("-", " ").capitalize(), **fields}
    return Category.objects.get_or_create(slug=slug, defaults=defaults)[0]


def make_listing(
    *, member: User | None = None, state: str = State.LISTED, categories: list[Category] | None = None, **words: Any
) -> Expert:
    """A listing in that state. Its words are complete enough to be read by a curator, unless others are given."""
    steps = STEPS[State(state)]
    member = member or (make_member() if "accept" in steps else make_user())
    words = {"headline": "Helps hosts who dread the edit.", "own_words": "I cut the boring parts.", **words}
    expert = Expert.objects.nominate(person=_with_handle(member), by=None, **words)
    expert.choose(categories or [make_category()])
    curator = make_curator() if {"print", "suspend"} & set(steps) else None
    acts = {
        "invite": lambda: expert.invite(by=None),
        "decline": lambda: expert.decline(by=member, reason=""),
        "accept": expert.accept,
        "submit": expert.submit,
        "print": lambda: expert.put_in_print(by=curator, reason="Two letters and a talk I heard."),
        "rest": lambda: expert.rest(by=member),
        "retire": lambda: expert.retire(by=member),
        "suspend": lambda: expert.suspend(by=curator, reason="Pitched to readers."),
    }
    for step in steps:
        if step == "submit" and expert.missing:
            break
        acts[step]()
    return Expert.objects.with_member().get(pk=expert.pk)


def _with_handle(user: User) -> User:
    if not user.handle:
        user.take_handle()
    return user


def typed(**changes: Any) -> dict[str, Any]:
    """What somebody fills into the form of a listing."""
    return {
        "headline": "Helps hosts who dread the edit.",
        "own_words": "I cut the boring parts.",
        "primary": "podcasting",
        "taking_clients": "yes",
        **changes,
    }
