"""Typing errors: a word that stands nowhere in print is taken for the nearest one that does."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, Value

from directory import facts
from directory.models import Category, Paper, SearchDocument, Word
from directory.models.words import LETTERS, words_of

from .query import CONFIG, STOP_WORDS, Query

SHORT = 5  # letters from which a word is repaired: shorter ones are too close to each other
LONG = 8  # letters from which two errors are believed; in a shorter word, one
MORE = 3  # a word that is in print itself must be so many times rarer than what it may have meant
CANDIDATES = 400
ONE_NAME = 0  # stands for the number of uses where a row is a name


def repair(query: Query, *, found: bool = False) -> Query | None:
    """The query with each mistyped word replaced, or None when there is nothing to repair.

    When something was `found`, its words are in print: those count as mistyped that are rare beside one like them."""
    typed = {word for word in words_of(" ".join(query.wanted)) if len(word) >= SHORT} - STOP_WORDS
    near, names = _near(typed) if typed else ({}, [])
    doubtful = typed if found else typed - near.keys()
    meant = {} if found else _one_name(doubtful, names)
    better = meant or {word: best for word in doubtful if (best := _nearest(word, near))}
    printed = _in_print({*better, *better.values()}) if better else set()
    better = {word: best for word, best in better.items() if best in printed and (found or word not in printed)}

    def replaced(match: re.Match[str]) -> str:
        word = match[0]
        best = better.get(facts.plain(word), word)
        return best.capitalize() if word[0].isupper() else best

    return Query.read(LETTERS.sub(replaced, query.text)) if better else None


def _near(typed: Iterable[str]) -> tuple[dict[str, int], list[list[str]]]:
    """The words that share letters with these and how often each is used, and names with such a word.

    Names are asked for themselves, so that somebody new is found before the words are gathered again."""
    alike = functools.reduce(operator.or_, (Q(text__trigram_similar=word) | Q(text__in=_swaps(word)) for word in typed))
    named = functools.reduce(operator.or_, (Q(plain_name__trigram_word_similar=word) for word in typed))
    words = Word.objects.filter(alike)[:CANDIDATES].values_list("text", "uses")
    people = SearchDocument.objects.filter(named)[:CANDIDATES].values_list("plain_name", Value(ONE_NAME))
    near: dict[str, int] = {}
    names = []
    for text, uses in words.union(people, all=True):
        found = words_of(text)
        near |= {word: max(uses, 1) + near.get(word, 0) for word in found}
        if uses == ONE_NAME:
            names.append(found)
    return near, names


def _one_name(words: set[str], names: Iterable[list[str]]) -> dict[str, str]:
    """Whom all these words together may have meant: "Alise Marcheti" is a name, though "alive" is as near."""
    for name in names if len(words) > 1 else ():
        meant = {word: best for word in words if (best := _nearest(word, dict.fromkeys(name, 1)))}
        if len(meant) == len(words):
            return meant
    return {}


def _in_print(words: Iterable[str]) -> set[str]:
    """Those that can be found at this moment: a page that had the word when words were gathered may be gone."""
    pages = (SearchDocument.objects, Category.objects.current().order_by(), Paper.objects.in_print())
    found = [
        page.filter(vector=SearchQuery(word, config=CONFIG)).values_list(Value(word))[:1]
        for page in pages
        for word in words
    ]
    return {word for (word,) in found[0].union(*found[1:])}


def _swaps(word: str) -> list[str]:
    """The word with two neighbours swapped, at each place: "edtior" has few trigrams in common with "editor"."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def _nearest(word: str, near: dict[str, int]) -> str | None:
    """The word with the fewest errors, the more used one first. Nobody mistypes the first letter."""
    allowed = 2 if len(word) >= LONG else 1
    enough = MORE * near.get(word, 0)
    likely = [other for other, uses in near.items() if other[0] == word[0] and other != word and uses >= enough]
    best = min(((errors(word, other), -near[other], other) for other in likely), default=None)
    return best[2] if best and best[0] <= allowed else None


def errors(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
