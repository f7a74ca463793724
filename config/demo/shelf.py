"""A shelf of sample guides, at least one in print for each category: whoever has written one tends to write another."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter
from typing import Any

from django.utils.text import slugify

from accounts.names import plain
from directory.models import Decision, Paper, PaperState, State

from .listings import Listing
from .words import HERE

A_FEW = 3  # of one author
SETTLED = dt.timedelta(days=30)  # in print for so long before the first guide


def fill(*, chance: random.Random, now: dt.datetime, listings: list[Listing]) -> dict[int, Paper]:
    """Put the guides of shelf.json in print, each by somebody who is listed in its category; one waits at the desk and
    one is a draft. Returns the printed ones by the key of their author, one of each."""
    able = [one for one in listings if one.expert.in_print and one.listed_at and one.listed_at < now - SETTLED]
    written: Counter[int] = Counter()
    papers, shelves = [], []
    for words in json.loads((HERE / "shelf.json").read_text("utf-8")):
        there = [one for one in able if words["category"] in {category.slug for category in one.categories}]
        author = max(
            there, key=lambda one: (one.who.key == "alice", 0 < written[one.expert.pk] < A_FEW, chance.random())
        )
        written[author.expert.pk] += 1
        papers.append(_paper(author, words, chance=chance, now=now))
        shelves.append(next(c for c in author.categories if c.slug == words["category"]))
    Paper.objects.bulk_create(papers)
    shelf = Paper.categories.through
    shelf.objects.bulk_create(
        shelf(paper_id=paper.pk, category_id=category.pk) for paper, category in zip(papers, shelves, strict=True)
    )
    Decision.objects.bulk_create(
        Decision(
            expert=paper.author, paper=paper, by=paper.printed_by, act="guide-printed", before=State.LISTED,
            after=State.LISTED, reason="Plain, useful, and sells nothing.", at=paper.printed_at,
        )
        for paper in sorted(papers, key=lambda paper: paper.printed_at or now)
        if paper.printed_at
    )  # fmt: skip
    return {paper.author_id: paper for paper in papers if paper.printed_at}


def _paper(author: Listing, words: dict[str, Any], *, chance: random.Random, now: dt.datetime) -> Paper:
    at = author.since + (now - author.since) * chance.uniform(0.2, 0.95)
    paper = Paper(
        author=author.expert, title=words["title"], slug=slugify(plain(words["title"]))[:80].strip("-"),
        summary=words["summary"], body=words["body"], changed_at=at, state=words.get("state", PaperState.IN_PRINT),
    )  # fmt: skip
    if paper.state == PaperState.IN_PRINT:
        paper.printed_at, paper.printed_by = at, author.decider.user
    elif paper.state == PaperState.SUBMITTED:
        paper.submitted_at = now - dt.timedelta(days=2)
    return paper
