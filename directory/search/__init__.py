"""From somebody's words to categories, experts and guides.

Strictly first: what has all the words. When that is too little, a typing error may be to blame (`spelling`); and what
has only some of the words follows, apart. Any words find their three nearest categories.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from directory.models import Category

from . import spelling
from .finding import AT_MOST, COUNTED, categories_for, count, experts_close_to, experts_with_all
from .guides import guides_with_all
from .query import LENGTH, Query

__all__ = ["COUNTED", "LENGTH", "Query", "Results", "search"]

FEW = 3  # from so many hits on, nobody is asked whether they meant something else


@dataclass(frozen=True)
class Results:
    """What was found for a query: categories and the ids of experts and of guides, the best first."""

    query: Query
    categories: list[Category]
    experts: list[int]  # they have all the words, or a category of theirs has
    guides: tuple[int, ...] = ()  # they have all the words
    close: tuple[int, ...] = ()  # they have some of the words
    typed: Query | None = None  # what was typed, when these are the results of another spelling
    meant: str = ""  # another spelling that finds more, and was not taken

    @property
    def strict(self) -> list[Category]:
        """The categories that have all the words."""
        return [category for category in self.categories if category.strict]  # type: ignore[attr-defined]

    @property
    def fitting(self) -> list[Category]:
        """Those that have all the words or, where none has, some; what is left is only near by its letters."""
        return self.strict or [category for category in self.categories if category.rank > 0]  # type: ignore[attr-defined]

    @property
    def found(self) -> bool:
        return bool(self.fitting or self.experts or self.guides or self.close)

    @property
    def offered(self) -> list[Category]:
        """The categories to show: the nearest will do when nothing else is found."""
        return self.fitting if self.found else self.categories

    @property
    def asked(self) -> Query:
        """What the reader typed."""
        return self.typed or self.query

    @property
    def hits(self) -> int:
        """How much has all the words: what a better spelling must beat."""
        return len(self.experts) + len(self.strict) + len(self.guides)

    def total(self) -> int:
        """The number of experts; whatever is more than COUNTED stands for many."""
        return len(self.experts) if len(self.experts) < AT_MOST else max(len(self.experts), count(self.query))


def search(typed: str, *, exact: bool = False) -> Results:
    """Find categories, experts and guides. With `exact` no other spelling is taken instead, but one may be offered."""
    results = _strictly(Query.read(typed))
    if results.hits >= FEW:
        return _closely(results) if results.guides else results  # guides are no reason to show fewer experts
    better = None if results.strict else _spelt_better(results)
    if better is None:
        return _closely(results)
    if results.hits or exact:
        return replace(_closely(results), meant=better.query.text)
    return replace(_closely(better), typed=results.query)


def _strictly(query: Query) -> Results:
    """What has all the words: pages of experts, categories with those who are listed there, and guides."""
    results = Results(query=query, categories=categories_for(query), experts=[], guides=tuple(guides_with_all(query)))
    experts = experts_with_all(query, near=results.fitting, fitting=results.strict)
    return replace(results, experts=experts)


def _spelt_better(results: Results) -> Results | None:
    """The results of the same words without typing errors, unless that is no clear gain."""
    repaired = spelling.repair(results.query, found=results.hits > 0)
    better = _strictly(repaired) if repaired else None
    return better if better and better.hits >= FEW * results.hits else None


def _closely(results: Results) -> Results:
    """With those who have some of the words, where few have all."""
    if len(results.experts) >= FEW:
        return results
    close = experts_close_to(results.query, near=results.fitting)
    return replace(results, close=tuple(pk for pk in close if pk not in results.experts))
