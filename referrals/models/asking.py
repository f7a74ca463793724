"""How an introduction begins: a prospect asks, a member introduces, or an expert sends a prospect on. No other way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Suppression, User
from directory.models import Category, Expert
from referrals import bank
from referrals.letters import introductions as letters

from .ledger import Account
from .recommendations import Recommendation
from .refusals import Refusal, Refused
from .stages import OPEN, Route, Stage

if TYPE_CHECKING:
    from .introductions import Introduction

PER_DAY = 10  # first contacts by one person
REMINDER = dt.timedelta(days=5)
SILENCE = dt.timedelta(days=10)
HOW_DID_IT_GO = (dt.timedelta(days=14), dt.timedelta(days=45))
CANNOT = "This introduction cannot be made. If {name} wants it, {name} can ask for it."


class NotAllowed(Exception):
    """This person cannot do this here; the message says why, in the words of the page."""


class WrongStage(Exception):
    """The introduction is no longer where the act expected it; `stage` says where it is."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


class InsufficientFunds(NotAllowed):
    """Whoever took so much more than they gave gives first."""


class IntroductionQuerySet(models.QuerySet["Introduction"]):
    def with_people(self) -> IntroductionQuerySet:
        return self.select_related(
            "prospect", "expert__member", "giver", "recommendation", "category", "paper", "better__member"
        )

    def of_party(self, person: User) -> IntroductionQuerySet:
        """Those in which this person is the prospect, the expert or the introducer."""
        return self.filter(Q(prospect=person) | Q(expert=person.pk) | Q(giver=person))

    def of_role(self, person: User, role: str) -> IntroductionQuerySet:
        """Those that this person asked for, received or made; without a role, all of these."""
        parts = {"asked": Q(prospect=person), "received": Q(expert=person.pk), "introduced": Q(giver=person)}
        return self.filter(parts[role]) if role else self.of_party(person)

    def is_open(self) -> IntroductionQuerySet:
        return self.filter(stage__in=OPEN)

    def in_thread(self, person: User) -> IntroductionQuerySet:
        """Those in which this person is one of the two: the introducer steps out."""
        return self.filter(Q(prospect=person) | Q(expert=person.pk))

    def unfinished(self) -> IntroductionQuerySet:
        """Open, or done and to be taken up again by a message: what a no has to end."""
        return self.filter(stage__in=(*OPEN, Stage.DONE))

    def in_reach_of(self, expert: Expert) -> IntroductionQuerySet:
        """Unfinished ones with this expert and with everybody of the same firm."""
        member = expert.member
        firm = Q(expert=expert)
        if member.organisation_key:
            firm |= Q(expert__member__organisation_key=member.organisation_key)
        if member.mail_domain:
            firm |= Q(expert__member__mail_domain=member.mail_domain)
        return self.unfinished().filter(firm)

    def with_turns(self, person: User) -> IntroductionQuerySet:
        """Marks each with `waits`: the next step is this person's. turns.turn() says the same in words."""
        asked = Q(stage=Stage.ASKED) | Q(stage=Stage.PAUSED, answered_at__isnull=False)  # paused by the expert
        unanswered = Q(asked, prospect=person, prospect_yes_at__isnull=True)
        unanswered |= Q(stage=Stage.ASKED, expert=person.pk, expert_yes_at__isnull=True)
        offered = Q(stage=Stage.OFFERED, prospect=person)
        confirmed = Q(round=0, touches=1, confirmed_at__isnull=False)
        spoken = Q(touches=0) | confirmed  # the last word was the prospect's, or nobody has written yet
        written = Q(stage=Stage.INTRODUCED) & (Q(spoken, expert=person.pk) | Q(~spoken, prospect=person))
        mine = models.ExpressionWrapper(unanswered | offered | written, output_field=models.BooleanField())
        return self.annotate(waits=mine)

    def waiting_for(self, person: User) -> IntroductionQuerySet:
        """Those whose next step is this person's, the one that waits longest first."""
        return self.of_party(person).with_turns(person).filter(Q(waits=True)).order_by("moved_at", "pk")

    def locked_in_order(self) -> IntroductionQuerySet:
        return self.with_people().order_by("pk").select_for_update(no_key=True, of=("self",))

    # What is due.

    def to_be_reminded(self, now: dt.datetime) -> IntroductionQuerySet:
        """Asked five days ago, and somebody has not answered."""
        return self.filter(stage=Stage.ASKED, reminded_at__isnull=True, asked_at__lte=now - REMINDER)

    def unanswered(self, now: dt.datetime) -> IntroductionQuerySet:
        """Asked by a prospect who wants it, and ten days of silence from the expert."""
        return self.filter(
            stage=Stage.ASKED,
            answered_at__isnull=True,
            silent_at__isnull=True,
            prospect_yes_at__isnull=False,
            asked_at__lte=now - SILENCE,
        )

    def to_be_asked(self, now: dt.datetime) -> IntroductionQuerySet:
        """Whose 14th or 45th day has come."""
        first, second = HOW_DID_IT_GO
        due = Q(reminders=0, introduced_at__lte=now - first) | Q(reminders=1, introduced_at__lte=now - second)
        return self.filter(due, stage=Stage.INTRODUCED)

    def to_be_woken(self) -> IntroductionQuerySet:
        """Paused by a prospect until a day that has come."""
        waiting = Refusal.objects.standing().filter(prospect=OuterRef("prospect"), expert=OuterRef("expert"))
        said = Refusal.objects.filter(
            prospect=OuterRef("prospect"), expert=OuterRef("expert"), kind="not-now", until__lte=timezone.localdate()
        )
        return self.filter(Exists(said), ~Exists(waiting), stage=Stage.PAUSED)

    # What the bank reads.

    def deposits(self) -> IntroductionQuerySet:
        """Accepted ones that somebody is thanked for, in the order of acceptance."""
        return self.filter(introduced_at__isnull=False, giver__isnull=False).order_by("introduced_at", "pk")


class IntroductionManager(models.Manager.from_queryset(IntroductionQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def ask(
        self,
        *,
        prospect: User,
        expert: Expert,
        recommendation: Recommendation | None = None,
        category: Category | None = None,
        **brief: Any,
    ) -> Introduction:
        """A prospect asks; asking is their yes, and takes back a no of theirs that stood in the way.

        `brief`: need, tried, success, timing, answers. Asking again while it is open leads to what is open. Raises
        NotAllowed or InsufficientFunds."""
        (prospect,) = self._locked(prospect)
        expert = Expert.objects.with_member().get(pk=expert.pk)
        if before := self.filter(prospect=prospect, expert=expert).unfinished().exclude(stage=Stage.DONE).first():
            return self._again(before)
        self._check_number(prospect)
        self._check(prospect=prospect, expert=expert)
        if prospect.is_member and Account.objects.of(prospect).rating() == bank.Rating.INSUFFICIENT:
            raise InsufficientFunds("Give first: introductions for yourself wait until your balance is back.")
        self._take_back_own_no(prospect=prospect, expert=expert)
        author = self._brought_by(recommendation, prospect=prospect, expert=expert)
        introduction = self.create(
            prospect=prospect,
            expert=expert,
            route=Route.RECOMMENDATION if author else Route.DIRECT,
            giver=author,
            recommendation=recommendation if author else None,
            category=category,
            prospect_name=prospect.name,
            prospect_yes_at=timezone.now(),
            **brief,
        )
        return self._begun(introduction, by=prospect)

    def _again(self, introduction: Introduction) -> Introduction:
        """Asked again while it is open: a paused one goes on, any other is where it was."""
        if introduction.stage == Stage.PAUSED:
            self.go_on(introduction)
        return introduction

    @transaction.atomic
    def go_on(self, introduction: Introduction) -> None:
        """The prospect wants it after all: a "not now" of theirs is taken back, or the expert is asked once more."""
        prospect, expert = introduction.prospect, introduction.expert
        if introduction.stage not in (Stage.OFFERED, Stage.PAUSED):
            raise WrongStage(introduction.stage)
        if introduction.expert_yes_at or Refusal.objects.between(prospect, expert).exists():
            introduction.reopen()
            introduction.say_yes(by=prospect)
        else:
            introduction.ask_still()

    def _brought_by(self, said: Recommendation | None, *, prospect: User, expert: Expert) -> User | None:
        """The author of the recommendation that the prospect named, when it is in print and not the prospect's own."""
        if said is None:
            return None
        if said.expert_id != expert.pk or not Recommendation.objects.shown().filter(pk=said.pk).exists():
            raise NotAllowed("That recommendation is no longer in print. Choose another one, or none.")
        return said.author if said.author_id != prospect.pk else None

    @transaction.atomic
    def introduce(
        self, *, introducer: User, expert: Expert, name: str, email: str, category: Category | None = None, **brief: Any
    ) -> Introduction:
        """A member who knows the expert's work brings the two together; both are asked.

        `brief`: need, note_to_expert, note_to_prospect. Raises NotAllowed, in the same words whether the prospect said
        no, wants no letters, or is the expert: an address must not be found out by introducing it."""
        if not introducer.is_member:
            raise NotAllowed("Members introduce people. Members are invited by members.")
        cannot = NotAllowed(CANNOT.format(name=name.split()[0]))
        if email.strip().lower() == introducer.email:
            raise NotAllowed("To be introduced yourself, ask on the expert’s page.")
        if introducer.pk == expert.pk:
            raise NotAllowed("You cannot introduce yourself. Others can introduce people to you.")
        if Suppression.objects.covers(email):
            raise cannot
        introducer, prospect = self._locked(introducer, User.objects.begin_to_join(email=email, name=name))
        self._check_number(introducer)
        expert = Expert.objects.with_member().get(pk=expert.pk)
        if not expert.in_print:
            raise NotAllowed(f"{expert.name} is not in print, so nobody can be introduced to them now.")
        if prospect.pk == expert.pk or Refusal.objects.stands_between(prospect=prospect, expert=expert):
            raise cannot
        if before := self.filter(prospect=prospect, expert=expert).unfinished().exclude(stage=Stage.DONE).first():
            if before.giver_id == introducer.pk:
                return before
            raise cannot
        introduction = self.create(
            prospect=prospect,
            expert=expert,
            route=Route.MEMBER,
            giver=introducer,
            category=category,
            prospect_name=name,
            **brief,
        )
        return self._begun(introduction, by=introducer)

    def send_on(self, introduction: Introduction) -> Introduction:
        """The honest no: the prospect agreed to meet the expert named in place of this one. Called by meet_better()."""
        prospect, expert = introduction.prospect, introduction.better
        if expert is None:
            raise WrongStage(introduction.stage)
        self._check(prospect=prospect, expert=expert)
        if before := self.filter(prospect=prospect, expert=expert).unfinished().exclude(stage=Stage.DONE).first():
            return before
        self._take_back_own_no(prospect=prospect, expert=expert)
        onward = self.create(
            prospect=prospect,
            expert=expert,
            route=Route.EXPERT,
            giver=introduction.expert.member,
            came_from=introduction,
            category=introduction.category,
            prospect_name=introduction.prospect_called,
            prospect_yes_at=timezone.now(),
            need=introduction.need,
            tried=introduction.tried,
            success=introduction.success,
            timing=introduction.timing,
            note_to_expert=introduction.offer_words,
        )
        return self._begun(onward, by=prospect)

    def _locked(self, *people: User) -> list[User]:
        """These people with their rows locked, one after the other by key: two who introduce each other must not wait
        for each other."""
        rows = User.objects.select_for_update(no_key=True).order_by("pk")
        by_pk = {person.pk: person for person in rows.filter(pk__in=[person.pk for person in people])}
        return [by_pk[person.pk] for person in people]

    def _check_number(self, person: User) -> None:
        """Raises NotAllowed after ten first contacts in a day. The person is locked."""
        today = Q(asked_at__gt=timezone.now() - dt.timedelta(days=1))
        mine = Q(prospect=person, route__in=(Route.DIRECT, Route.RECOMMENDATION)) | Q(giver=person, route=Route.MEMBER)
        if self.filter(today & mine).count() >= PER_DAY:
            raise NotAllowed("You began ten introductions today, as many as one may. Begin this one tomorrow.")

    def _check(self, *, prospect: User, expert: Expert) -> None:
        if prospect.pk == expert.pk:
            raise NotAllowed("You cannot ask for an introduction to yourself.")
        if not expert.in_print:
            raise NotAllowed(f"{expert.name} is not in print, so nobody can be introduced to them now.")

    def _take_back_own_no(self, *, prospect: User, expert: Expert) -> None:
        """By asking a prospect takes back what they said themselves. What the other one once said, as somebody else's
        prospect, stays."""
        Refusal.objects.lift(prospect=prospect, expert=expert)
        if Refusal.objects.stands_between(prospect=prospect, expert=expert):
            raise NotAllowed(f"{expert.name} cannot be asked for an introduction to you.")

    def _begun(self, introduction: Introduction, *, by: User) -> Introduction:
        introduction._log("asked" if by.pk == introduction.prospect_id else "introduced-by", by=by, before="")
        letters.ask_expert(introduction)
        if introduction.prospect_yes_at is None:
            letters.ask_prospect(introduction)
        return introduction

    # Whom else?

    def next_experts(self, introduction: Introduction, *, number: int = 3) -> list[Expert]:
        """Experts of the same category by standing whom the prospect has not asked and has not refused."""
        category = introduction.category or introduction.expert.categories[0]
        asked = self.filter(prospect=introduction.prospect_id, expert=OuterRef("pk"))
        experts = Expert.objects.listed().with_member().filter(placed_in__category=category)
        fresh = experts.exclude(pk=introduction.expert_id).exclude(pk=introduction.prospect_id).filter(~Exists(asked))
        not_refused = fresh.filter(~Refused(introduction.prospect_id, F("pk")))
        return list(not_refused.order_by("-placed_in__score", "placed_in__shuffle", "pk")[:number])

    # By the clock.

    def remind(self) -> int:
        """Send the one reminder where five days have passed; for how many introductions."""
        return sum(introduction.remind() for introduction in self.to_be_reminded(timezone.now()))

    def tell_of_silence(self) -> int:
        """Offer the next expert to prospects whose expert has been silent for ten days; how many."""
        return sum(introduction.note_silence() for introduction in self.unanswered(timezone.now()))

    def ask_how_it_went(self) -> int:
        """At 14 and at 45 days, once each; how many introductions."""
        return sum(introduction.ask_how_it_went() for introduction in self.to_be_asked(timezone.now()))

    def wake(self) -> int:
        """Go on where a prospect said "not now" until a day that has come; how many."""
        return sum(introduction.wake() for introduction in self.to_be_woken())
