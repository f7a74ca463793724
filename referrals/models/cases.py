"""What a curator who is no party decides: reports of messages, and corrections of the statement."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from directory.letters import listing_suspended
from directory.models import Conflict, Expert, State
from referrals.bank import Kind
from referrals.letters import introductions as letters

from . import deposits
from .asking import NotAllowed
from .introductions import Introduction
from .ledger import Account, Entry
from .touches import Touch

WORDS = 1000
DISPUTED_WITHIN = dt.timedelta(days=60)
YEAR = dt.timedelta(days=365)
A_DAY = dt.timedelta(days=1)
PER_DAY = 20  # reports by one person
SUSPENDED_AFTER = 3  # upheld reports within a year


class CaseQuerySet(models.QuerySet):
    def waiting(self) -> CaseQuerySet:
        """Undecided, the one that waits longest first."""
        return self.filter(decided_at__isnull=True).order_by("at", "pk")


class ReportManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def report(self, *, touch: Touch, by: User, kind: str, words: str = "") -> Report:
        """Show a message to the curators, once. Only the two who write to each other can."""
        introduction = touch.introduction
        if by.pk not in (introduction.prospect_id, introduction.expert_id) or by.pk == touch.author_id:
            raise NotAllowed("You can report what the other one wrote to you.")
        if self.filter(by=by, at__gt=timezone.now() - A_DAY).exclude(touch=touch).count() >= PER_DAY:
            raise NotAllowed("You reported twenty messages today, as many as one may. Report this one tomorrow.")
        fields = {"introduction": introduction, "about": touch.author, "kind": kind, "words": words}
        report: Report = self.get_or_create(touch=touch, by=by, defaults=fields)[0]
        return report


class Report(models.Model):
    class Kind(models.TextChoices):
        PITCHED = "pitched", "I was pitched"
        AFTER_NO = "after-no", "I was contacted after my no"
        OTHER = "other", "Something else is wrong"

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="reports")
    touch = models.ForeignKey(Touch, models.CASCADE, related_name="reports")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reported")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.TextField(max_length=WORDS, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    reason = models.TextField(max_length=WORDS, blank=True)
    conflicted = models.BooleanField(default=False)  # by a curator who recommends the expert, for want of others

    objects = ReportManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touch", "by"], name="report_once_each"),
            models.CheckConstraint(condition=~Q(by=F("about")), name="report_never_of_oneself"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, upheld__isnull=True)
                | (Q(decided_at__isnull=False, upheld__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="report_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("about")) & ~Q(decided_by=F("by"))),
                name="report_decided_by_no_party",
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], name="report_waiting", condition=Q(decided_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.by} about {self.about}: {self.get_kind_display()}"

    @property
    def counts(self) -> bool:
        """Whether upholding it costs something: the expert pitched, or went on after a no."""
        return self.about_id == self.introduction.expert_id and self.kind != Report.Kind.OTHER

    def upheld_this_year(self) -> int:
        """How many that counted were upheld about the same expert within a year."""
        upheld = Report.objects.filter(about=self.about_id, upheld=True, decided_at__gt=timezone.now() - YEAR)
        return upheld.filter(introduction__expert=self.about_id).exclude(kind=Report.Kind.OTHER).count()

    @property
    def will_cost(self) -> int:
        """Points that the one it is about pays when it is upheld now."""
        return deposits.next_penalty(self.about) if self.counts else 0

    @property
    def will_suspend(self) -> bool:
        """Whether upholding it now takes the listing out of print."""
        in_print = self.counts and self.introduction.expert.in_print
        return in_print and self.upheld_this_year() + 1 >= SUSPENDED_AFTER

    def conflicts_with(self, curator: User) -> bool:
        """Whether this curator recommends the expert, and may decide only because there are so few curators. Raises
        Conflict for a party, and for whoever recommends the expert while others could decide."""
        if self.introduction.is_party(curator):
            raise Conflict
        return self.introduction.expert.conflicts_with(curator)

    @transaction.atomic
    def decide(self, *, by: User, upheld: bool, reason: str) -> bool:
        """A curator's word. Upheld, a pitch costs the expert an introduction or more, and the third within a year
        suspends the listing. False when somebody decided before; raises Conflict for whoever may not decide."""
        # The listing before the account that pays, as whoever prints locks them: cases are counted one after the other.
        expert = self.introduction.expert.locked()
        fresh = Report.objects.select_for_update(no_key=True, of=("self",)).select_related("about").get(pk=self.pk)
        fresh.conflicted = fresh.conflicts_with(by)
        if fresh.decided_at:
            return False
        fresh.decided_at, fresh.decided_by, fresh.upheld, fresh.reason = timezone.now(), by, upheld, reason
        fresh.save(update_fields=["decided_at", "decided_by", "upheld", "reason", "conflicted"])
        if upheld and fresh.counts:
            deposits.upheld(fresh)
            fresh._suspend_the_third(expert, by=by)
        letters.report_decided(fresh)
        self.refresh_from_db()
        return True

    def _suspend_the_third(self, expert: Expert, *, by: User) -> None:
        """What is out of print already stays as it is."""
        if expert.state == State.LISTED and self.upheld_this_year() >= SUSPENDED_AFTER:
            reason = "Three reports of pitching were upheld within a year."
            expert.suspend(by=by, reason=reason)
            listing_suspended(expert, by=by, reason=reason)


class CorrectionManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def ask(self, *, entry: Entry, by: User, words: str) -> Correction:
        """A line of one's own statement is wrong: a curator looks at it. Once while it is undecided."""
        if by.pk not in (entry.giver.member_id, entry.receiver.member_id):
            raise NotAllowed("You can ask about a line of your own statement.")
        if entry.kind == Kind.REVERSAL or hasattr(entry, "reversal"):
            raise NotAllowed("This line is corrected already.")
        if entry.effective_at < timezone.now() - DISPUTED_WITHIN:
            raise NotAllowed("A line can be corrected for sixty days. This one is older.")
        waiting = self.waiting().filter(entry=entry, by=by).first()
        correction: Correction = waiting or self.create(entry=entry, by=by, words=words)
        return correction


class Correction(models.Model):
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    words = models.TextField(max_length=WORDS)
    at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=WORDS, blank=True)
    reversal = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")  # null: the line stands
    posting = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")  # the right one, where one is due

    objects = CorrectionManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "by"], name="correction_once_at_a_time", condition=Q(decided_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, reversal__isnull=True, posting__isnull=True)
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="correction_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="correction_decided_by_no_party"
            ),
            models.CheckConstraint(
                condition=Q(posting__isnull=True) | Q(reversal__isnull=False), name="correction_posts_after_reversal"
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], name="correction_waiting", condition=Q(decided_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.by} about entry {self.entry_id}"

    @cached_property
    def introduction(self) -> Introduction | None:
        """The one that the line was posted for; the one that was reported, where it is a penalty."""
        kind, number, *_ = self.entry.idempotency_key.split(":")
        about = {"introduction": Q(pk=number), "pushy": Q(reports=number)}.get(kind)
        found: Introduction | None = Introduction.objects.with_people().filter(about).first() if about else None
        return found

    @property
    def can_be_posted_anew(self) -> bool:
        """Whether somebody else could be the giver of this line."""
        return self.entry.kind in (Kind.INTRODUCTION, Kind.THANKS) and self.introduction is not None

    def check_giver(self, giver: User) -> None:
        """Raises NotAllowed, with the words of the page, for somebody for whom this line cannot be posted."""
        receiver, introduction = self.entry.receiver.member, self.introduction
        if receiver is None or introduction is None or not self.can_be_posted_anew:
            raise NotAllowed("Nobody else can be the giver of this line.")
        if not giver.is_member or not giver.is_active:
            raise NotAllowed("Only a member can be the giver.")
        if giver.pk == self.entry.giver.member_id:
            raise NotAllowed(f"{giver.name} is the giver already.")
        if giver.pk in (receiver.pk, introduction.prospect_id):
            raise NotAllowed(f"{giver.name} was introduced, and cannot have made the introduction.")
        if deposits.never_earns(giver=giver, receiver=receiver):
            raise NotAllowed(f"Nothing is earned between {giver.name} and {receiver.name}: they belong together.")

    def check_curator(self, curator: User, *, giver: User | None = None) -> None:
        """Raises Conflict for a party to the line, to its introduction, or to what would be posted instead."""
        parties = {self.by_id, self.entry.giver.member_id, self.entry.receiver.member_id, giver.pk if giver else None}
        if curator.pk in parties or (self.introduction is not None and self.introduction.is_party(curator)):
            raise Conflict

    @transaction.atomic
    def decide(self, *, by: User, reverse: bool, reason: str, giver: User | None = None) -> bool:
        """Let the line stand, or reverse it; with `giver`, post it anew for the one who really made the introduction.

        False when somebody decided before, here or by reversing the line. Raises Conflict when the curator is a party,
        NotAllowed for somebody who cannot be the giver."""
        fresh = Correction.objects.select_for_update(no_key=True, of=("self",)).select_related("entry").get(pk=self.pk)
        entry = fresh.entry
        fresh.check_curator(by, giver=giver)
        Account.objects.locked().get(pk=entry.receiver_id)  # as reversing does
        if fresh.decided_at or (reverse and Entry.objects.filter(reverses=entry).exists()):
            return False
        if reverse and giver:
            fresh.check_giver(giver)
        if reverse:
            fresh.reversal = entry.reverse(by=by, reason=reason)
            fresh.posting = fresh._post_anew(entry, giver=giver) if giver else None
        fresh.decided_at, fresh.decided_by, fresh.reason = timezone.now(), by, reason
        fresh.save(update_fields=["decided_at", "decided_by", "reason", "reversal", "posting"])
        letters.correction_decided(fresh)
        self.refresh_from_db()
        return True

    def _post_anew(self, entry: Entry, *, giver: User) -> Entry | None:
        """The right posting counts from the same day as the wrong one."""
        number = entry.idempotency_key.split(":")[1]
        posting: Entry | None = Entry.objects.post(
            kind=Kind(entry.kind),
            key=f"introduction:{number}:corrected:{entry.pk}",
            giver=giver,
            receiver=entry.receiver.member,
            effective_at=entry.effective_at,
        )
        return posting
