"""What somebody typed, read as words, "quoted phrases" and -unwanted ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery

LENGTH = 200  # characters that are read
TERMS = 8  # words and phrases that are used
CONFIG = "book"  # the text search configuration: English word stems, no accents
# What Postgres drops as well (english.stop). Known here so that they are not counted as terms, nor taken for errors.
STOP_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
    """.split()  # noqa: SIM905
)
TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Query:
    text: str
    cut: bool  # there was more than is read
    terms: tuple[str, ...]  # wanted words and phrases, and "or" between them
    unwanted: tuple[str, ...]

    @classmethod
    def read(cls, typed: str) -> Query:
        """Read the first LENGTH characters, and of these the TERMS longest terms: what is short says little."""
        text = " ".join(typed.split())
        found = [_term(match) for match in TERM.finditer(text[:LENGTH])]
        used = sorted({term for _, term in found if _says_something(term)}, key=len, reverse=True)[:TERMS]
        wanted = [term for minus, term in found if not minus and (term in used or term.lower() == "or")]
        return cls(
            text=text[:LENGTH].rstrip(),
            cut=len(text) > LENGTH,
            terms=tuple(wanted),
            unwanted=tuple(term for minus, term in found if minus and term in used),
        )

    @property
    def wanted(self) -> list[str]:
        return [term for term in self.terms if term.lower() != "or"]

    @property
    def all_of_it(self) -> SearchQuery:
        return _read_by_postgres(" ".join(self.terms)) & ~self.unwanted_ones

    @property
    def any_of_it(self) -> SearchQuery:
        return _read_by_postgres(" or ".join(self.wanted)) & ~self.unwanted_ones

    @property
    def unwanted_ones(self) -> SearchQuery:
        """Matches nothing when nothing is unwanted."""
        return _read_by_postgres(" or ".join(self.unwanted))


def _term(match: re.Match[str]) -> tuple[bool, str]:
    """Whether it is unwanted, and the word, or the phrase in its quotes."""
    word = (match["word"] or "").lstrip("-")
    return bool(match["minus"]), word or f'"{match["phrase"] or ""}"'


def _says_something(term: str) -> bool:
    return any(character.isalnum() for character in term) and term.lower() not in STOP_WORDS


def _read_by_postgres(terms: str) -> SearchQuery:
    """websearch_to_tsquery takes any text without an error, and drops the stop words."""
    return SearchQuery(terms, search_type="websearch", config=CONFIG)
