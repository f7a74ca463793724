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
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from directory.models import BEFORE_PRINT, Category, Expert, State
from referrals import letters, standing

SEVEN_DAYS = dt.timedelta(days=7)
A_YEAR = dt.timedelta(days=365)
A_DAY = dt.timedelta(days=1)
PER_YEAR = 24
PER_DAY = 5
ANSWER = 600
WORDS = ("relationship", "since", "until", "how_i_know", "what_i_like", "why_i_trust", "paid", "same_company")


class Relationship(models.TextChoices):
    CLIENT = "client", "I was their client"
    COLLEAGUE = "colleague", "We worked together"
    SEEN = "seen", "I have seen their work"
    FRIEND = "friend", "We are friends or family"


class NotPossible(Exception):
    """This person cannot recommend this expert; the message says why, in the words of the page."""


class BudgetSpent(NotPossible):
    """As many recommendations as one may sign in a day or a year."""


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def by_author(self, author: User) -> RecommendationQuerySet:
        return self.filter(author=author, withdrawn_at__isnull=True)

    def standing(self) -> RecommendationQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def to_be_read(self) -> RecommendationQuerySet:
        """An author's first words, waiting for a curator, the oldest first."""
        return self.standing().filter(read_at__isnull=True, sent_back_at__isnull=True).order_by("signed_at", "pk")

    def to_be_told(self) -> RecommendationQuerySet:
        return self.standing().filter(read_at__isnull=False, told_at__isnull=True)

    def unanswered(self) -> RecommendationQuerySet:
        """What the subject has been told of and has not answered."""
        return self.standing().filter(
            told_at__isnull=False, accepted_at__isnull=True, hidden_at__isnull=True
        )  # fmt: skip

    def due(self, now: dt.datetime) -> RecommendationQuerySet:
        """What is to be printed now: accepted, or seven days of silence while the expert was in print."""
        silent = Q(told_at__lte=now - SEVEN_DAYS, expert__listed_at__lte=now - SEVEN_DAYS)
        return self.standing().filter(
            Q(accepted_at__isnull=False) | silent,
            told_at__isnull=False,
            printed_at__isnull=True,
            hidden_at__isnull=True,
            expert__state=State.LISTED,
        )

    def printed(self) -> RecommendationQuerySet:
        return self.standing().filter(printed_at__isnull=False, expert__state=State.LISTED)

    def shown(self) -> RecommendationQuerySet:
        return self.printed().filter(hidden_at__isnull=True)

    def in_proof(self) -> RecommendationQuerySet:
        """What will be shown once the page is in print: for the expert's own eyes and the desk's."""
        return self.standing().filter(read_at__isnull=False, hidden_at__isnull=True)

    def not_shown(self) -> RecommendationQuerySet:
        return self.standing().filter(hidden_at__isnull=False)

    def counted(self, now: dt.datetime) -> RecommendationQuerySet:
        """Those that count: shown, the author's fourteen days are over, not of the same firm, not friends or family."""
        same_firm = Q(author__organisation_key=F("expert__member__organisation_key")) | Q(
            author__mail_domain=F("expert__member__mail_domain")
        )
        # A comparison with NULL is neither true nor false, so the firm is asked for by a subquery and not by exclude().
        colleagues = Recommendation.objects.filter(same_firm, pk=OuterRef("pk"))
        return (
            self.shown()
            .filter(author__counts_from__lte=now, author__is_active=True, same_company=False)
            .exclude(relationship=Relationship.FRIEND)
            .filter(~Exists(colleagues))
        )

    def with_mutual(self) -> RecommendationQuerySet:
        """Marks each with `mutual`: the expert recommends the author too."""
        back = Recommendation.objects.shown().filter(
            author_id=OuterRef("expert_id"), expert_id=OuterRef("author_id")
        )  # fmt: skip
        return self.annotate(mutual=Exists(back))

    def for_reading(self) -> RecommendationQuerySet:
        """With everything a printed letter shows, in one query, newest first."""
        return self.select_related("author").with_mutual().newest_first()

    def also_recommend(self) -> models.QuerySet[Expert]:
        """Other experts in print whom the authors of these recommend, those of most authors first."""
        theirs = Recommendation.objects.shown().filter(author__in=self.values("author"))
        return (
            Expert.objects.listed()
            .filter(recommendations__in=theirs)
            .exclude(pk__in=self.values("expert"))
            .annotate(shared=Count("recommendations"))
            .order_by("-shared", "-listed_at")
            .select_related("member")
        )

    def tally(self) -> dict[str, int]:
        """How many are shown, how many are not shown by their subject, how many were withdrawn after they were printed."""
        gone = Q(withdrawn_at__isnull=False)
        printed, hidden = Q(printed_at__isnull=False), Q(hidden_at__isnull=False)
        return self.aggregate(
            shown=Count("pk", filter=printed & ~hidden & ~gone, distinct=True),
            hidden=Count("pk", filter=hidden & ~gone, distinct=True),
            withdrawn=Count("pk", filter=printed & gone, distinct=True),
        )

    def newest_first(self) -> RecommendationQuerySet:
        """By the day the author last stood by it."""
        return self.annotate(stood_by_at=models.functions.Coalesce("confirmed_at", "signed_at")).order_by(  # type: ignore[attr-defined]
            "-stood_by_at", "-pk"
        )


class RecommendationManager(models.Manager.from_queryset(RecommendationQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def sign(
        self, *, author: User, expert: Expert, categories: Sequence[Category], **words: Any
    ) -> Recommendation:
        """Put one's name to it. Signing again rewrites what was signed before and keeps the former wording.

        `words` are the fields of WORDS. Raises NotPossible (oneself, not a member, not in this book any more) or
        BudgetSpent. Two equal calls at once make one row: the author's row is locked first.
        """
        author = User.objects.select_for_update(no_key=True).get(pk=author.pk)
        expert = expert.locked()
        self._check(author=author, expert=expert)
        existing = self.filter(author=author, expert=expert).first()
        if existing is not None and existing.says_the_same(categories=categories, **words):
            return existing
        self._check_budget(author)
        now = timezone.now()
        if existing is None:
            recommendation = self.create(author=author, expert=expert, signed_at=now, **words)
        else:
            recommendation = existing
            recommendation.rewrite(signed_at=now, **words)
        recommendation.categories.set(categories)
        author.drafts.filter(expert=expert).delete()  # type: ignore[attr-defined]
        if author.is_curator or self.filter(author=author, read_at__isnull=False).exclude(pk=recommendation.pk).exists():
            recommendation.read_at = now
            recommendation.save(update_fields=["read_at"])
        recommendation.tell()
        return recommendation

    def _check(self, *, author: User, expert: Expert) -> None:
        if author.pk == expert.pk:
            raise NotPossible("You cannot recommend yourself. When others say it, it is proof.")
        if not author.is_member:
            raise NotPossible("Only members recommend. Members are invited by members.")
        if expert.state not in (*BEFORE_PRINT, State.LISTED, State.RESTING):
            raise NotPossible(f"{expert.name} is no longer in this book, so nothing new can be printed.")

    def _check_budget(self, author: User) -> None:
        now, mine = timezone.now(), self.filter(author=author)
        if mine.filter(signed_at__gt=now - A_DAY).count() >= PER_DAY:
            raise BudgetSpent("You signed five today, as many as one may. Sign this one tomorrow: it is kept.")
        if mine.filter(signed_at__gt=now - A_YEAR).count() >= PER_YEAR:
            raise BudgetSpent("You signed 24 this year, as many as one may: a name counts for something because it is rare.")

    @transaction.atomic
    def nominate(
        self, *, author: User, name: str, email: str, category: Category, link: str = "", **words: Any
    ) -> Recommendation:
        """Recommend somebody who is not in the book yet. Private until that person says yes by the mailed link.

        An address we know already leads to the person it belongs to, and the author is answered the same either way."""
        if email.strip().lower() == author.email:
            raise NotPossible("You cannot put yourself forward. When others say it, it is proof.")
        person = User.objects.meet(email=email, name=name)
        expert = Expert.objects.nominate(person=person, by=author, **({"links": [link]} if link else {}))
        if not expert.chosen.exists():
            expert.choose([category])
        known = expert.categories
        return self.sign(author=author, expert=expert, categories=[category] if category in known else known[:1], **words)

    def print_due(self) -> int:
        """Print what seven days of silence have made due; the number of experts concerned."""
        due = Expert.objects.filter(pk__in=self.due(timezone.now()).values("expert"))
        for expert in due.with_member():
            with transaction.atomic():
                standing.write(expert.locked())
        return len(due)


class Recommendation(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recommendations_given")
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="recommendations")
    categories = models.ManyToManyField(Category, related_name="recommendations")
    relationship = models.CharField(max_length=10, choices=Relationship.choices)
    since = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)])
    until = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)])
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

    objects: ClassVar[RecommendationManager] = RecommendationManager()  # type: ignore[assignment]

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

    @property
    def stage(self) -> str:
        """Where it stands, in one word: sent-back, with-curator, with-subject, printed, hidden or withdrawn."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.sent_back_at:
            return "sent-back"
        if not self.read_at:
            return "with-curator"
        if self.hidden_at:
            return "hidden"
        return "printed" if self.printed_at else "with-subject"

    def says_the_same(self, *, categories: Sequence[Category], **words: Any) -> bool:
        """Whether signing this would change nothing: a second click, or the same form sent twice."""
        return (
            self.withdrawn_at is None
            and self.sent_back_at is None
            and all(getattr(self, field) == value for field, value in words.items())
            and {c.pk for c in categories} == set(self.categories.values_list("pk", flat=True))
        )

    def rewrite(self, *, signed_at: dt.datetime, **words: Any) -> None:
        """Replace the words and keep the former ones. The subject sees the new ones before they are printed."""
        former = {field: getattr(self, field) for field in WORDS}
        Wording.objects.create(recommendation=self, signed_at=self.signed_at, **former)
        for field, value in words.items():
            setattr(self, field, value)
        self.signed_at = signed_at
        self.told_at = self.accepted_at = self.printed_at = self.withdrawn_at = self.confirmed_at = None
        self.sent_back_at, self.sent_back_note = None, ""
        self.save()
        standing.write(self.expert)

    def tell(self) -> None:
        """Tell the subject, once a curator has read it where that is needed. A nominated person is told by the one letter
        that asks them; somebody who has not answered that letter gets no second one."""
        if self.read_at is None or self.told_at is not None:
            return
        expert = self.expert
        if expert.state == State.NOMINATED and expert.nominated_by_id == self.author_id:
            expert.invite(by=self.author)
            letters.put_forward(expert=expert, recommendation=self)
        elif expert.state not in (State.NOMINATED, State.INVITED):
            self.told_at = timezone.now()
            self.save(update_fields=["told_at"])
            letters.recommendation_received(self)

    @transaction.atomic
    def read(self, *, by: User) -> None:
        """A curator has read an author's first words and lets them go on."""
        fresh = self._fresh()
        if fresh.read_at is None and fresh.withdrawn_at is None:
            self.read_at = timezone.now()
            self.read_by = by
            self.save(update_fields=["read_at", "read_by"])
            self.tell()

    @transaction.atomic
    def send_back(self, *, by: User, note: str) -> None:
        fresh = self._fresh()
        if fresh.read_at is None and fresh.sent_back_at is None and fresh.withdrawn_at is None:
            self.sent_back_at, self.sent_back_note = timezone.now(), note
            self.save(update_fields=["sent_back_at", "sent_back_note"])
            letters.recommendation_sent_back(self)

    @transaction.atomic
    def accept(self) -> None:
        """The subject says "yes, I know her": in print at once, and the yes is kept."""
        expert = self.expert.locked()
        self.accepted_at, self.hidden_at = timezone.now(), None
        self.save(update_fields=["accepted_at", "hidden_at"])
        standing.write(expert)

    @transaction.atomic
    def hide(self) -> None:
        """The subject does not show it: the text goes, the count stays."""
        expert = self.expert.locked()
        self.hidden_at, self.accepted_at = timezone.now(), None
        self.save(update_fields=["hidden_at", "accepted_at"])
        standing.write(expert)

    def print(self) -> None:
        """Put it in print and say so to its author. Called where it is due, with the expert's row locked."""
        self.printed_at = timezone.now()
        self.save(update_fields=["printed_at"])
        letters.recommendation_printed(self)

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

    def reply(self, text: str) -> bool:
        """The subject's one public line. False when there is one already."""
        now = timezone.now()
        return bool(Recommendation.objects.filter(pk=self.pk, answer="").update(answer=text, answered_at=now))

    def _fresh(self) -> Recommendation:
        """This row as it is now, locked: what somebody decided a moment ago must be seen."""
        return Recommendation.objects.select_for_update(of=("self",)).get(pk=self.pk)


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


