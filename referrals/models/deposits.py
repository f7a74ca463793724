"""Which events of an introduction the bank hears of, and when: the rules of earning, apart from the ledger that books
them. Every function runs in the transaction of the act it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.models import User
from directory.models import Expert
from referrals import bank, standing
from referrals.bank import Kind

from .ledger import Account, Entry
from .recommendations import Recommendation

if TYPE_CHECKING:
    from .cases import Report
    from .introductions import Introduction
    from .outcomes import Thanks

CLOSE = Q(same_company=True) | Q(relationship="friend")  # "we are friends or family"
WAITS = dt.timedelta(days=180)  # for its payer to become established


def moment(introduction: Introduction) -> dt.datetime:
    """Now, after the account that will pay is locked: the order of moments is the order of the ledger."""
    if introduction.giver is not None:
        _, payer = Account.objects.between(introduction.giver, introduction.expert.member)
        Account.objects.locked().get(pk=payer.pk)
    return timezone.now()


def accepted(introduction: Introduction) -> Entry | None:
    """Both said yes: the receiver pays the giver. None while it waits for an established payer, or never earns."""
    key, at = f"introduction:{introduction.pk}:accepted", introduction.introduced_at
    return _post(introduction, kind=Kind.INTRODUCTION, key=key, at=at)


def thanked(thanks: Thanks) -> Entry | None:
    """The expert gives half an introduction out of their own account."""
    introduction = thanks.introduction
    return _post(introduction, kind=Kind.THANKS, key=f"introduction:{introduction.pk}:thanks", at=thanks.at)


def _post(introduction: Introduction, *, kind: Kind, key: str, at: dt.datetime | None) -> Entry | None:
    payer = introduction.expert.member
    if never_earns(giver=introduction.giver, receiver=payer) or not standing.established([payer.pk]):
        return None
    entry: Entry | None = Entry.objects.post(
        kind=kind, key=key, giver=introduction.giver, receiver=payer, effective_at=at
    )
    return entry


def never_earns(*, giver: User | None, receiver: User) -> bool:
    """Nobody to thank, oneself, one firm by its facts or by what either disclosed, or one household."""
    if giver is None or giver.pk == receiver.pk or giver.same_firm(receiver):
        return True
    each_other = Q(author=giver, expert_id=receiver.pk) | Q(author=receiver, expert_id=giver.pk)
    return Recommendation.objects.standing().filter(each_other & CLOSE).exists()


def close_to(member: User) -> set[int]:
    """Everybody of whom this member, or who of this member, wrote that they are of one firm, friends or family."""
    ties = Recommendation.objects.standing().filter(CLOSE)
    with_them = ties.filter(Q(author=member) | Q(expert_id=member.pk)).values_list("author_id", "expert_id")
    return {pk for pair in with_them for pk in pair} - {member.pk}


def upheld(report: Report) -> Entry | None:
    """A curator found that the member pitched: the member pays the house."""
    entry: Entry | None = Entry.objects.post(
        kind=Kind.PUSHY,
        key=f"pushy:{report.pk}:upheld",
        giver=None,
        receiver=report.about,
        effective_at=report.decided_at,
    )
    return entry


def next_penalty(member: User) -> int:
    """Points that the next case about this member costs when it is upheld today."""
    cases = Entry.objects.filter(kind=Kind.PUSHY, receiver__member=member, reversal__isnull=True)
    return bank.amount(Kind.PUSHY, cases.filter(effective_at__gt=timezone.now() - bank.YEAR).count())


def proven(introduction: Introduction) -> None:
    """Business that both report makes the recommendation behind it proven, unless prospect, giver and expert are of one
    firm."""
    giver, prospect = introduction.giver, introduction.prospect
    if giver is None or prospect.same_firm(giver) or prospect.same_firm(introduction.expert.member):
        return
    behind = Recommendation.objects.standing().filter(author=giver, expert=introduction.expert, proven_by=None)
    behind.update(proven_by=introduction)


# What waits for its payer to become established.


def unbooked(events: QuerySet[Any], *, introduction: str, name: str) -> QuerySet[Any]:
    """Those of some events whose entry is not in the ledger. `introduction`: the field with the introduction's key."""
    key = Concat(Value("introduction:"), Cast(introduction, CharField()), Value(f":{name}"))
    return events.annotate(key=key).filter(~Exists(Entry.objects.filter(idempotency_key=OuterRef("key"))))


def waiting_for(payer: Expert) -> list[Introduction | Thanks]:
    """What this expert would pay for and the ledger has not booked, of the last 180 days, the oldest first."""
    since = timezone.now() - WAITS
    accepted_ones = payer.introductions.deposits().with_people().filter(introduced_at__gte=since)
    thanks = payer.member.thanks_said.for_deposits().filter(introduction__expert=payer, at__gte=since)
    events = [
        *((each.introduced_at, each) for each in unbooked(accepted_ones, introduction="pk", name="accepted")),
        *((each.at, each) for each in unbooked(thanks, introduction="introduction_id", name="thanks")),
    ]
    return [event for _, event in sorted(events, key=lambda pair: (pair[0], pair[1].pk))]


def waiting_with(member: User, *, most: int) -> list[Introduction | Thanks]:
    """What this member gave or received and the ledger has not booked, of the last 180 days, the newest first."""
    from .introductions import Introduction  # both import this module
    from .outcomes import Thanks

    since = timezone.now() - WAITS
    theirs = Introduction.objects.filter(Q(giver=member) | Q(expert=member.pk)).deposits().with_people()
    said = Thanks.objects.for_deposits().filter(Q(introduction__giver=member) | Q(by=member))
    accepted_ones = unbooked(theirs.filter(introduced_at__gte=since), introduction="pk", name="accepted")
    thanks = unbooked(said.filter(at__gte=since), introduction="introduction_id", name="thanks")
    events = [
        *((each.introduced_at, each) for each in accepted_ones.order_by("-introduced_at", "-pk")[:most]),
        *((each.at, each) for each in thanks.order_by("-at", "-pk")[:most]),
    ]
    return [event for _, event in sorted(events, key=lambda pair: pair[0], reverse=True)][:most]


def post_waiting(payer: Expert) -> int:
    """Book what waited, once this expert is established; how many entries that made."""
    if not standing.established([payer.pk]):
        return 0
    return sum(_book(event) is not None for event in waiting_for(payer))


def _book(event: Introduction | Thanks) -> Entry | None:
    from .outcomes import Thanks

    return thanked(event) if isinstance(event, Thanks) else accepted(event)
