"""What somebody says, under their own name, of somebody whose work they know.

Signed -> (an author's first: read by a curator) -> the subject is told and has seven days -> printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from directory.models import Category, Conflict, Decision, Expert, State
from directory.models.decisions import FEW_CURATORS
from referrals import letters, pronouns, standing

from .questions import SEVEN_DAYS
from .signing import OPEN, RecommendationManager

ANSWER = 600
WORDS = ("relationship", "since", "until", "how_i_know", "what_i_like", "why_i_trust", "paid", "same_company")


class Relationship(models.TextChoices):
    CLIENT = "client", "I was their client"
    COLLEAGUE = "colleague", "We worked together"
    SEEN = "seen", "I have seen their work"
    FRIEND = "friend", "We are friends or family"


class Recommendation(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recommendations_given")
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="recommendations")
    categories = models.ManyToManyField(Category, related_name="recommendations")
    relationship = models.CharField(max_length=10, choices=Relationship.choices)
    since = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    until = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    how_i_know = models.TextField(max_length=ANSWER)
    what_i_like = models.TextField(max_length=ANSWER)
    why_i_trust = models.TextField(max_length=ANSWER)
    paid = models.BooleanField(default=False)  # one pays the other for sending clients
    same_company = models.BooleanField(default=False)

    signed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    sent_back_note = models.TextField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)  # "do not show": the text goes, the count stays
    withdrawn_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # "still true"
    answer = models.CharField(max_length=300, blank=True)  # the subject's one line
    answered_at = models.DateTimeField(null=True)
    in_book = models.BooleanField(default=True)  # shown in its author's own book
    # The introduction by which it became business, said by both.
    proven_by = models.ForeignKey("referrals.Introduction", models.SET_NULL, null=True, related_name="proves")
    # Whom the author meant when they knew an address only. Whose it is they learn when that person answers.
    nominated_as = models.CharField(max_length=80, blank=True)
    nominated_email = models.EmailField(blank=True)

    objects: ClassVar[RecommendationManager] = RecommendationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "expert"], name="recommendation_one_per_pair"),
            models.CheckConstraint(condition=~Q(author=F("expert")), name="recommendation_never_of_oneself"),
            models.CheckConstraint(
                condition=~Q(how_i_know="") & ~Q(what_i_like="") & ~Q(why_i_trust=""),
                name="recommendation_has_three_answers",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=False, until__gte=F("since")),
                name="recommendation_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(printed_at__isnull=True) | Q(read_at__isnull=False, told_at__isnull=False),
                name="recommendation_printed_after_read_and_told",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="recommendation_answer_has_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-signed_at"], name="recommendation_by_author"),
            models.Index(fields=["expert", "-signed_at"], name="recommendation_about_expert"),
            models.Index(fields=["signed_at"], name="recommendation_to_be_read",
                condition=Q(read_at__isnull=True, sent_back_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["told_at"], name="recommendation_to_be_printed",
                condition=Q(printed_at__isnull=True, hidden_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["-printed_at"], name="recommendation_newest", condition=Q(printed_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.author} about {self.expert}"

    def get_absolute_url(self) -> str:
        """Where its author sees what becomes of it."""
        return reverse("referrals:signed", args=[self.pk])

    @classmethod
    def as_proof(cls, *, author: User, expert: Expert, **words: Any) -> Recommendation:
        """What would be printed if these words were signed now. Not saved."""
        return cls(author=author, expert=expert, signed_at=timezone.now(), **words)

    @property
    def relation(self) -> str:
        """As printed beside the author's name: "client since 2022", "worked together, 2021 to 2024"."""
        what = {
            Relationship.CLIENT: "client",
            Relationship.COLLEAGUE: "worked together",
            Relationship.SEEN: "has seen the work",
            Relationship.FRIEND: "friend or family",
        }[Relationship(self.relationship)]
        if not self.since:
            return what
        if not self.until:
            return f"{what} since {self.since}"
        return f"{what}, {self.since}" if self.since == self.until else f"{what}, {self.since} to {self.until}"

    mutual: bool  # by with_mutual(): the expert recommends the author too

    @property
    def stage(self) -> str:
        """Where it stands, in one word: sent-back, with-curator, asked (a nominated person has the letter),
        with-subject, printed, hidden or withdrawn."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.sent_back_at:
            return "sent-back"
        if not self.read_at:
            return "with-curator"
        if self.veiled or not self.told_at:
            return "asked"
        if self.hidden_at:
            return "hidden"
        return "printed" if self.printed_at else "with-subject"

    @property
    def veiled(self) -> bool:
        """Whether the author knows an address only: before the person answers, nothing tells whose it is."""
        return bool(self.nominated_as) and self.printed_at is None and self.accepted_at is None

    @property
    def known_as(self) -> str:
        """The name under which the author knows the person."""
        return self.nominated_as if self.veiled else self.expert.name

    @property
    def them(self) -> str:
        """How the questions speak of the expert: "her", "him", or the name."""
        return pronouns.of(self.expert.member).them

    @property
    def author_them(self) -> str:
        """How the expert speaks of the author: "Yes, I know him"."""
        return pronouns.of(self.author).them

    @property
    def wording(self) -> str:
        """Names these very words: a form carries it, so that nobody agrees to words that were rewritten meanwhile."""
        return f"{self.pk}-{self.signed_at.timestamp():.6f}"

    @property
    def due_on(self) -> dt.datetime | None:
        """When silence prints it; None while the expert is not in print."""
        if self.told_at is None or self.expert.listed_at is None or not self.expert.in_print:
            return None
        return max(self.told_at, self.expert.listed_at) + SEVEN_DAYS

    @property
    def first_line(self) -> str:
        """What a card or a book quotes."""
        return standing.first_line(self.what_i_like)

    @property
    def letter_url(self) -> str:
        return f"{self.expert.get_absolute_url()}#letter-{self.pk}"

    @property
    def rewrite_url(self) -> str:
        if self.veiled:
            return f"{reverse('referrals:nominate')}?again={self.pk}"
        return f"{reverse('referrals:recommend', args=[self.expert.member.handle])}?rewrite=1"

    def says_the_same(self, *, categories: Sequence[Category], **words: Any) -> bool:
        """Whether signing this would change nothing: a second click, or the same form sent twice."""
        return (
            self.withdrawn_at is None
            and self.sent_back_at is None
            and all(getattr(self, field) == value for field, value in words.items())
            and {c.pk for c in categories} == set(self.categories.values_list("pk", flat=True))
        )

    def rewrite(self, *, signed_at: dt.datetime, **words: Any) -> None:
        """Replace the words and keep the former ones. The subject sees the new ones before they are printed, and so
        does a curator where they are still the author's first. Called by sign(), with the expert's row locked."""
        former = {field: getattr(self, field) for field in WORDS}
        Wording.objects.create(recommendation=self, signed_at=self.signed_at, **former)
        for field, value in words.items():
            setattr(self, field, value)
        self.signed_at = signed_at
        self.read_at = self.read_by = self.told_at = self.accepted_at = self.printed_at = None
        self.withdrawn_at = self.confirmed_at = self.sent_back_at = None
        self.sent_back_note = ""
        self.save()
        standing.write(self.expert)

    def tell(self) -> None:
        """Tell the subject, once a curator has read it where that is needed.

        A nominated person is told by the one letter that asks them; somebody who has not answered it gets no second
        one, and nobody gets one who is no longer in the book. People imported by the desk are asked by the desk."""
        if self.read_at is None or self.told_at is not None:
            return
        expert = self.expert
        if expert.state == State.NOMINATED and expert.nominated_by_id is not None:
            expert.invite(by=self.author)
            letters.put_forward(expert=expert, recommendation=self)
        elif expert.state in OPEN and expert.state not in (State.NOMINATED, State.INVITED):
            self.told_at = timezone.now()
            self.save(update_fields=["told_at"])
            letters.recommendation_received(self)

    @transaction.atomic
    def tell_now(self) -> bool:
        fresh = self._locked()
        fresh.tell()
        return fresh.told_at is not None

    # A curator, about an author's first words.

    @transaction.atomic
    def read(self, *, by: User) -> bool:
        """A curator has read an author's first words and lets them go on. False when somebody decided before."""
        fresh = self._locked()
        if fresh.read_at or fresh.sent_back_at or fresh.withdrawn_at:
            return False
        fresh._decide(by=by, act="words-read")
        fresh.read_at, fresh.read_by = timezone.now(), by
        fresh.save(update_fields=["read_at", "read_by"])
        fresh.tell()
        self.refresh_from_db()
        return True

    @transaction.atomic
    def send_back(self, *, by: User, note: str) -> bool:
        """A curator asks the author one question about their words. False when somebody decided before."""
        fresh = self._locked()
        if fresh.read_at or fresh.sent_back_at or fresh.withdrawn_at:
            return False
        fresh._decide(by=by, act="words-sent-back", reason=note)
        fresh.sent_back_at, fresh.sent_back_note = timezone.now(), note
        fresh.save(update_fields=["sent_back_at", "sent_back_note"])
        letters.recommendation_sent_back(fresh)
        self.refresh_from_db()
        return True

    def _decide(self, *, by: User, act: str, reason: str = "") -> None:
        """Write the line of the decision. Raises Conflict when the curator wrote these words or is their subject, while
        enough others could read them; below three curators it is allowed, and disclosed."""
        conflicted = by.pk in (self.author_id, self.expert_id)
        if conflicted and User.objects.curators().count() >= FEW_CURATORS:
            raise Conflict
        state = self.expert.state
        Decision.objects.create(
            expert=self.expert, by=by, act=act, before=state, after=state, reason=reason, conflicted=conflicted
        )

    # The subject.

    @transaction.atomic
    def accept(self) -> bool:
        """The subject says "yes, I know her": in print at once, and the yes is kept. False when the words were
        withdrawn or rewritten since the subject read them."""
        return self._answered(accepted_at=timezone.now(), hidden_at=None)

    @transaction.atomic
    def hide(self) -> bool:
        """The subject does not show it: the text goes, the count stays."""
        return self._answered(accepted_at=None, hidden_at=timezone.now())

    @transaction.atomic
    def show(self) -> bool:
        """The subject shows again what was not shown."""
        return self._answered(hidden_at=None)

    def _answered(self, **fields: Any) -> bool:
        expert = self.expert.locked()
        as_read = Recommendation.objects.standing().filter(pk=self.pk, signed_at=self.signed_at, told_at__isnull=False)
        if not as_read.update(**fields):
            return False
        standing.write(expert)
        self.refresh_from_db()
        return True

    def reply(self, text: str) -> bool:
        """The subject's one public line. False when there is one already."""
        now = timezone.now()
        open_to_it = Recommendation.objects.standing().filter(pk=self.pk, answer="", told_at__isnull=False)
        return bool(open_to_it.update(answer=text, answered_at=now))

    # The author, and the clock.

    @transaction.atomic
    def withdraw(self) -> None:
        """The author takes it back: it leaves print at once."""
        expert = self.expert.locked()
        self.withdrawn_at = timezone.now()
        self.save(update_fields=["withdrawn_at"])
        standing.write(expert)

    def still_true(self) -> None:
        self.confirmed_at = timezone.now()
        self.save(update_fields=["confirmed_at"])

    def keep_in_book(self, *, shown: bool) -> None:
        """Show it in the author's own book, or leave it out there."""
        self.in_book = shown
        self.save(update_fields=["in_book"])

    def print(self) -> None:
        """Put it in print and say so to its author. Called where it is due, with the expert's row locked."""
        self.printed_at = timezone.now()
        self.save(update_fields=["printed_at"])
        letters.recommendation_printed(self)

    def _locked(self) -> Recommendation:
        """This row as it is now, locked after its expert's, in the order in which signing takes them."""
        expert = self.expert.locked()
        fresh = Recommendation.objects.select_for_update(of=("self",)).select_related("author").get(pk=self.pk)
        fresh.expert = expert
        return fresh


class Wording(models.Model):
    """What a recommendation said before its author rewrote it."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="former_wordings")
    relationship = models.CharField(max_length=10, choices=Relationship.choices)
    since = models.PositiveSmallIntegerField(null=True)
    until = models.PositiveSmallIntegerField(null=True)
    how_i_know = models.TextField(max_length=ANSWER)
    what_i_like = models.TextField(max_length=ANSWER)
    why_i_trust = models.TextField(max_length=ANSWER)
    paid = models.BooleanField(default=False)
    same_company = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Former wording of {self.recommendation_id}"
