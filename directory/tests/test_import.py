"""Experts from a file: each row gets a verdict, nothing half is kept, nobody is written to."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.db import DataError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Notice, Suppression, User
from accounts.tests.factories import make_curator, make_guest, make_member
from directory import importing
from directory.models import Decision, Expert, Revision, State
from directory.tests.desk import make_printed
from directory.tests.listings import make_category, make_listing

pytestmark = pytest.mark.django_db
HEADER = ",".join(importing.HEADER)
ANA = {
    "email": "ana@consulting.example",
    "name": "Ana Brandt",
    "headline": "Helps hosts who dread the edit.",
    "categories": "podcasting",
    "place": "Porto, Portugal",
    "remote": "yes",
    "languages": "en;pt",
    "price_band": "middle",
    "own_words": "I cut the boring parts.",
    "links": "https://ana.example/;http://cut.example/a",
}


@pytest.fixture(autouse=True)
def contents() -> None:
    make_category(aliases=["Radio for the web", "Audio shows"])
    make_category(slug="video-editing", name="Video editing", aliases=["Film cutting"])


def as_csv(rows: Sequence[dict[str, str]], *, separator: str = ",", columns: Sequence[str] = importing.HEADER) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def take_in(tmp_path: Path, content: str | bytes, *options: str, fails: str = "") -> str:
    """What the command printed. With `fails` it must fail with these words."""
    file = tmp_path / "experts.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    if fails:
        with pytest.raises(CommandError, match=fails):
            call_command("import_experts", str(file), *options, stdout=out)
    else:
        call_command("import_experts", str(file), *options, stdout=out)
    return out.getvalue()


def row(**changes: str) -> dict[str, str]:
    return {**ANA, **changes}


def test_a_good_row_is_nominated_and_nobody_is_written_to(tmp_path: Path) -> None:
    said = take_in(tmp_path, as_csv([row()]))
    assert "line 2: added ana@consulting.example" in said
    assert "1 row: 1 good, 0 bad. 1 added." in said
    expert = Expert.objects.with_member().get()
    assert (expert.state, expert.name, expert.member.member_since) == (State.NOMINATED, "Ana Brandt", None)
    assert (expert.headline, expert.own_words) == (ANA["headline"], ANA["own_words"])
    assert (expert.remote, expert.languages, expert.price_band) == (True, ["en", "pt"], "middle")
    assert expert.links == ["https://ana.example/", "http://cut.example/a"]
    assert expert.place is not None
    assert (expert.place.name, expert.place.country) == ("Porto", "Portugal")
    assert [category.slug for category in expert.categories] == ["podcasting"]
    assert not expert.member.has_usable_password()
    assert not Notice.objects.exists()
    assert Decision.objects.get().act == "nominated"


def test_a_short_file_needs_three_columns_only(tmp_path: Path) -> None:
    take_in(tmp_path, "email,name,categories\nana@a.example,Ana Brandt,podcasting\n")
    assert Expert.objects.get().headline == ""


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("email", "", "This field is required."),
        ("email", "ana at home", "Enter a valid email address."),
        ("email", f"{'a' * 250}@a.example", "Ensure this value has at most 254 characters"),
        ("name", "", "This field is required."),
        ("name", "x" * 81, "Ensure this value has at most 80 characters"),
        ("headline", "x" * 141, "Ensure this value has at most 140 characters"),
        ("categories", "", "This field is required."),
        ("categories", ";;", "One category, and up to 3 others: these are 0."),
        ("categories", "podcastng", "“podcastng” is no category"),
        ("place", "Nowhere-on-Sea", "We know no city of that name."),
        ("remote", "perhaps", "Write yes or no."),
        ("languages", "en;klingon", "“klingon” is no language we know."),
        ("price_band", "cheap", "Write one of modest, middle, premium."),
        ("own_words", "x" * 1201, "1201 characters, and at most 1200 fit."),
        ("links", ";".join(f"https://a{n}.example" for n in range(6)), "6 links, and at most 5 fit."),
        ("links", "javascript:alert(1)", "“javascript:alert(1)” is no web address"),
        ("links", "data:text/html,x", "“data:text/html,x” is no web address"),
        ("links", "www.ana.example", "“www.ana.example” is no web address"),
        ("links", "https://a.example/" + "x" * 300, "A link may have 300 characters."),
    ],
)
def test_a_bad_row_is_named_by_line_field_problem_and_value(
    tmp_path: Path, field: str, value: str, problem: str
) -> None:
    said = take_in(tmp_path, as_csv([row(email="ok@a.example"), row(**{field: value})]), fails="1 of 2 rows are bad")
    assert f"line 3: {field}: {problem}" in said
    if value:
        assert repr(value[:80])[:-1] in said
    assert "Nothing was written" in said
    assert not Expert.objects.exists()
    assert not User.objects.exists()


def test_a_line_is_that_of_the_file_also_after_words_of_several_lines(tmp_path: Path) -> None:
    rows = [row(own_words="One\n\ntwo\nthree"), row(email="bad")]
    assert "line 6: email: Enter a valid email address." in take_in(tmp_path, as_csv(rows), fails="1 of 2")


def test_one_address_twice_is_a_problem(tmp_path: Path) -> None:
    said = take_in(tmp_path, as_csv([row(), row(email="ANA@Consulting.Example")]), fails="1 of 2")
    assert "line 3: email: The same address is on line 2." in said


def test_an_address_that_asked_to_be_left_alone_is_refused(tmp_path: Path) -> None:
    Suppression.objects.add_address("ana@consulting.example")
    said = take_in(tmp_path, as_csv([row()]), fails="1 of 1")
    assert "This address asked to be left alone." in said
    assert not User.objects.exists()


def test_a_row_with_too_many_cells_is_a_problem(tmp_path: Path) -> None:
    said = take_in(tmp_path, "email,name,categories\na@a.example,Ana,podcasting,oops\n", fails="1 of 1")
    assert "line 2: row: 4 cells, but the first row names 3." in said


def test_500_rows_with_20_bad_ones_are_each_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = set(range(13, 500, 25))
    rows = [row(email="broken" if n in bad else f"person{n}@a.example", name=f"Person {n}") for n in range(500)]
    content = as_csv(rows)
    said = take_in(tmp_path, content, fails="20 of 500 rows are bad")
    problems = [line for line in said.splitlines() if line.startswith("line ")]
    assert problems == [f"line {n + 2}: email: Enter a valid email address.: 'broken'" for n in sorted(bad)]
    assert "500 rows: 480 good, 20 bad." in said
    assert not Expert.objects.exists()
    assert "Checking: 100%" in capsys.readouterr().err
    said = take_in(tmp_path, content, "--skip-bad", fails="20 of 500 rows are bad")
    assert "480 added" in said
    assert Expert.objects.filter(state=State.NOMINATED).count() == 480
    assert not Notice.objects.exists()


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    content = as_csv([row(), row(email="bad")])
    said = take_in(tmp_path, content, "--dry-run", fails="1 of 2")
    assert "line 2: added ana@consulting.example" in said
    assert "line 3: email:" in said
    assert "this was a dry run" in said
    assert not User.objects.exists()
    assert not Expert.objects.exists()


def test_again_changes_nothing_and_then_what_is_new(tmp_path: Path) -> None:
    take_in(tmp_path, as_csv([row()]))
    assert "unchanged ana@consulting.example" in take_in(tmp_path, as_csv([row()]))
    changed = row(headline="Helps hosts who never began.", categories="podcasting;video-editing", name="Ana B. Brandt")
    assert "updated ana@consulting.example (headline, categories, name)" in take_in(tmp_path, as_csv([changed]))
    expert = Expert.objects.with_member().get()
    assert (expert.headline, expert.name) == ("Helps hosts who never began.", "Ana B. Brandt")
    assert [category.slug for category in expert.categories] == ["podcasting", "video-editing"]
    assert Decision.objects.count() == 1


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    take_in(tmp_path, as_csv([row()]))
    empty = row(headline="", place="", remote="", languages="", price_band="", own_words="", links="")
    assert "unchanged" in take_in(tmp_path, as_csv([empty]))
    assert Expert.objects.get().languages == ["en", "pt"]


@pytest.mark.parametrize("state", [State.INVITED, State.DRAFT])
def test_what_is_not_at_the_desk_yet_is_brought_up_to_date(tmp_path: Path, state: str) -> None:
    expert = make_listing(state=state)
    name = expert.name
    take_in(tmp_path, as_csv([row(email=expert.member.email)]))
    expert.refresh_from_db()
    assert expert.state == state
    assert expert.own_words == ANA["own_words"]
    expert.member.refresh_from_db()
    assert expert.member.name == (name if expert.member.is_member else "Ana Brandt")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.DECLINED, State.RETIRED, State.SUSPENDED])
def test_what_is_decided_or_at_the_desk_is_left(tmp_path: Path, state: str) -> None:
    expert = make_listing(state=state)
    said = take_in(tmp_path, as_csv([row(email=expert.member.email)]))
    assert f"left {expert.member.email}" in said
    expert.refresh_from_db()
    assert (expert.state, expert.place) == (state, None)


def test_words_of_a_page_in_print_wait_at_the_desk(tmp_path: Path) -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    changed = row(email=expert.member.email, headline="Helps hosts who never began.", categories="video-editing")
    assert "the changed words wait at the desk" in take_in(tmp_path, as_csv([changed]))
    expert.refresh_from_db()
    assert (expert.headline, expert.place, expert.name) == ("Helps hosts who dread the edit.", None, "Alice Moreau")
    revision = Revision.objects.get()
    assert revision.words["headline"] == "Helps hosts who never began."
    again = take_in(tmp_path, as_csv([row(email=expert.member.email, headline="Another.")]))
    assert "the expert's own changes come first" in again
    assert Revision.objects.get().words == revision.words


def test_a_member_or_guest_who_has_no_listing_keeps_the_name(tmp_path: Path) -> None:
    member, guest = make_member(name="Bob Ferris"), make_guest(name="Gwen Adair")
    take_in(tmp_path, as_csv([row(email=member.email), row(email=guest.email, name="G. Adair")]))
    assert {expert.name for expert in Expert.objects.with_member()} == {"Bob Ferris", "G. Adair"}


def test_who_puts_them_forward(tmp_path: Path) -> None:
    dana = make_curator()
    take_in(tmp_path, as_csv([row()]), "--by", dana.email.upper())
    assert Expert.objects.get().nominated_by == dana
    assert Decision.objects.get().by == dana
    take_in(tmp_path, as_csv([row()]), "--by", "nobody@a.example", fails="Nobody with the address")
    said = take_in(tmp_path, as_csv([row(email=dana.email)]), "--by", dana.email, fails="1 of 1")
    assert "Nobody puts himself forward." in said


def test_categories_by_address_name_or_alias(tmp_path: Path) -> None:
    take_in(tmp_path, as_csv([row(categories="FILM CUTTING; radio for the web")]))
    assert [category.slug for category in Expert.objects.get().categories] == ["video-editing", "podcasting"]


def test_an_alias_of_two_categories_is_asked_back(tmp_path: Path) -> None:
    make_category(slug="film", name="Film", aliases=["Film cutting"])
    said = take_in(tmp_path, as_csv([row(categories="film cutting")]), fails="1 of 1")
    assert "“film cutting” can mean film or video-editing: write which." in said


def test_a_retired_category_names_its_successor(tmp_path: Path) -> None:
    old = make_category(slug="radio", name="Radio")
    old.retire(successor=make_category(slug="podcasting"))
    said = take_in(tmp_path, as_csv([row(categories="radio")]), fails="1 of 1")
    assert "“radio” is retired: use Podcasting." in said


def test_five_categories_are_too_many(tmp_path: Path) -> None:
    slugs = [make_category(slug=f"trade-{n}").slug for n in range(5)]
    assert "these are 5." in take_in(tmp_path, as_csv([row(categories=";".join(slugs))]), fails="1 of 1")


def test_languages_by_code_or_name(tmp_path: Path) -> None:
    take_in(tmp_path, as_csv([row(languages="English; PT;german")]))
    assert Expert.objects.get().languages == ["en", "pt", "de"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_understood(tmp_path: Path, separator: str) -> None:
    said = take_in(tmp_path, as_csv([row()], separator=separator))
    assert "Cells are separated by" in said
    assert Expert.objects.get().links == ANA["links"].split(";")


@pytest.mark.parametrize(("encoding", "note"), [("utf-8-sig", ""), ("cp1252", "it was read as Windows-1252")])
def test_files_of_spreadsheet_programs_are_understood(tmp_path: Path, encoding: str, note: str) -> None:
    content = as_csv([row(name="Zoë Núñez", own_words="“Slowly”, she said.")]).encode(encoding)
    assert note in take_in(tmp_path, content)
    assert Expert.objects.with_member().get().name == "Zoë Núñez"
    assert Expert.objects.get().own_words == "“Slowly”, she said."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"PK\x03\x04workbook", "workbook of a spreadsheet program"),
        ("email,name".encode("utf-16"), "UTF-16"),
        (b"email,name\0", "NUL"),
        (b"email,name,categories\n\x81\x8d,x,y", "neither UTF-8 nor Windows-1252"),
        (b"email,nmae,categories\n", "“nmae” is no column, “name” is missing"),
        (b"email,name,categories,email\n", "“email” is there twice"),
        (b'email,name,categories\na@a.example,"Ana,podcasting\n', "The row that begins on line 2 cannot be read"),
        (b'email,name,categories\na@a.example,"Ana"x,podcasting\n', "The row that begins on line 2 cannot be read"),
        (b"email,name,categories\n" + b"a" * 200_000, "The row that begins on line 2 cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_advice(tmp_path: Path, content: bytes, message: str) -> None:
    take_in(tmp_path, content, fails=message)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_experts", str(tmp_path / "none.csv"))


def test_what_looks_like_a_formula_is_data(tmp_path: Path) -> None:
    take_in(tmp_path, as_csv([row(headline="=1+1 reasons to talk", own_words="-- I cut.")]))
    expert = Expert.objects.get()
    assert (expert.headline, expert.own_words) == ("=1+1 reasons to talk", "-- I cut.")


def test_a_value_that_would_confuse_a_terminal_is_shown_harmless(tmp_path: Path) -> None:
    said = take_in(tmp_path, as_csv([row(price_band="\x1b[2Jgone")]), fails="1 of 1")
    assert "\x1b" not in said
    assert "\\x1b[2Jgone" in said


def test_a_row_that_fails_while_it_is_written_leaves_none_behind(tmp_path: Path, monkeypatch: Any) -> None:
    """The database is the last judge: when the form lets through too much, it refuses the whole file."""
    fields = {**importing.RowForm.base_fields, "headline": forms.CharField(required=False)}
    monkeypatch.setattr(importing.RowForm, "base_fields", fields)
    with pytest.raises(DataError):
        take_in(tmp_path, as_csv([row(), row(email="ben@a.example", headline="x" * 200)]))
    assert not User.objects.exists()
    assert not Expert.objects.exists()


@given(
    content=st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: f"{HEADER}\n{text}".encode("utf-8", "replace"))
)
def test_whatever_the_file_holds_it_is_a_verdict_and_no_crash(content: bytes) -> None:
    try:
        table = importing.read(content)
    except importing.NotATable:
        return
    assert all(len(row) for _, row in table.rows)
