"""A small town in which everything has happened once: every role, and a listing, a recommendation, an invitation and a
notice in each state. Every text that somebody stored carries MARK, and what is hidden carries CANARY besides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Notice, Suppression, User
from accounts.models.suppressions import off_token
from accounts.tests.factories import PASSWORD, make_guest, make_member, make_owner, make_user
from directory import letters
from directory.models import Category, Decision, Expert, Part, Pick, Place, Revision, State
from referrals.letters import nomination_token
from referrals.models import Book, Draft, Recommendation

MARK = "\"data-x='<i/data-x>"  # one word, and an attribute or an element wherever it is not escaped
CANARY = "kanarie"
FINDABLE = "zanzibar"  # stands beside each canary: what a search would have to find
HIDDEN = f"{CANARY} {FINDABLE} {MARK}"
DAY = dt.timedelta(days=1)
# How a listing gets to each state.
STEPS: dict[str, tuple[str, ...]] = {
    State.NOMINATED: (),
    State.INVITED: ("invite",),
    State.DECLINED: ("invite", "decline"),
    State.DRAFT: ("invite", "accept"),
    State.SUBMITTED: ("invite", "accept", "submit"),
    State.LISTED: ("invite", "accept", "submit", "print"),
    State.RESTING: ("invite", "accept", "submit", "print", "rest"),
    State.RETIRED: ("invite", "accept", "submit", "print", "rest", "retire"),
    State.SUSPENDED: ("invite", "accept", "submit", "print", "suspend"),
}


@dataclass
class Town:
    """Who lives here, and the parts of addresses by a short name of what they are about."""

    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)  # "bob on alice": {"pk": 7}
    categories: list[Category] = field(default_factory=list)

    def person(self, key: str, user: User) -> User:
        self.people[key] = user
        self.things[key] = {"handle": user.handle}
        return user

    def expert(self, key: str) -> Expert:
        return Expert.objects.with_member().get(pk=self.people[key].pk)

    def address(self, name: str, thing: str = "") -> str:
        return reverse(name, kwargs=self.things[thing] if thing else {})

    def client(self, key: str) -> Client:
        """A browser in which this person is signed in; errors are answered and not raised."""
        client = Client(raise_request_exception=False)
        if key in self.people:
            client.force_login(self.people[key])
            self.people[key].refresh_from_db()
        return client


def settle() -> Town:
    town = Town()
    people(town)
    for key, (state, hidden) in LISTINGS.items():
        make_listing(town, key, state=state, hidden=hidden)
    recommendations(town)
    words_not_printed(town)
    doors(town)
    book(town)
    from .town_cases import cases
    from .town_guides import guides
    from .town_introductions import introductions  # which marks its texts as this module does

    guides(town)
    introductions(town)
    cases(town)
    return town


LISTINGS: dict[str, tuple[str, bool]] = {
    "alice": (State.LISTED, False),
    "erin": (State.LISTED, False),
    "sue": (State.SUSPENDED, True),
    "rex": (State.RESTING, True),
    "rita": (State.RETIRED, True),
    "dora": (State.DRAFT, True),
    "sam": (State.SUBMITTED, True),
    "dee": (State.DECLINED, True),
    "nora": (State.NOMINATED, True),
    "vera": (State.INVITED, True),
}
MEMBERS = ("alice", "bob", "charlie", "erin", "frank", "harry", "ivan", "kim", "lou", "ina", "sue", "rex", "rita")
MEMBERS += ("dora", "sam")
SECRET = ("dora", "sam", "dee", "nora", "vera")  # nobody may learn that these are in the book at all


def people(town: Town) -> None:
    olga = town.person("olga", make_owner(name=f"Olga {MARK}", password=PASSWORD))
    for key in MEMBERS:
        name = f"{key.title()}{MARK} {CANARY if key in SECRET else 'Ames'}"
        firm = MARK if key == "charlie" else HIDDEN  # Charlie looks round: only what is others' is hidden from him
        facts = {"organisation": f"Vell of {key} {firm}", "pronouns": f"x{MARK}"}
        town.person(key, make_member(name=name, email=f"{key}@{key}.test", password=PASSWORD, **facts))
    dana = town.person("dana", make_member(name=f"Dana{MARK} Whitfield", invited_by=olga, password=PASSWORD))
    dana.make_curator()
    town.person("gwen", make_guest(name=f"Gwen{MARK}", password=PASSWORD))
    for key in ("dee", "nora", "vera"):
        stranger = make_user(name=f"{key.title()}{MARK} {CANARY}", email=f"{key}@{key}.test")
        stranger.take_handle(key)
        town.person(key, stranger)
    User.objects.filter(pk=town.people["ina"].pk).update(is_active=False)
    town.things["gone handle"] = {"handle": town.people["alice"].handle}
    for key, person in town.people.items():  # plain ones, so that addresses can be read in a failure
        if person.handle and person.change_handle(key):
            town.things[key] = {"handle": key}


def make_listing(town: Town, key: str, *, state: str, hidden: bool) -> None:
    if not town.categories:
        part = Part.objects.create(slug="speaking", name=f"Speaking {MARK}", description=f"To be heard. {MARK}")
        for slug in ("podcasting", "webinars", "retired"):
            texts = {
                "description": f"Nobody listens. {MARK}",
                "problems": [f"My show {MARK}"],
                "aliases": [f"a {MARK}"],
            }
            town.categories.append(
                Category.objects.create(part=part, slug=slug, name=f"{slug.title()} {MARK}", **texts)
            )
            town.things[slug] = {"slug": slug}
        town.categories[0].related.add(town.categories[1])
    person, steps, words = town.people[key], STEPS[state], HIDDEN if hidden else MARK
    curator, bob = town.people["dana"], town.people["bob"]
    texts = {name: f"Says {name} {words}" for name in ("headline", "own_words", "for_whom", "not_for_whom")}
    where = Place.objects.get_or_create(id=1, name=f"Porto {MARK}", country="Portugal", latitude=41.1, longitude=-8.6)[
        0
    ]
    expert = Expert.objects.nominate(
        person=person, by=bob, links=[f"https://{key}.example/?{MARK}"], place=where, **texts
    )
    expert.choose(town.categories[:2])
    acts: dict[str, Any] = {
        "invite": lambda: expert.invite(by=None),
        "decline": lambda: expert.decline(by=person, reason=HIDDEN),
        "accept": expert.accept,
        "submit": expert.submit,
        "print": lambda: expert.put_in_print(by=curator, reason=HIDDEN),
        "rest": lambda: expert.rest(by=person, reason=HIDDEN),
        "retire": lambda: expert.retire(by=person, reason=HIDDEN),
        "suspend": lambda: expert.suspend(by=curator, reason=HIDDEN),
    }
    for step in steps:
        acts[step]()
    if "suspend" in steps:
        letters.listing_suspended(expert, by=curator, reason=HIDDEN)


def said(town: Town, author: str, expert: str, *, words: str, **more: Any) -> Recommendation:
    texts = {name: f"{author} says {name} {words}" for name in ("how_i_know", "what_i_like", "why_i_trust")}
    signed = Recommendation.objects.sign(
        author=town.people[author],
        expert=town.expert(expert),
        categories=town.categories[:1],
        relationship="client",
        **texts,
        **more,
    )
    town.things[f"{author} on {expert}"] = {"pk": signed.pk}
    return signed


def recommendations(town: Town) -> None:
    """About Alice: in print, not shown, withdrawn, unread, sent back, read and waiting. Everybody else: hidden."""
    dana = town.people["dana"]
    printed = said(town, "bob", "alice", words=MARK)
    printed.read(by=dana)
    printed.accept()
    printed.reply(f"Thank you {MARK}")
    for author, last in (("harry", "hide"), ("lou", "withdraw"), ("kim", "")):
        one = said(town, author, "alice", words=HIDDEN)
        one.read(by=dana)
        if last == "withdraw":
            one.accept()
        if last:
            getattr(one, last)()
    said(town, "frank", "erin", words=MARK).read(by=dana)
    town.expert("erin").recommendations.get().accept()
    said(town, "ivan", "alice", words=HIDDEN)
    said(town, "bob", "sam", words=HIDDEN)
    said(town, "bob", "rex", words=HIDDEN)
    for key in ("nora", "vera"):
        person = town.people[key]
        said(town, "bob", key, words=HIDDEN, nominated_as=f"{key.title()}{CANARY}{MARK}", nominated_email=person.email)


def words_not_printed(town: Town) -> None:
    """Drafts, changes that wait, notes of the desk."""
    Draft.objects.keep(author=town.people["bob"], expert=town.expert("erin"), words=recommendation_typed(town))
    Draft.objects.keep(author=town.people["bob"], expert=None, words=nomination_typed(town))
    changed = {name: f"New {name} {HIDDEN}" for name in ("headline", "own_words", "for_whom", "not_for_whom")}
    revision = Revision.objects.propose(town.expert("alice"), words={**changed, "links": ["https://kanarie.example/"]})
    assert revision is not None
    Revision.objects.propose(town.expert("erin"), words=changed)
    Revision.objects.get(expert=town.expert("erin")).send_back(by=town.people["dana"], reason=HIDDEN)
    Recommendation.objects.update(signed_at=timezone.now() - 3 * DAY)  # or Bob had spent what one may sign in a day
    back = said(town, "kim", "erin", words=MARK)
    assert back.read_at  # Kim's second: nobody has to read it first
    Recommendation.objects.filter(pk=back.pk).update(told_at=timezone.now() - 8 * DAY)
    Expert.objects.filter(pk=back.expert_id).update(listed_at=timezone.now() - 8 * DAY)
    Recommendation.objects.print_due()


def doors(town: Town) -> None:
    """Invitations, letters, tokens."""
    bob = town.people["bob"]
    for key, email in (("open invitation", ""), ("named invitation", "joan@joan.test")):
        one = Invitation.objects.invite(inviter=bob, sentence=f"{key} {HIDDEN}", email=email)
        town.things[key] = {"token": one.token}
        town.things[f"row of the {key}"] = {"pk": one.pk}
    Suppression.objects.add_address("left@alone.test")
    town.things["off"] = {"token": off_token("joan@joan.test")}
    for key in ("vera", "nora"):
        town.things[f"question to {key}"] = {"token": nomination_token(town.expert(key))}
    for person in (bob, town.people["alice"]):
        words = {"sentence": HIDDEN, "email": f"{CANARY}@example.test"}
        Notice.objects.tell(person, letter="invite-again", key=f"town:{person.pk}", path="/invitations/", words=words)


def book(town: Town) -> None:
    """Picks, decisions, books, former addresses, a retired category."""
    dana, alice = town.people["dana"], town.expert("alice")
    review = timezone.localdate() + 200 * DAY
    reason = f"She cut my own show, and it was better. {MARK}"
    picked = {"curator": dana, "expert": alice, "reason": reason, "review_on": review}
    pick = Pick.objects.pick(category=town.categories[0], **picked)
    ended = Pick.objects.pick(category=town.categories[1], **{**picked, "reason": f"It was so once. {HIDDEN}"})
    ended.end(by=dana, reason=HIDDEN)
    Pick.objects.filter(pk=pick.pk).update(
        picked_on=timezone.localdate() - 9 * DAY, review_on=timezone.localdate() - DAY
    )
    town.things["pick of alice"] = {"handle": "alice", "pk": pick.pk}
    Book.objects.of(town.people["frank"]).set_visibility(Book.Visibility.ME)
    Book.objects.of(town.people["kim"]).set_visibility(Book.Visibility.PUBLIC)
    Decision.objects.create(expert=alice, by=dana, act="noted", before="listed", after="listed", reason=HIDDEN)
    town.categories[1].rename(slug="online-talks", name=f"Online talks {MARK}")
    town.things |= {"webinars": {"slug": "online-talks"}, "former category": {"slug": "webinars"}}
    town.categories[2].retire(successor=town.categories[0])
    town.things |= {"reset key": {"uidb36": "1", "key": "set-password"}, "key": {"pk": 1}}
    town.things["portrait"] = {"name": "aportrait", "size": 80, "ending": "webp"}
    for name in ("categories", "experts", "guides", "pages"):
        town.things[f"section {name}"] = {"section": name}


def recommendation_typed(town: Town) -> dict[str, Any]:
    answers = {name: f"She showed us how {name} is done, twice. {HIDDEN}" for name in ("how_i_know", "what_i_like")}
    about = {"relationship": "client", "since": "2022", "until": "", "categories": [str(town.categories[0].pk)]}
    return {**answers, "why_i_trust": f"She told us to wait with it. {HIDDEN}", **about, "disclosures": ["paid"]}


def nomination_typed(town: Town) -> dict[str, Any]:
    words = {name: value for name, value in recommendation_typed(town).items() if name != "categories"}
    person = {"name": f"New {CANARY}", "email": "new@new.test", "link": "https://new.example/"}
    return {**words, **person, "category": str(town.categories[0].pk)}
