"""The books of the sample community: every deposit in the order of the days, by the rules of the bank itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from accounts.models import User
from directory.models import Expert
from referrals import bank, standing
from referrals.bank import Kind
from referrals.models import Account, CreditLine, Entry, Leg, Recommendation
from referrals.models.ledger import payload_hash

from .meetings import Meeting
from .people import Somebody

Event = tuple[dt.datetime, Kind, str, User | None, User | None]  # when, what, key, who gave, who received


class Books:
    """What will be stored as entries and legs, each amount found as Entry.objects.post() finds it."""

    def __init__(self, *, people: Iterable[User]) -> None:
        users = sorted(people, key=lambda user: user.pk)
        made = Account.objects.bulk_create(Account(member=user) for user in users)
        self.accounts = {account.member_id: account for account in (Account.objects.house(), *made)}
        self.entries: list[Entry] = []
        self.amounts: dict[str, int] = {}  # by the key of an entry: what its giver got
        self.days: dict[tuple[str, int, int], list[Entry]] = {}  # those that stand, of one kind and pair
        self.stored = 0

    def account(self, user: User | None) -> Account:
        key = user.pk if user else None
        if user and key not in self.accounts:
            self.accounts[key] = Account.objects.of(user)
        return self.accounts[key]

    def moved(self, entry: Entry) -> int:
        return self.amounts[entry.idempotency_key]

    def post(
        self, kind: Kind, *, key: str, giver: User | None, receiver: User | None, at: dt.datetime,
        posted_at: dt.datetime | None = None,
    ) -> Entry | None:  # fmt: skip
        giving, receiving = self.account(giver), self.account(receiver)
        before = self.days.setdefault((kind, giving.pk, receiving.pk), [])
        n = sum(at - bank.YEAR < entry.effective_at <= at for entry in before)
        amount = bank.amount(kind, n)
        if not amount:
            return None
        entry = Entry(
            idempotency_key=key, kind=kind, giver=giving, receiver=receiving, effective_at=at,
            posted_at=posted_at or at, payload_hash=payload_hash(kind, giving, receiving),
        )  # fmt: skip
        before.append(entry)
        return self._keep(entry, amount)

    def _keep(self, entry: Entry, amount: int) -> Entry:
        self.entries.append(entry)
        self.amounts[entry.idempotency_key] = amount
        return entry

    def reverse(self, entry: Entry, *, by: User, reason: str, at: dt.datetime) -> Entry:
        """As Entry.reverse() does it: from the same day, with the opposite amount. The entry must be stored."""
        self.days[entry.kind, entry.giver_id, entry.receiver_id].remove(entry)
        reversal = Entry(
            idempotency_key=f"reversal:{entry.pk}", kind=Kind.REVERSAL, giver=entry.giver, receiver=entry.receiver,
            effective_at=entry.effective_at, posted_at=at, reverses=entry, reason=reason, by=by,
            payload_hash=payload_hash(Kind.REVERSAL, entry.giver, entry.receiver),
        )  # fmt: skip
        return self._keep(reversal, -self.moved(entry))

    def post_anew(self, entry: Entry, *, giver: User, at: dt.datetime) -> Entry | None:
        """For the one who really made the introduction."""
        number = entry.idempotency_key.split(":")[1]
        return self.post(
            Kind(entry.kind),
            key=f"introduction:{number}:corrected:{entry.pk}",
            giver=giver,
            receiver=entry.receiver.member,
            at=entry.effective_at,
            posted_at=at,
        )

    def save(self) -> None:
        """Store what is not stored yet."""
        new, self.stored = self.entries[self.stored :], len(self.entries)
        Entry.objects.bulk_create(new, batch_size=1000)
        Leg.objects.bulk_create(
            (
                Leg(entry=entry, account=account, amount=amount, effective_at=entry.effective_at)
                for entry in new
                for account, amount in ((entry.giver, self.moved(entry)), (entry.receiver, -self.moved(entry)))
            ),
            batch_size=2000,
        )

    def balance(self, user: User, *, at: dt.datetime) -> float:
        account, total = self.account(user), 0.0
        for entry in self.entries:
            if account in (entry.giver, entry.receiver):
                worth = bank.faded(self.moved(entry), at - entry.effective_at)
                total += worth if entry.giver is account else -worth
        return total


def established() -> set[int]:
    """The experts whose account can pay, by their primary keys."""
    return standing.established(Expert.objects.values_list("pk", flat=True))


def keep(*, meetings: list[Meeting], pushy: Iterable[Event], payers: set[int]) -> Books:
    """Book all that was accepted, thanked for and upheld, in the order of the days."""
    events = [*_deposits(meetings, payers), *pushy]
    people = {user.pk: user for _, _, _, *both in events for user in both if user}
    books = Books(people=people.values())
    for at, kind, key, giver, receiver in sorted(events, key=lambda event: (event[0], event[2])):
        books.post(kind, key=key, giver=giver, receiver=receiver, at=at)
    books.save()
    return books


def _deposits(meetings: list[Meeting], payers: set[int]) -> list[Event]:
    """As referrals.models.deposits decides it: of established payers, and never within a firm or a household."""
    firms = dict(User.objects.values_list("pk", "organisation_key"))
    said = Recommendation.objects.standing().values_list("author", "expert", "same_company", "relationship")
    close = {frozenset((author, expert)) for author, expert, firm, how in said if firm or how == "friend"}
    events: list[Event] = []
    for meeting in meetings:
        row, giver, expert = meeting.row, meeting.giver, meeting.expert
        if giver is None or row.introduced_at is None or expert.user.pk not in payers:
            continue
        pair, firm = frozenset((giver.user.pk, expert.user.pk)), firms[expert.user.pk]
        if pair in close or (firm is not None and firm == firms[giver.user.pk]):
            continue
        both = (giver.user, expert.user)
        events.append((row.introduced_at, Kind.INTRODUCTION, f"introduction:{row.pk}:accepted", *both))
        events += [
            (thanks.at, Kind.THANKS, f"introduction:{row.pk}:thanks", *both)
            for thanks in meeting.thanks
            if thanks.by_id == expert.user.pk
        ]
    return events


def lend(*, books: Books, now: dt.datetime, by: Somebody, reasons: list[str]) -> None:
    """A curator gave those a longer line who are asked for most."""
    receivers = {entry.receiver.member_id: entry.receiver.member for entry in books.entries if entry.receiver.member}
    known = {f"{key}@example.test" for key in ("frank", "alice", "erin", "bob")}
    debts = sorted(
        (books.balance(user, at=now), user.pk, user) for user in receivers.values() if user.email not in known
    )
    for (_, _, user), line, reason in zip(debts, (1500, 900), reasons, strict=False):
        account = books.account(user)
        account.credit_line = line
        account.save(update_fields=["credit_line"])
        at = now - dt.timedelta(days=30 if line == 1500 else 12)
        CreditLine.objects.create(account=account, line=line, by=by.user, reason=reason, at=at)
