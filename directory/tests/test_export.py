"""Experts as a file: safe to open in a spreadsheet program, and read again by the import."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import make_curator
from directory import exporting, importing
from directory.formulas import disarm, rearm
from directory.models import Expert, Place, State
from directory.tests.desk import make_printed
from directory.tests.listings import make_category, make_listing

PAYLOADS = [
    *["=1+1", "= 1", "=", "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example")', "=IMPORTXML(A1)", '=DDE("cmd")'],
    *["+1", "+", "++1", "+A1+A2", "+cmd|' /C calc'!A0", "-1", "-", "--1", "-A1", "-2+3+cmd|' /C calc'!A0"],
    *["@SUM(1)", "@A1", "@@", "@", "\t=1+1", "\tx", "\r=1+1", "\rx", "\n=1+1", '="a"&"b"', "=\u202e1", "-\n=1"],
    *["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM"],  # in full width
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_begins_a_formula(payload: str) -> None:
    assert disarm(payload) == f"'{payload}"
    assert rearm(disarm(payload)) == payload


@pytest.mark.parametrize("text", ["", "Ana", "1+1=2", "'Tis", "a=b", " =1", "''"])
def test_other_cells_stay(text: str) -> None:
    assert disarm(text) == text
    assert rearm(text) == text


@given(st.text())
def test_what_was_disarmed_comes_back(text: str) -> None:
    assert rearm(disarm(text)) == text
    assert not disarm(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def exported(*options: str) -> str:
    out = io.StringIO()
    call_command("export_experts", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("payload", [*PAYLOADS[:6], "+1 for talks", "-- no --", "@home"])
def test_nothing_in_the_file_runs(payload: str) -> None:
    make_listing(state=State.NOMINATED, headline=payload, own_words=f'{payload}, "quoted"\nand more')
    text = exported()
    cells = next(csv.DictReader(io.StringIO(text, newline="")))
    assert cells["headline"] == f"'{payload}"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells.values())


@pytest.mark.django_db
def test_the_file_is_taken_in_again_as_it_was(tmp_path: Path) -> None:
    place = Place.objects.create(id=2735943, name="Porto", country="Portugal", latitude=41.1, longitude=-8.6)
    two = [make_category(), make_category(slug="editing")]
    make_listing(
        state=State.NOMINATED,
        categories=two,
        headline="=1+1 reasons",
        own_words='One, "two"\n\n\'=three',
        place=place,
        remote=True,
        languages=["en", "pt"],
        price_band="middle",
        links=["https://a.example/?a;b", "https://b.example/"],
    )
    file = tmp_path / "out.csv"
    call_command("export_experts", "--output", str(file))
    assert file.read_bytes().startswith(b"\xef\xbb\xbfemail,name,headline")
    before = exported("--json")
    out = io.StringIO()
    call_command("import_experts", str(file), stdout=out)
    assert "1 updated" in out.getvalue()  # only the semicolon in a link is written differently now
    User.objects.all().delete()
    out = io.StringIO()
    call_command("import_experts", str(file), stdout=out)
    assert "1 added" in out.getvalue()
    now, then = json.loads(exported("--json"))[0], json.loads(before)[0]
    assert now.pop("links") == ["https://a.example/?a%3Bb", "https://b.example/"]
    then.pop("links")
    assert now == then
    assert "unchanged" in importing_again(file)


def importing_again(file: Path) -> str:
    out = io.StringIO()
    call_command("import_experts", str(file), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_json_has_everything_about_each() -> None:
    dana = make_curator()
    make_printed(by=dana, for_whom="Hosts")
    entry = json.loads(exported("--json"))[0]
    assert (entry["state"], entry["for_whom"], entry["categories"]) == ("listed", "Hosts", ["podcasting"])
    assert set(importing.HEADER) <= set(entry)
    assert json.loads(exported("--json")) == [entry]


@pytest.mark.django_db
def test_an_empty_book_is_a_header_and_an_empty_list() -> None:
    assert exported() == ",".join(importing.HEADER) + "\r\n"
    assert json.loads(exported("--json")) == []


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("export_experts", "--output", str(tmp_path / "none" / "out.csv"))


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(number):
        make_listing(state=State.NOMINATED)
    assert Expert.objects.count() == number
    with django_assert_num_queries(3):
        exporting.write_csv(io.StringIO())
