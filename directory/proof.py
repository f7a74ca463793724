"""What a curator reads before it is printed: its fingerprint, and what is different in it from what is in print now."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from directory.models import Category, Expert, Paper, Revision
from directory.models.revisions import printed

PRINTED = (
    "headline", "own_words", "for_whom", "not_for_whom", "portrait", "place_id", "remote", "languages", "clients",
    "price_band", "links",
)  # fmt: skip
LABELS = {
    "headline": "Headline",
    "own_words": "Own words",
    "for_whom": "For whom",
    "not_for_whom": "Not for whom",
    "categories": "Categories",
    "links": "Links",
    "portrait": "Portrait",
}


def fingerprint(*read: Any) -> str:
    """Changes whenever any of this changes: what was decided about is what was read."""
    text = json.dumps(read, default=str, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def of_submission(expert: Expert) -> str:
    words = [getattr(expert, name) for name in PRINTED]
    chosen = list(expert.chosen.order_by("position").values_list("category_id", flat=True))
    return fingerprint(expert.moved_at.isoformat(), expert.member.name, words, chosen)


def of_changes(revision: Revision) -> str:
    return fingerprint(revision.submitted_at.isoformat(), revision.words)


def of_guide(paper: Paper) -> str:
    waiting = paper.submitted_at.isoformat() if paper.submitted_at else ""
    return fingerprint(waiting, paper.latest_words)


@dataclass(frozen=True)
class Piece:
    """A stretch of words that stays, goes or is new."""

    kind: str  # "same", "gone", "new"
    text: str


@dataclass(frozen=True)
class Difference:
    """One field of a page: as it is in print, as proposed, and the stretches by which the two differ."""

    name: str
    label: str
    now: str
    proposed: str
    pieces: list[Piece]

    @property
    def gone(self) -> list[str]:
        return [piece.text.strip() for piece in self.pieces if piece.kind == "gone" and piece.text.strip()]

    @property
    def new(self) -> list[str]:
        return [piece.text.strip() for piece in self.pieces if piece.kind == "new" and piece.text.strip()]


def differences(revision: Revision) -> Iterator[Difference]:
    """Field by field, in the order of the page."""
    for name, label in LABELS.items():
        if name in revision.words:
            now, proposed = (as_text(name, value) for value in (printed(revision.expert, name), revision.words[name]))
            yield Difference(name, label, now, proposed, compare(now, proposed))


GUIDE_LABELS = {
    "title": "Title",
    "summary": "Quick answer",
    "body": "Text",
    "link": "Link",
    "categories": "Categories",
}


def differences_of_guide(paper: Paper) -> Iterator[Difference]:
    """What is new in the words that wait beside printed ones."""
    new, printed = paper.latest_words, paper.printed_words
    for name, label in GUIDE_LABELS.items():
        if new[name] != printed[name]:
            now, proposed = as_text(name, printed[name]), as_text(name, new[name])
            yield Difference(name, label, now, proposed, compare(now, proposed))


def as_text(name: str, value: Any) -> str:
    """A field as it is read: one category or link a line."""
    if name == "categories":
        known = Category.objects.in_bulk(value)
        return "\n".join(known[pk].name for pk in value if pk in known)
    return "\n".join(value) if isinstance(value, list) else str(value)


def compare(now: str, proposed: str) -> list[Piece]:
    """The stretches of words that both share, and those that only one has."""
    before, after = (re.findall(r"\S+\s*", text) for text in (now, proposed))
    pieces = []
    matcher = difflib.SequenceMatcher(None, [w.strip() for w in before], [w.strip() for w in after], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(after[new_start:new_end])))
            continue
        pieces += [Piece("gone", "".join(before[start:end]))] if end > start else []
        pieces += [Piece("new", "".join(after[new_start:new_end]))] if new_end > new_start else []
    return pieces
