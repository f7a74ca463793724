"""What else lies about in a book that is in use: picks, open invitations, drafts, books to send, notices."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.urls import reverse

from accounts.models import Invitation, Notice
from directory.models import Decision, Pick, State
from referrals import letters
from referrals.models import Book, Draft

from .listings import Listing
from .people import People
from .voices import Voice
from .words import lines, say

DRAFTS = 25
NOTICES_OF = 14  # days


def pick(*, chance: random.Random, now: dt.datetime, people: People, listings: list[Listing]) -> None:
    """Each curator has hand-picked a few; one review is overdue."""
    picks, acts = [], []
    for number, line in enumerate(lines()["picks"]):
        curator = people.named(line["curator"]).user
        able = [
            one
            for one in listings
            if one.expert.in_print and one.categories[0].slug == line["category"] and one.who.user != curator
        ]
        listing = min(able, key=lambda one: one.listed_at or now)
        at = now - dt.timedelta(days=chance.randint(20, 150))
        reason = say(line["reason"], name=listing.who.user.name, she=listing.who.she)
        review = now + dt.timedelta(days=chance.randint(60, 300) if number else -3)
        picks.append(
            Pick(
                curator=curator,
                expert=listing.expert,
                category=listing.categories[0],
                reason=reason,
                picked_on=at.date(),
                review_on=review.date(),
                group=Pick.objects.group_of(curator=curator, expert=listing.expert),
            )
        )
        acts.append(
            Decision(expert=listing.expert, by=curator, act="picked", before=State.LISTED, after=State.LISTED,
                     reason=reason, at=at)
        )  # fmt: skip
    Pick.objects.bulk_create(picks)
    Decision.objects.bulk_create(sorted(acts, key=lambda act: act.at or now))


def share_books(*, chance: random.Random, now: dt.datetime, voices: list[Voice]) -> None:
    """Those who recommend three or more have opened their own book; some show it to everybody."""
    given: dict[int, list[Voice]] = {}
    for voice in voices:
        given.setdefault(voice.author.user.pk, []).append(voice)
    kinds = [Book.Visibility.LINK, Book.Visibility.PUBLIC, Book.Visibility.ME]
    books = []
    for some in given.values():
        author = some[0].author
        if author.key == "bob" or (len(some) >= 3 and chance.random() < 0.8):
            kind = Book.Visibility.PUBLIC if author.key == "bob" else chance.choices(kinds, [60, 30, 10])[0]
            last = some[-1].row.signed_at
            read = (last + (now - last) * chance.random()).date() if chance.random() < 0.6 else None
            books.append(Book(owner=author.user, visibility=kind, read_through_on=read))
    Book.objects.bulk_create(books)


def begin_drafts(*, chance: random.Random, people: People, listings: list[Listing], voices: list[Voice]) -> None:
    """Words begun and not signed. Only the first answer is there."""
    said = {(voice.author.user.pk, voice.listing.expert.pk) for voice in voices}
    able = [one for one in listings if one.expert.in_print]
    pairs = [
        (author, listing)
        for author, listing in zip(chance.sample(people.members[50:], 40), chance.sample(able, 40), strict=True)
        if (author.user.pk, listing.expert.pk) not in said and author is not listing.who and not author.key
    ]
    Draft.objects.bulk_create(
        Draft(
            author=author.user,
            expert=listing.expert,
            words={
                "relationship": "client",
                "how_i_know": say(listing.trade.how[0], name=listing.who.user.name, she=listing.who.she),
            },
        )
        for author, listing in pairs[:DRAFTS]
    )


def invite(*, chance: random.Random, now: dt.datetime, people: People) -> None:
    """Invitations that nobody has answered yet, two of them by those who sign in."""
    inviters = [people.named("alice"), people.named("bob"), *chance.sample(people.members[100:900], 6)]
    sentences = chance.sample(lines()["invitations"], len(inviters))
    rows = []
    for number, (inviter, sentence) in enumerate(zip(inviters, sentences, strict=True)):
        at = now - dt.timedelta(days=chance.uniform(0.5, 12))
        rows.append(
            Invitation(
                inviter=inviter.user,
                email=f"invited-{number}@example.test" if number % 2 else "",
                sentence=sentence,
                created_at=at,
                expires_at=at + dt.timedelta(days=14),
            )
        )
    Invitation.objects.bulk_create(rows)


def notify(*, now: dt.datetime, voices: list[Voice]) -> list[Notice]:
    """What people were told in the last weeks. Those letters count as sent: nothing of this is ever mailed."""
    recent, rows = now - dt.timedelta(days=NOTICES_OF), []
    for voice in voices:
        row = voice.row
        if row.told_at and (row.told_at > recent or voice.listing.who.key):
            rows.append(_notice(voice, "recommendation_received", at=row.told_at))
        if row.printed_at and (row.printed_at > recent or voice.author.key):
            rows.append(_notice(voice, "recommendation_printed", at=row.printed_at))
        if row.sent_back_at:
            rows.append(_notice(voice, "recommendation_proof", at=row.sent_back_at))
        if voice.listing.expert.state == State.INVITED:
            rows.append(_put_forward(voice))
    return rows


def _notice(voice: Voice, letter: str, *, at: dt.datetime) -> Notice:
    """As referrals.letters writes it."""
    row, expert = voice.row, voice.listing.expert
    to_expert = letter == "recommendation_received"
    recipient = expert.member if to_expert else voice.author.user
    if to_expert:
        path = f"{reverse('referrals:received')}#letter-{row.pk}"
    else:
        path = row.rewrite_url if letter == "recommendation_proof" else row.letter_url
    kind = letter.removeprefix("recommendation_").replace("proof", "sent-back")
    return Notice(
        recipient=recipient,
        address=recipient.email,
        letter=letter,
        key=f"{kind}:{row.pk}:{row.signed_at.isoformat()}",
        path=path,
        words=letters.answers(row),
        from_name=voice.author.user.name if to_expert else "",
        **sent(at),
    )


def _put_forward(voice: Voice) -> Notice:
    """The one letter that a nominated person gets: there, so that no second one is written."""
    expert = voice.listing.expert
    return Notice(
        recipient=expert.member,
        address=expert.member.email,
        letter="put_forward",
        key=f"put-forward:{expert.pk}",
        path=reverse("referrals:nomination", args=[letters.nomination_token(expert)]),
        words=letters.answers(voice.row),
        from_name=voice.author.user.name,
        **sent(expert.moved_at),
    )


def sent(at: dt.datetime) -> dict[str, Any]:
    return {"created_at": at, "attempts": 1, "started_at": at, "sent_at": at}
