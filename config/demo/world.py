"""A whole community at once: a thousand members, three hundred experts, three thousand recommendations. The
same seed gives the same names and texts, at whatever time it is loaded."""

from __future__ import annotations

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Notice, User
from directory.facts import plain
from directory.models import Category, Expert, ExpertCategory, Paper, Placement, SearchDocument, Word
from directory.models.placements import shuffled
from referrals import record, standing
from referrals.models import Recommendation

from . import (
    bank,
    cases,
    desk,
    introductions,
    letters,
    listings,
    meetings,
    people,
    picks,
    portraits,
    scenes,
    shelf,
    stories,
    voices,
    wording,
)

SEED = 1492
SIGN_INS = tuple(people.NAMED)
SHOWS = {  # what there is to see for each of them
    "olga": "the owner: everything, and the back room at /admin/",
    "dana": "a curator: the desk, with reports and corrections to decide",
    "theo": "another curator",
    "alice": "an expert: somebody to answer, a first reply to write, five touches of seven without an answer",
    "frank": "an expert who received much and gave nothing: insufficient funds",
    "bob": "a member who introduces people: his book, his statement, what came of it",
    "erin": "an expert: an introduction that waits for her yes",
    "charlie": "a member, party to nothing",
    "gwen": "a guest: one introduction that is open, one that is done",
}


def is_loaded() -> bool:
    """Whether this book holds the sample community. It was stored whole or not at all."""
    return User.objects.filter(email="alice@example.test", expert__isnull=False).exists()


def load(*, now: dt.datetime, password: str, faces: bool = True, seed: int = SEED) -> None:
    """Fill an empty book. Nobody is written to."""
    chance = random.Random(seed)
    # Encoders work outside Python's lock: the faces are drawn while the database is busy.
    with ThreadPoolExecutor(2) as painters, transaction.atomic():
        everybody = people.settle(chance=chance, now=now)
        set_password(password)
        book = listings.publish(chance=chance, now=now, people=everybody)
        painted = [
            painters.submit(portraits.hang, name=one.expert.portrait, she=one.who.she)
            for one in book
            if faces and one.expert.portrait
        ]
        said = voices.gather(chance=chance, now=now, people=everybody, listings=book)
        wording.write(chance=chance, now=now, voices=said)
        desk.pick(chance=chance, now=now, people=everybody, listings=book)
        desk.share_books(chance=chance, now=now, voices=said)
        desk.begin_drafts(chance=chance, people=everybody, listings=book, voices=said)
        desk.invite(chance=chance, now=now, people=everybody)
        _analyze()
        papers = shelf.fill(chance=random.Random(seed + 2), now=now, listings=book)
        other = random.Random(seed + 1)
        told = _introduce(chance=other, now=now, people=everybody, listings=book, voices=said, guides=papers)
        notices = [*desk.notify(now=now, voices=said), *letters.notify(now=now, meetings=told)]
        Notice.objects.bulk_create(sorted(notices, key=lambda notice: notice.created_at), batch_size=500)
        _write_lists(now)
        Word.objects.gather()
    for portrait in painted:
        portrait.result()  # raises what went wrong


def _introduce(
    *,
    chance: random.Random,
    now: dt.datetime,
    people: people.People,
    listings: list[listings.Listing],
    voices: list[voices.Voice],
    guides: dict[int, Paper],
) -> list[meetings.Meeting]:
    """Two years of introductions, and what the bank made of them. Chance of their own: what came before stays as it
    was."""
    picks.pick(chance=chance, now=now, people=people, listings=listings, voices=voices)
    teller = stories.Teller(chance=chance, now=now, guides=guides)
    matchmaker = introductions.Matchmaker(chance=chance, teller=teller, people=people, listings=listings, voices=voices)
    payers = bank.established()
    introductions.arrange(matchmaker)
    scenes.Scenes(matchmaker=matchmaker, listings=listings, established=payers).play()
    reported = cases.report(chance=chance, now=now, meetings=teller.meetings, judges=people.curators)
    told = introductions.save(matchmaker)
    cases.save(reported)
    books = bank.keep(meetings=told, pushy=cases.upheld(reported), payers=payers)
    cases.dispute(books=books, now=now, meetings=told, judges=people.curators)
    reasons = [stories.texts()["credit_line"], stories.texts()["second_credit_line"]]
    bank.lend(books=books, now=now, by=people.named("dana"), reasons=reasons)
    for listing in listings:
        if listing.expert.in_print:
            record.write(listing.expert)
    return told


def _analyze() -> None:
    """Let the planner know of the new rows, which nobody else can see yet. Without it the same queries may take
    minutes. Only the owner of the tables may; for others the database leaves it at a warning."""
    models = (User, EmailAddress, Expert, ExpertCategory, Recommendation, Recommendation.categories.through)
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _write_lists(now: dt.datetime) -> None:
    """What Expert.update_lists() writes for one, for all at once: the same rows with a tenth of the questions."""
    experts = list(Expert.objects.listed().with_member().order_by("pk"))
    Placement.objects.bulk_create(
        Placement(
            expert_id=chosen.expert_id,
            category_id=chosen.category_id,
            sort_name=plain(chosen.expert.member.name)[:80],
            shuffle=shuffled(expert_pk=chosen.expert_id, day=timezone.localdate()),
        )
        for chosen in ExpertCategory.objects.filter(expert__in=experts).select_related("expert__member")
    )
    SearchDocument.objects.bulk_create(SearchDocument(expert=expert, **expert._search_words()) for expert in experts)
    for expert in experts:
        standing._write_placements(expert, now=now)
    standing.count_voices(Category.objects.values_list("pk", flat=True))
    Category.objects.all().recount()


def set_password(password: str) -> None:
    """Let the people of the sign-in list in with this password."""
    emails = [f"{key}@example.test" for key in SIGN_INS]
    User.objects.filter(email__in=emails).update(password=make_password(password))
