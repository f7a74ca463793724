"""Experts from a file: what is in each row, what is wrong with it, and what became of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from accounts.letters import one_line
from accounts.models import Suppression, User
from directory import facts, places
from directory.formulas import rearm
from directory.models import Category, Expert, Place, Revision, State
from directory.models.experts import LINKS, MORE_CATEGORIES, OWN_WORDS

HEADER = (
    "email", "name", "headline", "categories", "place", "remote", "languages", "price_band", "own_words", "links",
)  # fmt: skip
REQUIRED = ("email", "name", "categories")
SEPARATORS = ",;\t"
LINK = 300  # characters
YES, NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
KINDS = {
    b"PK": "This is a workbook of a spreadsheet program. Save it as CSV UTF-8 and try again.",
    b"\xff\xfe": "This file is in UTF-16. Save it as CSV UTF-8 and try again.",
    b"\xfe\xff": "This file is in UTF-16. Save it as CSV UTF-8 and try again.",
}


class NotATable(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    line: int
    field: str
    text: str
    value: str = ""


@dataclass(frozen=True)
class Verdict:
    """What became of a good row: added, updated, unchanged, proposed (waits at the desk) or left (as it was)."""

    line: int
    email: str
    became: str
    note: str = ""


@dataclass
class Table:
    """The rows of a file, each with the number of the line it begins on, and what was noticed in reading it."""

    rows: list[tuple[int, list[str]]]
    columns: list[str]
    notes: list[str] = field(default_factory=list)


def read(content: bytes) -> Table:
    """The rows of a CSV file with commas, semicolons or tabs, in UTF-8 or else Windows-1252. Raises NotATable."""
    text, notes = decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    if separator != ",":
        notes.append(f"Cells are separated by {'semicolons' if separator == ';' else 'tabs'}.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, [rearm(cell) for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotATable(f"The row that begins on line {line} cannot be read: {error}.") from error
    if not rows:
        raise NotATable("The file is empty.")
    return Table(rows=rows[1:], columns=columns(rows[0][1]), notes=notes)


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, and what was noticed."""
    for beginning, advice in KINDS.items():
        if content.startswith(beginning):
            raise NotATable(advice)
    if b"\0" in content:
        raise NotATable("The file contains NUL bytes: it is no text. Save it as CSV UTF-8 and try again.")
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252"), ["The file is not UTF-8; it was read as Windows-1252."]
        except UnicodeDecodeError as error:
            raise NotATable("The file is neither UTF-8 nor Windows-1252. Save it as CSV UTF-8.") from error


def columns(header: list[str]) -> list[str]:
    """The names in the first row, which must be ours: a misspelt column would be lost without a word."""
    names = [name.strip().lower() for name in header]
    wrong = [f"“{name}” is no column" for name in names if name not in HEADER]
    wrong += [f"“{name}” is missing" for name in REQUIRED if name not in names]
    wrong += [f"“{name}” is there twice" for name in HEADER if names.count(name) > 1]
    if wrong:
        raise NotATable(f"The first row must name the columns: {', '.join(wrong)}. We know {','.join(HEADER)}.")
    return names


def several(text: str) -> list[str]:
    """The values of one cell, joined by semicolons."""
    return list(dict.fromkeys(value.strip() for value in text.split(";") if value.strip()))


class Names:
    """What the words in a file may stand for: categories by address, name or alias, languages by code or name."""

    def __init__(self) -> None:
        self.categories: dict[str, set[Category]] = {}
        for category in Category.objects.select_related("successor"):
            for word in (category.slug, category.name, *category.aliases):
                self.categories.setdefault(facts.plain(word), set()).add(category)
        # A name stands for its category even where another one has it for an alias.
        for category in Category.objects.current():
            for word in (category.name, category.slug):
                self.categories[facts.plain(word)] = {category}
        self.languages = {facts.plain(word): code for code, name in facts.LANGUAGES for word in (code, name)}
        self.prices = {facts.plain(word): band for band, name in facts.PRICE_BANDS for word in (band, name)}

    def category(self, word: str) -> Category:
        found = self.categories.get(facts.plain(word), set())
        current = [category for category in found if category.retired_at is None]
        if not found:
            raise ValidationError(f"“{word}” is no category, nor another name of one.")
        if len(current) > 1:
            raise ValidationError(f"“{word}” can mean {' or '.join(sorted(c.slug for c in current))}: write which.")
        if not current:
            raise ValidationError(f"“{word}” is retired: use {next(iter(found)).successor or 'another one'}.")
        return current[0]


class RowForm(forms.Form):
    """One row. What is empty says nothing, and leaves as it is what is known already."""

    email = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=80)
    headline = forms.CharField(max_length=140, required=False)
    categories = forms.CharField()
    place = forms.CharField(max_length=120, required=False)
    remote = forms.CharField(required=False)
    languages = forms.CharField(required=False)
    price_band = forms.CharField(required=False)
    own_words = forms.CharField(required=False)
    links = forms.CharField(required=False)

    def __init__(self, data: dict[str, str], *, names: Names) -> None:
        super().__init__(data)
        self.names = names

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Suppression.objects.covers(email):
            raise ValidationError("This address asked to be left alone.")
        return email

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean_headline(self) -> str:
        return one_line(self.cleaned_data["headline"])

    def clean_categories(self) -> list[Category]:
        found = [self.names.category(word) for word in several(self.cleaned_data["categories"])]
        found = list(dict.fromkeys(found))
        if not 1 <= len(found) <= 1 + MORE_CATEGORIES:
            raise ValidationError(f"One category, and up to {MORE_CATEGORIES} others: these are {len(found)}.")
        return found

    def clean_place(self) -> Place | None:
        text = self.cleaned_data["place"]
        if not text:
            return None
        found = places.find(text)
        if found is None:
            raise ValidationError("We know no city of that name. Write it as “Chicago, United States”.")
        return found

    def clean_remote(self) -> bool | None:
        text = self.cleaned_data["remote"].lower()
        if text and text not in YES + NO:
            raise ValidationError("Write yes or no.")
        return text in YES if text else None

    def clean_languages(self) -> list[str]:
        words = several(self.cleaned_data["languages"])
        unknown = [word for word in words if facts.plain(word) not in self.names.languages]
        if unknown:
            raise ValidationError(f"“{unknown[0]}” is no language we know. Write a code such as en, or its name.")
        return list(dict.fromkeys(self.names.languages[facts.plain(word)] for word in words))

    def clean_price_band(self) -> str:
        text = self.cleaned_data["price_band"]
        if text and facts.plain(text) not in self.names.prices:
            raise ValidationError(f"Write one of {', '.join(band for band, _ in facts.PRICE_BANDS)}.")
        return self.names.prices.get(facts.plain(text), "")

    def clean_own_words(self) -> str:
        text: str = self.cleaned_data["own_words"].replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > OWN_WORDS:
            raise ValidationError(f"{len(text)} characters, and at most {OWN_WORDS} fit.")
        return text

    def clean_links(self) -> list[str]:
        links = several(self.cleaned_data["links"])
        if len(links) > LINKS:
            raise ValidationError(f"{len(links)} links, and at most {LINKS} fit.")
        for link in links:
            if len(link) > LINK:
                raise ValidationError(f"A link may have {LINK} characters.")
            URLValidator(["http", "https"], message=f"“{link}” is no web address: write it with http:// or https://.")(
                link
            )
        return links


def check(table: Table) -> Iterator[tuple[int, RowForm | None, list[Problem]]]:
    """Each row in turn: its line, its form when it is good, else its problems."""
    names, seen = Names(), dict[str, int]()
    for line, cells in table.rows:
        if len(cells) > len(table.columns):
            problem = f"{len(cells)} cells, but the first row names {len(table.columns)}. Is a quotation mark missing?"
            yield line, None, [Problem(line, "row", problem, cells[-1])]
            continue
        data = dict(zip(table.columns, cells, strict=False))
        form = RowForm(data, names=names)
        email = form.cleaned_data.get("email", "") if form.is_valid() or form.cleaned_data else ""
        if email and seen.setdefault(email, line) != line:
            form.add_error("email", f"The same address is on line {seen[email]}.")
        problems = [
            Problem(line, name, str(text), data.get(name, "")) for name, texts in form.errors.items() for text in texts
        ]
        yield line, None if problems else form, problems


@transaction.atomic
def take_in(row: dict[str, Any], *, line: int, by: User | None) -> Verdict:
    """Add the expert of a good row, or bring what we have of them up to it. Nobody is written to."""
    person = User.objects.meet(email=row["email"], name=row["name"])
    expert = Expert.objects.filter(pk=person.pk).first()
    if expert is None:
        expert = Expert.objects.nominate(person=person, by=by, **told(row))
        expert.choose(row["categories"])
        return Verdict(line, person.email, "added")
    expert = expert.locked()
    if expert.state in (State.NOMINATED, State.INVITED, State.DRAFT):
        changed = update(expert, row)
        return Verdict(line, person.email, "updated" if changed else "unchanged", ", ".join(changed))
    if expert.state in (State.LISTED, State.RESTING):
        return propose(expert, row, line=line)
    return Verdict(line, person.email, "left", f"{expert.get_state_display().lower()}: a file changes nothing here")


def told(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of an Expert that the row says something about."""
    if row["place"]:
        Place.objects.bulk_create([row["place"]], ignore_conflicts=True)  # it may come from the gazetteer
    names = ("headline", "place", "remote", "languages", "price_band", "own_words", "links")
    return {name: row[name] for name in names if row[name] not in (None, "", [])}


def called(place: Place) -> str:
    """How a file names a city."""
    return f"{place.name}, {place.country}"


def update(expert: Expert, row: dict[str, Any]) -> list[str]:
    """Write what differs; the names of what did."""
    changed = [name for name, value in told(row).items() if getattr(expert, name) != value]
    if "place" in changed and expert.place and called(expert.place) == called(row["place"]):
        changed.remove("place")  # of the cities with that name the one we have is meant
    for name in changed:
        setattr(expert, name, row[name])
    if changed:
        expert.save(update_fields=changed)
    if expert.categories != row["categories"]:
        expert.choose(row["categories"])
        changed.append("categories")
    if not expert.member.is_member and expert.member.name != row["name"]:
        expert.member.name = row["name"]
        expert.member.save(update_fields=["name"])
        changed.append("name")
    return changed


def propose(expert: Expert, row: dict[str, Any], *, line: int) -> Verdict:
    """A page in print changes only when a curator has read it; the expert's own changes are never pushed aside."""
    email, where = expert.member.email, expert.get_state_display().lower()
    if Revision.objects.filter(expert=expert).exists():
        return Verdict(line, email, "left", f"{where}: the expert's own changes come first")
    words = {name: value for name, value in told(row).items() if name in ("headline", "own_words", "links")}
    words["categories"] = [category.pk for category in row["categories"]]
    if Revision.objects.propose(expert, words=words):
        return Verdict(line, email, "proposed", f"{where}: the changed words wait at the desk")
    return Verdict(line, email, "unchanged", f"{where}: its words are the same, its facts are the expert's own")
