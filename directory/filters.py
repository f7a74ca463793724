"""What a reader may narrow a category by, and how many experts each choice would leave."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.http import QueryDict
from django.utils import timezone

from directory import facts, places
from directory.models import Category, Expert, Pick, Place
from directory.models.placements import PlacementQuerySet

ONLINE, NOW = "online", "now"
NEARBY = 100_000  # metres
CITIES = 30  # offered by name; any other can be typed
NOBODY = ""
SLIM = (
    "expert__languages",
    "expert__clients",
    "expert__price_band",
    "expert__place",
    "expert__remote",
    "expert__taking_clients",
    "expert__taking_until",
)
STANDING, NEAREST = "standing", "nearest"
ORDERS: dict[str, list[Any]] = {  # each has its index, and ends with a unique column
    STANDING: ["-score", "shuffle", "expert_id"],
    "newest": [F("newest_voice_at").desc(nulls_last=True), "expert_id"],
    "name": ["sort_name", "expert_id"],
    NEAREST: ["metres", "expert_id"],
}
ORDER_NAMES = {
    STANDING: "What others say",
    "newest": "Newest recommendation",
    "name": "Name",
    NEAREST: "Nearest",
}


class LastWritten(forms.TextInput):
    """Of several fields with one name the last that is not empty: what was typed goes before what was chosen."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        written = data.getlist(name) if isinstance(data, QueryDict) else [data.get(name, "")]
        return next((value for value in reversed(written) if value.strip()), "")


class Option(NamedTuple):
    value: str
    label: str
    number: int
    chosen: bool


class Facet(NamedTuple):
    name: str
    label: str
    anything: str  # the choice that filters nothing
    options: list[Option]


class Numbers(NamedTuple):
    leaving: dict[
        str, Counter[str]
    ]  # for each filter: how many experts each choice would leave beside the other filters
    refused_by: Counter[str]  # experts whom one filter alone keeps out, by its name; NOBODY: those who are left


class EntryFilter(django_filters.FilterSet):
    """The experts of one category, narrowed by what stands in the address. A value we do not know narrows nothing."""

    language = django_filters.ChoiceFilter(choices=facts.LANGUAGES, method="filter_language", label="Language")
    where = django_filters.CharFilter(method="filter_where", label="Where", max_length=120, widget=LastWritten)
    price = django_filters.ChoiceFilter(choices=facts.PRICE_BANDS, field_name="expert__price_band", label="Price")
    client = django_filters.ChoiceFilter(choices=facts.CLIENTS, method="filter_client", label="Works with")
    taking = django_filters.ChoiceFilter(
        choices=[(NOW, "Taking clients now")], method="filter_taking", label="Taking clients"
    )

    def __init__(self, data: QueryDict, *, category: Category) -> None:
        super().__init__(data, queryset=category.placements.all())
        self.category = category
        self.form.is_valid()  # fills cleaned_data with the values that are known

    def filter_language(self, queryset: PlacementQuerySet, name: str, value: str) -> PlacementQuerySet:
        return queryset.filter(expert__languages__contains=[value])

    def filter_client(self, queryset: PlacementQuerySet, name: str, value: str) -> PlacementQuerySet:
        return queryset.filter(expert__clients__contains=[value])

    def filter_taking(self, queryset: PlacementQuerySet, name: str, value: str) -> PlacementQuerySet:
        return queryset.filter(expert__in=Expert.objects.taking_clients(timezone.localdate()))

    def filter_where(self, queryset: PlacementQuerySet, name: str, value: str) -> PlacementQuerySet:
        if value == ONLINE:
            return queryset.filter(expert__remote=True)
        return queryset.filter(expert__place__in=list(self.distances))

    # What was asked for

    @functools.cached_property
    def applied(self) -> dict[str, str]:
        """The filters in force: name and value, as they stand in an address."""
        wanted = {name: value for name, value in self.form.cleaned_data.items() if value}
        if wanted.get("where", ONLINE) != ONLINE:
            wanted["where"] = str(self.city.pk) if self.city else ""
        return {name: wanted[name] for name in self.filters if wanted.get(name)}

    @functools.cached_property
    def city(self) -> Place | None:
        """The city the reader chose from the list, or typed."""
        text = self.form.cleaned_data.get("where", "")
        if text in ("", ONLINE):
            return None
        if text.isdecimal():
            return self.places.get(int(text)) or places.by_id(int(text))
        return places.find(text)

    @property
    def unknown_city(self) -> str:
        """What the reader typed, when we know no such city."""
        text = self.form.cleaned_data.get("where", "")
        return "" if text in ("", ONLINE) or self.city else text

    @functools.cached_property
    def order(self) -> str:
        wanted = self.data.get("order", "")
        return wanted if wanted in self.orders else STANDING

    @property
    def orders(self) -> dict[str, str]:
        return {name: label for name, label in ORDER_NAMES.items() if name != NEAREST or self.city}

    @functools.cached_property
    def places(self) -> dict[int, Place]:
        """The cities in which experts of this category are."""
        return Place.objects.filter(experts__placed_in__category=self.category).distinct().in_bulk()

    @functools.cached_property
    def distances(self) -> dict[int, int]:
        """How far it is, in metres, from the chosen city to those that are near it."""
        return places.near(self.city, self.places.values(), within=NEARBY) if self.city else {}

    # What is there

    def cards(self) -> PlacementQuerySet:
        """The experts to print, in the order asked for."""
        picked = Pick.objects.standing().filter(expert=OuterRef("expert"), category=OuterRef("category"))
        cards = self.queryset.for_cards().annotate(picked_by=Subquery(picked.values("curator__name")[:1]))
        for name, value in self.applied.items():
            cards = self.filters[name].filter(cards, value)
        if self.order == NEAREST:
            steps = [When(expert__place=pk, then=Value(metres)) for pk, metres in self.distances.items()]
            cards = cards.annotate(metres=Case(*steps, default=Value(0), output_field=models.IntegerField()))
        return cards.order_by(*ORDERS[self.order])

    @functools.cached_property
    def numbers(self) -> Numbers:
        """Counted here from one slim row for each expert: seven grouped queries took four times as long."""
        accepted = {name: {value} for name, value in self.applied.items()}
        if self.city:
            accepted["where"] = {str(pk) for pk in self.distances}
        numbers, today = Numbers(defaultdict(Counter), Counter()), timezone.localdate()
        for row in self.queryset.values_list(*SLIM):
            options = options_of(*row, today=today)
            refusing = [name for name, values in accepted.items() if values.isdisjoint(options[name])]
            if len(refusing) < 2:
                numbers.refused_by[refusing[0] if refusing else NOBODY] += 1
                for name in refusing or options:
                    numbers.leaving[name].update(options[name])
        return numbers

    @property
    def number(self) -> int:
        """How many experts all filters leave."""
        return self.numbers.refused_by[NOBODY]

    @property
    def facets(self) -> list[Facet]:
        return [
            self._facet("language", "Any language", sorted(facts.LANGUAGES, key=lambda pair: pair[1])),
            Facet("where", "Where", "Anywhere", list(self._wheres())),
            self._facet("price", "Any price", facts.PRICE_BANDS),
            self._facet("client", "Anybody", facts.CLIENTS),
        ]

    @property
    def taking_now(self) -> Option:
        return Option(NOW, "Taking clients now", self.numbers.leaving["taking"][NOW], "taking" in self.applied)

    def _facet(self, name: str, anything: str, choices: Iterable[tuple[str, str]]) -> Facet:
        numbers, chosen = self.numbers.leaving[name], self.applied.get(name)
        options = [
            Option(value, label, numbers[value], value == chosen)
            for value, label in choices
            if value in numbers or value == chosen
        ]
        return Facet(name, str(self.filters[name].label), anything, options)

    def _wheres(self) -> Iterable[Option]:
        numbers, chosen = self.numbers.leaving["where"], self.applied.get("where")
        if ONLINE in numbers or chosen == ONLINE:
            yield Option(ONLINE, "Online", numbers[ONLINE], chosen == ONLINE)
        there = {pk: numbers[str(pk)] for pk in self.places if str(pk) in numbers}
        offered = {pk: self.places[pk] for pk in sorted(self.places, key=lambda pk: -there.get(pk, 0))[:CITIES]}
        if self.city:
            offered[self.city.pk] = self.city
        for place in sorted(offered.values(), key=lambda place: (place.name, place.country)):
            around = places.near(place, (self.places[pk] for pk in there), within=NEARBY)
            number, is_chosen = sum(there[pk] for pk in around), str(place.pk) == chosen
            if number or is_chosen:
                yield Option(str(place.pk), f"Near {place.name}, {place.country}", number, is_chosen)

    # Where the links lead

    def address(self, **changes: str) -> str:
        """This page with other filters; an empty value drops one. Paging begins anew."""
        order = {} if self.order == STANDING else {"order": self.order}
        wanted = {name: value for name, value in {**self.applied, **order, **changes}.items() if value}
        path = self.category.get_absolute_url()
        return f"{path}?{urlencode(wanted)}" if wanted else path

    @property
    def removable(self) -> list[tuple[str, str]]:
        """(words, address without it) of each filter in force."""
        return [(self._words(name), self.address(**{name: ""})) for name in self.applied]

    @property
    def ways_out(self) -> list[tuple[str, str, int]]:
        """(words, address, number of experts without it) of each filter whose removal brings somebody back."""
        back = self.numbers.refused_by
        return [
            (self._words(name), self.address(**{name: ""}), self.number + back[name])
            for name in self.applied
            if back[name]
        ]

    def _words(self, name: str) -> str:
        value = self.applied[name]
        if name == "where":
            return f"Near {self.city.name}, {self.city.country}" if self.city else "Online"
        return str(dict(self.filters[name].extra["choices"])[value])


def options_of(
    languages: list[str],
    clients: list[str],
    price: str,
    place: int | None,
    remote: bool,
    taking: bool,
    until: dt.date | None,
    *,
    today: dt.date,
) -> dict[str, list[str]]:
    """The choices of each filter that fit an expert."""
    return {
        "language": languages,
        "client": clients,
        "price": [price] if price else [],
        "where": ([ONLINE] if remote else []) + ([str(place)] if place else []),
        "taking": [NOW] if taking == (until is None or until >= today) else [],  # as Expert.takes_clients
    }
