"""The referral bank: a journal in which every entry moves points from one account to another, and no line changes.

An entry has two legs, its giver's and its receiver's, that sum to 0 and count from the same day. A balance is the sum
of an account's legs, each halved every 365 days, so that all balances together are 0 on every day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from accounts.models import User
from directory.models import Conflict
from referrals import bank
from referrals.bank import Kind, Rating
from referrals.letters import introductions as letters

from .statements import LegQuerySet, Month, Totals

# Asked of an entry when its transaction ends. A reversal mirrors its entry, and there is none of a reversal.
BALANCED = """
    PERFORM FROM referrals_entry entry
    WHERE entry.id = NEW.{column}
    AND (
        SELECT count(*) = 2 AND sum(amount) = 0 AND bool_and(
            effective_at = entry.effective_at
            AND account_id IN (entry.giver_id, entry.receiver_id)
            AND (amount > 0) = ((account_id = entry.giver_id) = (entry.reverses_id IS NULL))
        ) FROM referrals_leg WHERE entry_id = entry.id
    )
    AND (
        entry.reverses_id IS NULL
        OR EXISTS (
            SELECT FROM referrals_entry former
            JOIN referrals_leg theirs ON theirs.entry_id = former.id
            JOIN referrals_leg ours ON (ours.entry_id, ours.account_id) = (entry.id, theirs.account_id)
            WHERE former.id = entry.reverses_id AND former.reverses_id IS NULL AND ours.amount = -theirs.amount
            AND (former.giver_id, former.receiver_id, former.effective_at)
                = (entry.giver_id, entry.receiver_id, entry.effective_at)
        )
    );
    IF NOT FOUND THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.{column} USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def append_only() -> pgtrigger.Trigger:
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def balanced(column: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="balanced",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=BALANCED.format(column=column),
    )


class IdempotencyConflict(Exception):
    """This key was used before, for something else."""


class AccountQuerySet(models.QuerySet["Account"]):
    def locked(self) -> AccountQuerySet:
        """Locked for posting: others may still name these accounts in entries of their own."""
        return self.select_for_update(no_key=True, of=("self",))

    def most_first(self) -> AccountQuerySet:
        """By their annotated `points`; who has none is not there."""
        return self.filter(points__gt=0).select_related("member").order_by("-points", "pk")


class AccountManager(models.Manager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    def of(self, member: User) -> Account:
        """A member's account, opened on first use."""
        return self.get_or_create(member=member)[0]

    def for_reading(self, member: User) -> Account:
        """A member's account; where it was never opened, an empty one that is not saved and has no lines (no row has
        the key 0): nothing is opened by being looked at."""
        found = self.filter(member=member).select_related("member").first()
        return found or Account(pk=0, member=member)

    def insufficient(self, member: User) -> Account | None:
        """The account of a member who gives first, if this is one. An account that nobody opened is in order."""
        account: Account | None = self.filter(member=member).select_related("member").first()
        return account if account is not None and account.rating() == Rating.INSUFFICIENT else None

    def house(self) -> Account:
        """The other side of what no member pays or gets."""
        return self.get_or_create(member=None)[0]

    def tell_of_notice(self) -> int:
        """A dated letter to each member who is on notice, once for each time they went below their line; how many are.

        Only those are looked at who are below it."""
        now, number = timezone.now(), 0
        for account in self.filter(pk__in=Leg.objects.far_below(now)).select_related("member").iterator():
            since = account.on_notice_since(now)
            if account.rating(now) == Rating.NOTICE and since:
                balance, until = bank.units(account.balance(now)), since + bank.NOTICE
                letters.on_notice(account.member, balance=balance, day=letters.day(since), until=letters.day(until))
                number += 1
        return number

    def between(self, giver: User | None, receiver: User | None) -> tuple[Account, Account]:
        """Both accounts, nobody's being the house's. They are opened in the order of people, so that two who pay each
        other for the first time do not wait for each other for ever."""
        people = sorted({giver, receiver}, key=lambda person: person.pk if person else 0)
        accounts = {person: self.of(person) if person else self.house() for person in people}
        return accounts[giver], accounts[receiver]


class Account(models.Model):
    """A member's account. Whoever leaves becomes nameless and keeps it, because its legs are half of others' entries;
    an account without a member is the house's, and there is one."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="account")
    credit_line = models.PositiveSmallIntegerField(
        default=bank.CREDIT_LINE, validators=[MaxValueValidator(bank.LARGEST_LINE)]
    )

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], name="account_one_house", condition=Q(member__isnull=True), nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(credit_line__lte=bank.LARGEST_LINE), name="account_line_is_at_most_15"),
        ]

    def __str__(self) -> str:
        return self.member.name if self.member else "The house"

    def balance(self, at: dt.datetime | None = None, *, posted_by: dt.datetime | None = None) -> float:
        """Points on a day, today unless told; with `posted_by`, of the entries posted by then."""
        return self.legs.balance(at or timezone.now(), posted_by=posted_by)

    def rating(self, at: dt.datetime | None = None) -> Rating:
        """The word for a member's balance. The house has none."""
        if self.member is None or self.member.member_since is None:
            raise ValueError("Only members are rated.")
        at = at or timezone.now()
        balance, before = self.balance(at), at - bank.NOTICE
        is_low = balance < bank.lowest(self.credit_line)  # else it does not matter what it was before
        return bank.rating(
            balance=balance,
            balance_30_days_ago=self.balance(before, posted_by=before) if is_low else balance,
            credit_line=self.credit_line,
            member_since=self.member.member_since,
            at=at,
        )

    @transaction.atomic
    def set_credit_line(self, line: int, *, by: User, reason: str) -> None:
        """How far below zero this member may go before the rating says so. The line and its reason are kept."""
        if not 0 <= line <= bank.LARGEST_LINE or not reason.strip():
            raise ValueError("A credit line is between 0.00 and 15.00 and has a reason.")
        if self.member_id == by.pk:
            raise Conflict
        Account.objects.locked().get(pk=self.pk)
        self.credit_line = line
        self.save(update_fields=["credit_line"])
        CreditLine.objects.create(account=self, line=line, by=by, reason=reason.strip())

    def on_notice_since(self, at: dt.datetime | None = None) -> dt.datetime | None:
        """When the balance went below the credit line; None where it has not, and no earlier than 30 days ago."""
        return self.legs.below_since(bank.lowest(self.credit_line), at or timezone.now())

    def introductions(self, *, since: dt.datetime) -> dict[str, int]:
        """How many introductions this member received and gave."""
        made = Q(kind=Kind.INTRODUCTION, reversal__isnull=True, effective_at__gte=since)
        return {
            "received": self.entries_received.filter(made).count(),
            "gave": self.entries_given.filter(made).count(),
        }

    # As the statement shows it.

    def lines(self, at: dt.datetime | None = None) -> LegQuerySet:
        return self.legs.lines(at or timezone.now())

    def totals(self, since: dt.datetime | None = None) -> Totals:
        return self.legs.totals(since)

    def by_month(self, months: int = 12) -> list[Month]:
        return self.legs.by_month(months)

    def given_to_most(self, number: int = 5, *, since: dt.datetime | None = None) -> AccountQuerySet:
        """The members this one gave most to, with `points`, of all time or since a day."""
        return self._most("entries_received", this="giver", sign=1, since=since)[:number]

    def received_from_most(self, number: int = 5, *, since: dt.datetime | None = None) -> AccountQuerySet:
        """The members who gave this one most, with `points`, of all time or since a day."""
        return self._most("entries_given", this="receiver", sign=-1, since=since)[:number]

    def _most(self, entries: str, *, this: str, sign: int, since: dt.datetime | None) -> AccountQuerySet:
        shared = {f"{entries}__{this}": self, f"{entries}__legs__account": self}
        recent = {f"{entries}__legs__effective_at__gte": since} if since else {}
        others = Account.objects.filter(member__isnull=False, **shared, **recent)
        return others.annotate(points=sign * Sum(f"{entries}__legs__amount")).most_first()


class CreditLine(models.Model):
    """That a curator set a member's credit line, and why."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_lines")
    line = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    reason = models.TextField(max_length=1000)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(line__lte=bank.LARGEST_LINE), name="credit_line_is_at_most_15"),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_line_has_a_reason"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{bank.units(self.line)} for {self.account}"


def payload_hash(kind: str, giver: Account, receiver: Account) -> str:
    """What a key must mean whenever it is used: never the day or the amount, which differ when it is tried later."""
    return hashlib.sha256(f"{kind} {giver.pk} {receiver.pk}".encode()).hexdigest()


class EntryQuerySet(models.QuerySet["Entry"]):
    def before(self, *, kind: str, giver: Account, receiver: Account, at: dt.datetime) -> EntryQuerySet:
        """What halves the next one: the same between the same two in the year until then, and not reversed."""
        same = self.filter(kind=kind, giver=giver, receiver=receiver, reversal__isnull=True)
        return same.filter(effective_at__gt=at - bank.YEAR, effective_at__lte=at)


class EntryManager(models.Manager.from_queryset(EntryQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def post(
        self,
        *,
        kind: Kind,
        key: str,
        giver: User | None,
        receiver: User | None,
        effective_at: dt.datetime | None = None,
        posted_at: dt.datetime | None = None,
    ) -> Entry | None:
        """Move points from the receiver of something to its giver; None where it is too often repeated to move any.

        Nobody is the house. The same key again gives the entry it made; for something else, IdempotencyConflict. One
        row is locked, the payer's: among those who pay from it the number of earlier entries is exact."""
        giving, receiving = Account.objects.between(giver, receiver)
        Account.objects.locked().get(pk=receiving.pk)
        existing = self.filter(idempotency_key=key).first()
        if existing is not None:
            return existing.meant(payload_hash(kind, giving, receiving))
        now = timezone.now()  # only now: whoever waited for the lock comes later
        effective_at = effective_at or now
        n = self.before(kind=kind, giver=giving, receiver=receiving, at=effective_at).count()
        amount = bank.amount(kind, n)
        if not amount:
            return None
        dates = {"effective_at": effective_at, "posted_at": posted_at or now}
        return self._write(amount, key=key, kind=kind, giver=giving, receiver=receiving, **dates)

    def _write(self, amount: int, *, key: str, kind: Kind, giver: Account, receiver: Account, **fields: Any) -> Entry:
        """Add an entry with both legs, or find the one that somebody else wrote under this key a moment ago."""
        payload = payload_hash(kind, giver, receiver)
        fields |= {"kind": kind, "giver": giver, "receiver": receiver, "payload_hash": payload}
        entry, is_new = self.get_or_create(idempotency_key=key, defaults=fields)
        if not is_new:
            return entry.meant(payload)
        day = entry.effective_at
        Leg.objects.bulk_create(
            [
                Leg(entry=entry, account=giver, amount=amount, effective_at=day),
                Leg(entry=entry, account=receiver, amount=-amount, effective_at=day),
            ]
        )
        return entry


class Entry(models.Model):
    """One event. Giver and receiver are those of the event: a reversal names the same two as the entry it undoes."""

    idempotency_key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    giver = models.ForeignKey(Account, models.PROTECT, related_name="entries_given", db_index=False)
    receiver = models.ForeignKey(Account, models.PROTECT, related_name="entries_received", db_index=False)
    effective_at = models.DateTimeField()  # from when its points fade
    posted_at = models.DateTimeField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    reason = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )  # nobody: the rules themselves
    payload_hash = models.CharField(max_length=64)  # what a key must mean again

    objects = EntryManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="entry_is_never_with_oneself"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="entry_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.REVERSAL, reverses__isnull=False) & ~Q(reason="")
                | ~Q(kind=Kind.REVERSAL) & Q(reverses__isnull=True),
                name="entry_reversal_says_of_what_and_why",
            ),
            models.CheckConstraint(condition=~Q(reverses=F("id")), name="entry_never_reverses_itself"),
        ]
        indexes = [models.Index(fields=["giver", "receiver", "kind", "effective_at"], name="entry_of_the_pair")]
        triggers = [append_only(), balanced("id")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.giver} to {self.receiver}"

    @property
    def amount(self) -> int:
        """What its giver got; less than 0 in a reversal."""
        return self.legs.get(account=self.giver_id).amount

    def meant(self, payload: str) -> Entry:
        if self.payload_hash != payload:
            raise IdempotencyConflict(self.idempotency_key)
        return self

    @transaction.atomic
    def reverse(self, *, by: User | None, reason: str) -> Entry:
        """Undo it by an entry that counts from the same day, so that nothing of it is left on any day.

        Only once, and the second call gives the first one's entry. Raises Conflict where `by` is a party, ValueError
        without a reason or for what is a reversal itself. Nobody is the rules themselves."""
        if self.kind == Kind.REVERSAL or not reason.strip():
            raise ValueError("Only an event can be reversed, and only with a reason.")
        if by is not None and by.pk in (self.giver.member_id, self.receiver.member_id):
            raise Conflict
        Account.objects.locked().get(pk=self.receiver_id)  # as posting does: it decides what is counted next
        return Entry.objects._write(
            -self.amount,
            key=f"reversal:{self.pk}",
            kind=Kind.REVERSAL,
            giver=self.giver,
            receiver=self.receiver,
            effective_at=self.effective_at,
            posted_at=timezone.now(),
            reverses=self,
            reason=reason.strip(),
            by=by,
        )


class Leg(models.Model):
    """What an entry moves on one of its two accounts."""

    pk = models.CompositePrimaryKey("entry_id", "account_id")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="legs", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="legs", db_index=False)
    amount = models.IntegerField()  # points; plus on the giver's account, except in a reversal
    worth: float  # today; of the lines of a statement alone
    effective_at = models.DateTimeField()  # the entry's

    objects = LegQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="leg_moves_something")]
        indexes = [models.Index(fields=["account", "effective_at"], include=["amount"], name="leg_by_account")]
        triggers = [append_only(), balanced("entry_id")]

    def __str__(self) -> str:
        return f"{bank.units(self.amount)} on {self.account}"

    @property
    def is_given(self) -> bool:
        """Whether this is the giver's side."""
        return self.account_id == self.entry.giver_id

    @property
    def points(self) -> int:
        """What was given or received; less than 0 where that was undone."""
        return self.amount if self.is_given else -self.amount

    @property
    def other(self) -> Account:
        """Whom it was given to or received from."""
        return self.entry.receiver if self.is_given else self.entry.giver
