"""Who writes the numbers by which the lists are ordered. The book keeps the rows; whoever knows what others say fills
them, and registers here when the apps are ready, so that the book needs to import nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from directory.models import Expert

Writer = Callable[["Expert", set[int]], None]
_writers: list[Writer] = []


def written_by(writer: Writer) -> None:
    """Have `writer` fill the placements of an expert whenever they are made anew."""
    if writer not in _writers:
        _writers.append(writer)


def write(expert: Expert, categories: set[int]) -> None:
    """`categories`: primary keys of all lists the expert is in, has entered or has left."""
    for writer in _writers:
        writer(expert, categories)
