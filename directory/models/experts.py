"""A listing and the moves it can make. Each move is an act with who, when and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from directory import facts, placing, portraits

from .categories import Category
from .decisions import FEW_CURATORS, Conflict, Decision
from .placements import Placement, SearchDocument, shuffled
from .places import Place

OWN_WORDS = 1200
MORE_CATEGORIES = 3
LINKS = 5
LANGUAGE_NAMES, CLIENT_NAMES = dict(facts.LANGUAGES), dict(facts.CLIENTS)


class State(models.TextChoices):
    NOMINATED = "nominated", "Nominated"
    INVITED = "invited", "Invited"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    LISTED = "listed", "In print"
    RESTING = "resting", "Resting"
    RETIRED = "retired", "Retired"
    DECLINED = "declined", "Declined"
    SUSPENDED = "suspended", "Suspended"


MOVES: dict[str, tuple[str, ...]] = {
    State.NOMINATED: (State.INVITED, State.DECLINED),
    State.INVITED: (State.DRAFT, State.DECLINED),
    State.DRAFT: (State.SUBMITTED, State.DECLINED),
    State.SUBMITTED: (State.DRAFT, State.LISTED, State.DECLINED),
    State.LISTED: (State.RESTING, State.SUSPENDED),
    State.RESTING: (State.LISTED, State.RETIRED),
    State.SUSPENDED: (State.LISTED,),
}
OUT_OF_PRINT = (State.RESTING, State.RETIRED, State.SUSPENDED)
BEFORE_PRINT = (State.NOMINATED, State.INVITED, State.DRAFT, State.SUBMITTED)


class WrongMove(Exception):
    """The listing is no longer where the act expected it: somebody else decided first, or the act makes no sense."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = State(state)


class NotReady(Exception):
    """The page cannot be read by a curator yet; `missing` says what it needs."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class ExpertQuerySet(models.QuerySet["Expert"]):
    def listed(self) -> ExpertQuerySet:
        return self.filter(state=State.LISTED)

    def out_of_print(self) -> ExpertQuerySet:
        return self.filter(state__in=OUT_OF_PRINT)

    def by_handle(self, handle: str) -> ExpertQuerySet:
        return self.filter(member__handle=handle.lower())

    def with_member(self) -> ExpertQuerySet:
        return self.select_related("member", "place")

    def waiting(self) -> ExpertQuerySet:
        """Submissions on the desk, the one that waits longest first."""
        return self.filter(state=State.SUBMITTED).with_member().order_by("moved_at", "pk")

    def taking_clients(self, on: dt.date) -> ExpertQuerySet:
        """Taking clients on that day: what was said holds until its date, and turns round after it."""
        still = Q(taking_until__isnull=True) | Q(taking_until__gte=on)
        return self.filter((Q(taking_clients=True) & still) | (Q(taking_clients=False) & ~still))


class ExpertManager(models.Manager.from_queryset(ExpertQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def nominate(self, *, person: User, by: User | None, **fields: Any) -> Expert:
        """Begin a listing for somebody who has not asked for it; one that is there already is returned as it is.

        Nothing is public and nobody is written to yet."""
        expert, created = self.get_or_create(member=person, defaults={"nominated_by": by, **fields})
        if created:
            Decision.objects.create(expert=expert, by=by, act="nominated", after=State.NOMINATED)
        return expert


class Expert(models.Model):
    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="expert")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOMINATED, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    listed_at = models.DateTimeField(null=True, editable=False)  # first in print
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # last printed change
    confirmed_at = models.DateTimeField(null=True, editable=False)  # "all still right"
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="nominated"
    )

    headline = models.CharField(max_length=140, blank=True)
    own_words = models.TextField(max_length=OWN_WORDS, blank=True)
    for_whom = models.CharField(max_length=300, blank=True)
    not_for_whom = models.CharField(max_length=300, blank=True)
    portrait = models.CharField(max_length=40, blank=True, editable=False)  # the random name of its files
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="experts")
    remote = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=12, choices=facts.LANGUAGES), default=list, blank=True)
    clients = ArrayField(models.CharField(max_length=12, choices=facts.CLIENTS), default=list, blank=True)
    price_band = models.CharField(max_length=10, choices=facts.PRICE_BANDS, blank=True)
    taking_clients = models.BooleanField(default=True)
    taking_until = models.DateField(null=True, blank=True)
    links = ArrayField(models.URLField(max_length=300), default=list, blank=True, size=LINKS)
    indexable = models.BooleanField(default=True)  # may search engines show this page
    # How people who asked were answered, and what came of it: written by whoever knows of introductions.
    record = models.JSONField(default=dict, editable=False)

    objects = ExpertManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="expert_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=State.LISTED) | (Q(listed_at__isnull=False) & ~Q(headline="")),
                name="expert_in_print_has_a_headline",
            ),
        ]
        indexes = [
            models.Index(fields=["moved_at", "member"], name="expert_waiting", condition=Q(state=State.SUBMITTED)),
            models.Index(fields=["state", "member"], name="expert_state"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="moves",
                field="state",
                transitions=[(before, after) for before, afters in MOVES.items() for after in afters],
            ),
        ]

    def __str__(self) -> str:
        return self.member.name

    def get_absolute_url(self) -> str:
        return reverse("directory:expert", args=[self.member.handle])

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def language_names(self) -> list[str]:
        return [LANGUAGE_NAMES[code] for code in self.languages if code in LANGUAGE_NAMES]

    @property
    def client_names(self) -> list[str]:
        return [CLIENT_NAMES[kind] for kind in self.clients if kind in CLIENT_NAMES]

    @property
    def in_print(self) -> bool:
        return self.state == State.LISTED

    def may_be_read_by(self, reader: object) -> bool:
        """Everybody reads what is in print; a proof is read by the person it is about and by curators."""
        if self.in_print:
            return True
        if not isinstance(reader, User) or self.state in (State.RETIRED, State.DECLINED):
            return False
        return reader.pk == self.pk or reader.is_curator

    def takes_clients(self, on: dt.date) -> bool:
        """See ExpertQuerySet.taking_clients, which asks the same of the database."""
        return self.taking_clients == (self.taking_until is None or self.taking_until >= on)

    @property
    def categories(self) -> list[Category]:
        """The primary category first."""
        return [chosen.category for chosen in self.chosen.select_related("category__part").order_by("position")]

    @transaction.atomic
    def choose(self, categories: list[Category]) -> None:
        """Set the categories, the primary one first; at most four."""
        if not 1 <= len(categories) <= 1 + MORE_CATEGORIES or len({c.pk for c in categories}) != len(categories):
            raise ValueError("One primary category and up to three others.")
        self.chosen.all().delete()
        ExpertCategory.objects.bulk_create(
            ExpertCategory(expert=self, category=category, position=position)
            for position, category in enumerate(categories)
        )
        if self.in_print:
            self.update_lists()

    @transaction.atomic
    def rewrite(self, words: dict[str, Any]) -> None:
        """Change the words of the page: headline, own words and the like by name, categories by primary keys."""
        fields = {name: value for name, value in words.items() if name != "categories"}
        former = self.portrait
        for name, value in fields.items():
            setattr(self, name, value)
        self.changed_at = timezone.now()
        self.save(update_fields=[*fields, "changed_at"])
        if former and former != self.portrait:
            transaction.on_commit(lambda: portraits.remove(former))
        if "categories" in words:
            by_pk = Category.objects.in_bulk(words["categories"])
            self.choose([by_pk[pk] for pk in words["categories"]])
        else:
            self.update_lists()

    # The moves, from a nomination to the day the page closes.

    def invite(self, *, by: User | None) -> None:
        """The one letter that asks the nominated person goes out with this move; whoever calls writes it."""
        self._move(State.INVITED, act="invited", by=by)

    @transaction.atomic
    def accept(self) -> None:
        """The person says yes, by the link mailed to them: they become a member and may draft their page."""
        self._move(State.DRAFT, act="accepted", by=self.member)
        self.member.join(invited_by=self.nominated_by)

    @property
    def missing(self) -> list[str]:
        """What the page still needs before a curator can read it, in words."""
        needed = {"the one line that says whom you help": self.headline, "your own words": self.own_words}
        lacking = [what for what, there in needed.items() if not there]
        return lacking if self.chosen.exists() else [*lacking, "a category"]

    def submit(self) -> None:
        """Raises NotReady while something is missing."""
        if self.missing:
            raise NotReady(self.missing)
        self._move(State.SUBMITTED, act="submitted", by=self.member)

    def take_back(self) -> None:
        """Back from the desk to one's own draft, to change something more."""
        self._move(State.DRAFT, act="taken-back", by=self.member, from_state=State.SUBMITTED)

    def send_back(self, *, by: User, reason: str) -> None:
        self._move(State.DRAFT, act="sent-back", by=by, reason=reason, conflicted=self.conflicts_with(by))

    def put_in_print(self, *, by: User, reason: str) -> None:
        self._move(State.LISTED, act="put-in-print", by=by, reason=reason, conflicted=self.conflicts_with(by))

    def decline(self, *, by: User, reason: str) -> None:
        """By a curator, or by the nominee, whose no needs no reason and no conflict check."""
        conflicted = by.pk != self.pk and self.conflicts_with(by)
        self._move(State.DECLINED, act="declined", by=by, reason=reason, conflicted=conflicted)

    def rest(self, *, by: User | None, reason: str = "") -> None:
        self._move(State.RESTING, act="rested", by=by, reason=reason)

    def come_back(self) -> None:
        self._move(State.LISTED, act="came-back", by=self.member, from_state=State.RESTING)

    def retire(self, *, by: User, reason: str = "") -> None:
        self._move(State.RETIRED, act="retired", by=by, reason=reason)

    def suspend(self, *, by: User, reason: str) -> None:
        self._move(State.SUSPENDED, act="suspended", by=by, reason=reason, conflicted=self.conflicts_with(by))

    def reinstate(self, *, by: User, reason: str) -> None:
        self._move(
            State.LISTED,
            act="reinstated",
            by=by,
            reason=reason,
            conflicted=self.conflicts_with(by),
            from_state=State.SUSPENDED,
        )

    def confirm(self) -> None:
        """One click each quarter: all still right."""
        self.confirmed_at = timezone.now()
        self.save(update_fields=["confirmed_at"])

    def conflicts_with(self, curator: User) -> bool:
        """Whether this curator is this expert or recommends them. Raises Conflict while enough others could decide.

        With fewer than three curators the decision is allowed, and disclosed on the page and in the log."""
        conflicted = curator.pk == self.pk or self.recommendations.by_author(curator).exists()
        if conflicted and User.objects.curators().count() >= FEW_CURATORS:
            raise Conflict
        return conflicted

    def locked(self) -> Expert:
        """This listing as it is now, with its row locked: the row carries the counts."""
        return Expert.objects.select_for_update(no_key=True, of=("self",)).with_member().get(pk=self.pk)

    @transaction.atomic
    def _move(
        self,
        to: State,
        *,
        act: str,
        by: User | None,
        reason: str = "",
        conflicted: bool = False,
        from_state: State | None = None,
    ) -> None:
        locked = self.locked()
        if to not in MOVES.get(locked.state, ()) or from_state not in (None, locked.state):
            raise WrongMove(locked.state)
        before, now = locked.state, timezone.now()
        self.state, self.moved_at = to, now
        self.listed_at = locked.listed_at
        if to == State.LISTED:
            self.listed_at = locked.listed_at or now
            self.confirmed_at = self.changed_at = now
        self.save(update_fields=["state", "moved_at", "listed_at", "confirmed_at", "changed_at"])
        Decision.objects.create(
            expert=self, by=by, act=act, before=before, after=to, reason=reason, conflicted=conflicted
        )
        self.update_lists()

    @transaction.atomic
    def update_lists(self) -> None:
        """Make the rows that lists and searches read agree with this listing: there while it is in print, else gone."""
        self.locked()
        touched = set(self.placed_in.values_list("category_id", flat=True))
        if not self.in_print:
            self.placed_in.all().delete()
            SearchDocument.objects.filter(pk=self.pk).delete()
        else:
            chosen = set(self.chosen.values_list("category_id", flat=True))
            touched |= chosen
            self.placed_in.exclude(category__in=chosen).delete()
            turn = shuffled(expert_pk=self.pk, day=timezone.localdate())
            for category in sorted(chosen):
                Placement.objects.update_or_create(
                    expert=self,
                    category_id=category,
                    defaults={"sort_name": facts.plain(self.member.name)[:80]},
                    create_defaults={"sort_name": facts.plain(self.member.name)[:80], "shuffle": turn},
                )
            SearchDocument.objects.update_or_create(expert=self, defaults=self._search_words())
        placing.write(self, touched)
        Category.objects.filter(pk__in=touched).recount()

    def _search_words(self) -> dict[str, str]:
        return {
            "name": self.member.name,
            "headline": self.headline,
            "own_words": "\n".join((self.own_words, self.for_whom)),
            "plain_name": facts.plain(self.member.name)[:80],
        }


class ExpertCategory(models.Model):
    """A category an expert chose, in print or not. Position 0 is the primary one."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="chosen")
    category = models.ForeignKey(Category, models.PROTECT, related_name="chosen_by")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "category"], name="expert_category_once"),
            models.UniqueConstraint(fields=["expert", "position"], name="expert_category_position_once"),
            models.CheckConstraint(condition=Q(position__lte=MORE_CATEGORIES), name="expert_category_at_most_four"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.category_id}"
