"""Putting one's name to something: signing, putting somebody forward, and what that person answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Notice, Suppression, User
from directory.models import BEFORE_PRINT, Category, Decision, Expert, State
from referrals import letters, standing

from .questions import RecommendationQuerySet

if TYPE_CHECKING:
    from .recommendations import Recommendation

A_YEAR = dt.timedelta(days=365)
A_DAY = dt.timedelta(days=1)
PER_YEAR = 24
PER_DAY = 5
UNANSWERED = dt.timedelta(days=60)
OPEN = (*BEFORE_PRINT, State.LISTED, State.RESTING)


class NotPossible(Exception):
    """This person cannot recommend this expert; the message says why, in the words of the page."""


class BudgetSpent(NotPossible):
    """As many recommendations as one may sign in a day or a year."""


class RecommendationManager(models.Manager.from_queryset(RecommendationQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def sign(self, *, author: User, expert: Expert, categories: Sequence[Category], **words: Any) -> Recommendation:
        """Put one's name to it. Signing again rewrites what was signed before and keeps the former wording.

        `words` are the fields of WORDS, and nominated_as and nominated_email where somebody is put forward. Raises
        NotPossible (oneself, not a member, not in this book any more) or BudgetSpent. Two equal calls at once make one
        row: the author's row is locked first.
        """
        author = User.objects.select_for_update(no_key=True).get(pk=author.pk)
        expert = expert.locked()
        self._check(author=author, expert=expert, by_address=bool(words.get("nominated_as")))
        existing = self.filter(author=author, expert=expert).first()
        if existing is not None and existing.says_the_same(categories=categories, **words):
            return existing
        self.check_budget(author=author, expert=expert)
        now = timezone.now()
        if existing is None:
            recommendation = self.create(author=author, expert=expert, signed_at=now, **words)
        else:
            recommendation = existing
            recommendation.rewrite(signed_at=now, **words)
        recommendation.categories.set(categories)
        author.drafts.filter(expert=expert).delete()
        if self.need_no_reading(author=author, besides=recommendation):
            recommendation.read_at = now
            recommendation.save(update_fields=["read_at"])
        recommendation.tell()
        return recommendation

    def need_no_reading(self, *, author: User, besides: Recommendation | None = None) -> bool:
        """Whether a curator has read something by this author already, or the author is one."""
        read = self.filter(author=author, read_at__isnull=False)
        return author.is_curator or read.exclude(pk=besides.pk if besides else None).exists()

    def _check(self, *, author: User, expert: Expert, by_address: bool) -> None:
        if author.pk == expert.pk:
            raise NotPossible("You cannot recommend yourself. When others say it, it is proof.")
        if not author.is_member:
            raise NotPossible("Only members recommend. Members are invited by members.")
        # Whoever knows an address only must not learn by a refusal whose it is and what they answered: such words wait
        # unread, like those about somebody who has not answered yet, and are erased after sixty days.
        if expert.state not in OPEN and not by_address:
            raise NotPossible(f"{expert.name} is no longer in this book, so nothing new can be printed.")

    def check_budget(self, *, author: User, expert: Expert | None = None) -> None:
        """Raises BudgetSpent. Rewriting what one signed before has a budget of its own, as large as a day's."""
        now = timezone.now()
        others = self.filter(author=author).exclude(expert=expert)
        if others.filter(signed_at__gt=now - A_DAY).count() >= PER_DAY:
            raise BudgetSpent("You signed five today, as many as one may. Sign this one tomorrow: your words are kept.")
        if others.filter(signed_at__gt=now - A_YEAR).count() >= PER_YEAR:
            raise BudgetSpent(
                "You signed 24 this year, as many as one may. A name counts because it is not given often."
            )
        rewritten = self.filter(author=author, expert=expert, former_wordings__replaced_at__gt=now - A_DAY)
        if rewritten.count() >= PER_DAY:
            raise BudgetSpent("You rewrote this five times today. Sign it tomorrow: your words are kept.")

    # Somebody who is not in the book yet.

    @transaction.atomic
    def nominate(
        self, *, author: User, name: str, email: str, category: Category, link: str = "", **words: Any
    ) -> Recommendation:
        """Recommend somebody by their address. Private until that person says yes by the mailed link.

        An address we know already leads to the person it belongs to, and the author is answered the same either way."""
        if email.strip().lower() == author.email:
            raise NotPossible("You cannot put yourself forward. When others say it, it is proof.")
        self.check_budget(author=author, expert=Expert.objects.filter(member__email=email.strip().lower()).first())
        person = User.objects.meet(email=email, name=name)
        expert = Expert.objects.nominate(person=person, by=author, **({"links": [link]} if link else {}))
        if not expert.chosen.exists():
            expert.choose([category])
        known = expert.categories
        signed = self.sign(
            author=author,
            expert=expert,
            categories=[category] if category in known else known[:1],
            nominated_as=name,
            nominated_email=person.email,
            **words,
        )
        author.drafts.filter(expert=None).delete()
        return signed

    @transaction.atomic
    def nominee_says_yes(self, *, expert: Expert, accepted: Sequence[str] = ()) -> None:
        """The person put forward agrees, and may accept words that were shown with the question, by their `wording`.

        Raises WrongMove when the question is already answered."""
        expert.accept()
        expert.member.confirm_email()  # the link came by mail to this address
        Suppression.objects.remove_address(expert.member.email)  # a member asks to be written to
        now = timezone.now()
        for recommendation in self.filter(expert=expert).to_be_told():
            recommendation.told_at = now
            recommendation.accepted_at = now if recommendation.wording in accepted else None
            recommendation.nominated_as = ""  # from now on its author may know who it is
            recommendation.save(update_fields=["told_at", "accepted_at", "nominated_as"])

    @transaction.atomic
    def nominee_says_no(self, *, expert: Expert) -> None:
        """Final. What was written goes, and so does everything on the page that never was; the authors are told.

        Raises WrongMove when the question is already answered."""
        expert.decline(by=expert.member, reason="")
        for recommendation in self.filter(expert=expert).standing().select_related("author"):
            letters.nomination_declined(recommendation)
        self.filter(expert=expert).delete()
        expert.drafts.all().delete()
        Expert.objects.filter(pk=expert.pk).update(headline="", own_words="", for_whom="", not_for_whom="", links=[])
        Notice.objects.filter(recipient=expert.member, letter="put_forward").update(words={}, listed=False)

    # By the clock.

    def print_due(self) -> int:
        """Print what seven days of silence have made due; the number of experts concerned."""
        due = Expert.objects.filter(pk__in=self.due(timezone.now()).values("expert"))
        for expert in due.with_member():
            with transaction.atomic():
                standing.write(expert.locked())
        return len(due)

    def tell_all(self) -> int:
        """Tell those subjects who are in the book by now and were not told; the number of letters."""
        waiting = (
            self.to_be_told().filter(expert__state__in=OPEN).exclude(expert__state__in=(State.NOMINATED, State.INVITED))
        )
        return sum(recommendation.tell_now() for recommendation in waiting)

    def erase_unanswered(self) -> int:
        """Erase those who were put forward and did not answer within sixty days; the number of people.

        Who is something else here loses only the page that never was. Lines of decisions stay: they hold ids."""
        before = timezone.now() - UNANSWERED
        asked = Expert.objects.filter(moved_at__lt=before, state__in=(State.NOMINATED, State.INVITED))
        pks = asked.exclude(state=State.NOMINATED, nominated_by__isnull=True).values_list("pk", flat=True)
        erased = sum(self._erase(pk, before=before) for pk in list(pks))
        silent = self.to_be_told().filter(signed_at__lt=before).exclude(nominated_as="").exclude(expert__state__in=OPEN)
        for recommendation in silent.select_related("author", "expert__member"):
            with transaction.atomic():
                letters.nomination_unanswered(recommendation)
                recommendation.delete()
        return erased

    @transaction.atomic
    def _erase(self, pk: int, *, before: dt.datetime) -> bool:
        expert = Expert.objects.filter(pk=pk).select_for_update(no_key=True, of=("self",)).with_member().first()
        if expert is None or expert.moved_at >= before or expert.state not in (State.NOMINATED, State.INVITED):
            return False  # answered a moment ago
        for recommendation in self.filter(expert=expert).standing().select_related("author", "expert__member"):
            letters.nomination_unanswered(recommendation)
        Decision.objects.create(expert_id=pk, by=None, act="erased", before=expert.state)
        person = expert.member
        if (
            person.is_member
            or person.last_login is not None
            or person.introductions.exists()
            or person.refusals.exists()
        ):
            expert.delete()
        else:
            person.delete()
        return True
