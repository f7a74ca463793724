"""What can be asked of recommendations: each phrase is one question, and they can be put one after the other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from directory.models import Category, Expert, State

from .books import Book

SEVEN_DAYS = dt.timedelta(days=7)
FRIEND = "friend"  # Relationship.FRIEND, which lives beside the model


class RecommendationQuerySet(models.QuerySet["Recommendation"]):  # type: ignore[name-defined]
    def by_author(self, author: User) -> RecommendationQuerySet:
        return self.standing().filter(author=author)

    def standing(self) -> RecommendationQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    # On their way into print.

    def to_be_read(self) -> RecommendationQuerySet:
        """An author's first words, waiting for a curator, the oldest first."""
        return self.standing().filter(read_at__isnull=True, sent_back_at__isnull=True).order_by("signed_at", "pk")

    def to_be_told(self) -> RecommendationQuerySet:
        return self.standing().filter(read_at__isnull=False, told_at__isnull=True)

    def told_to(self, person: User) -> RecommendationQuerySet:
        """What was written about this person and has been shown to them."""
        return self.standing().filter(expert_id=person.pk, told_at__isnull=False)

    def unanswered(self) -> RecommendationQuerySet:
        """What the subject has been told of and has not answered."""
        return self.standing().filter(told_at__isnull=False, accepted_at__isnull=True, hidden_at__isnull=True)

    def open(self) -> RecommendationQuerySet:
        """Neither answered nor printed by silence: a yes or a no decides what happens."""
        return self.unanswered().filter(printed_at__isnull=True)

    def settled(self) -> RecommendationQuerySet:
        return self.exclude(accepted_at__isnull=True, hidden_at__isnull=True, printed_at__isnull=True)

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

    # In print.

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
        """Those that count: shown, the author's fourteen days over and address confirmed, not of the same firm, not
        friends or family."""
        same_firm = Q(author__organisation_key=F("expert__member__organisation_key")) | Q(
            author__mail_domain=F("expert__member__mail_domain")
        )
        # A comparison with NULL is neither true nor false, so the firm is asked for by a subquery and not by exclude().
        colleagues = self.model.objects.filter(same_firm, pk=OuterRef("pk"))
        confirmed = EmailAddress.objects.filter(user=OuterRef("author"), verified=True)
        return (
            self.shown()
            .filter(author__counts_from__lte=now, author__is_active=True, same_company=False)
            .exclude(relationship=FRIEND)
            .filter(~Exists(colleagues), Exists(confirmed))
        )

    def tally(self) -> dict[str, int]:
        """How many are shown, not shown by their subject, and withdrawn after they were printed."""
        gone = Q(withdrawn_at__isnull=False)
        printed, hidden = Q(printed_at__isnull=False), Q(hidden_at__isnull=False)
        return self.aggregate(
            shown=Count("pk", filter=printed & ~hidden & ~gone, distinct=True),
            hidden=Count("pk", filter=hidden & ~gone, distinct=True),
            withdrawn=Count("pk", filter=printed & gone, distinct=True),
        )

    def also_recommend(self) -> models.QuerySet[Expert]:
        """Other experts in print whom the authors of these recommend, those of most authors first."""
        theirs = self.model.objects.shown().filter(author__in=self.values("author"))
        return (
            Expert.objects.listed()
            .filter(recommendations__in=theirs)
            .exclude(pk__in=self.values("expert"))
            .annotate(shared=Count("recommendations"))
            .order_by("-shared", "-listed_at")
            .select_related("member")
        )

    # As pages show them.

    def with_mutual(self) -> RecommendationQuerySet:
        """Marks each with `mutual`: the expert recommends the author too."""
        back = self.model.objects.shown().filter(author_id=OuterRef("expert_id"), expert_id=OuterRef("author_id"))
        return self.annotate(mutual=Exists(back))

    def for_reading(self) -> RecommendationQuerySet:
        """With everything a printed letter shows, in one query, newest first. `book_closed`: nobody may open the book
        of its author, whose name is no link then."""
        closed = Book.objects.filter(owner=OuterRef("author"), visibility=Book.Visibility.ME)
        letters = self.select_related("author", "expert__member").with_mutual()
        return letters.annotate(book_closed=Exists(closed)).newest_first()

    def entries_of(self, owner: User, *, left_out: bool) -> RecommendationQuerySet:
        """What stands in a member's own book, by name; with what its owner left out, for the owner's own eyes."""
        theirs = self.shown().filter(author=owner)
        if not left_out:
            theirs = theirs.filter(in_book=True)
        in_order = Prefetch("categories", Category.objects.in_order())
        by_name = theirs.select_related("expert__member", "author").prefetch_related(in_order)
        return by_name.newest_first().order_by("expert__member__name", "pk")

    def newest_first(self) -> RecommendationQuerySet:
        """By the day the author last stood by it."""
        return self.annotate(stood_by_at=Coalesce("confirmed_at", "signed_at")).order_by("-stood_by_at", "-pk")

    def for_author(self) -> Any:
        """With the person each is about, newest signature first: the author's own list."""
        return self.select_related("expert__member", "author").order_by("-signed_at", "-pk")
