"""The gazetteer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import places
from directory.models import Place


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Chicago", "Chicago", "United States"),
        (" chicago , il ", "Chicago", "United States"),
        ("Springfield, Missouri, USA", "Springfield", "United States"),
        ("Porto, Portugal", "Porto", "Portugal"),
        ("münchen", "Munich", "Germany"),
        ("Cologne, Germany", "Köln", "Germany"),
        ("Zurich", "Zürich", "Switzerland"),
        ("London, UK", "London", "United Kingdom"),
        ("New York", "New York City", "United States"),
    ],
)
def test_a_city_is_found_by_its_names(text, name, country):
    found = places.find(text)
    assert (found.name, found.country) == (name, country)
    assert places.by_id(found.pk).name == name


def test_of_several_the_largest_unless_said_which():
    assert places.find("Paris").country == "France"
    assert places.find("Paris, Texas").country == "United States"


@pytest.mark.parametrize("text", ["", ",", " , ,", "Nowhere", "Chicago, France", "9" * 500, "\udcff"])
def test_what_is_no_city_is_not_found(text):
    assert places.find(text) is None


@given(st.text())
def test_no_text_breaks_it(text):
    assert places.find(text) is None or isinstance(places.find(text), Place)


def test_distances():
    chicago, porto = places.find("Chicago"), places.find("Porto")
    assert places.metres(chicago, chicago) == 0
    assert places.metres(chicago, porto) == places.metres(porto, chicago) == pytest.approx(6_330_000, rel=0.01)
    evanston = places.find("Evanston")
    assert places.near(chicago, [evanston, porto], within=100_000) == {evanston.pk: places.metres(chicago, evanston)}


def test_no_id_of_nonsense():
    assert places.by_id(10**30) is None
