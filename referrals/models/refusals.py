"""A prospect's no. It is final, the database holds it, and only the prospect takes it back.

It stands between the prospect and the expert, and everybody of the expert's firm. Without an expert it stands between
the prospect and everybody: "take me off".
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q, Value
from django.utils import timezone

from accounts.models import User
from directory.models import Expert
from referrals.letters import introductions as letters

from .stages import MOVES, Stage

if TYPE_CHECKING:
    from .introductions import Introduction

# The one statement of the rule is the function referrals_refused(one, another) of the database, made by the
# migration 0003_introductions. Triggers, queries and the pages' friendly words all ask it.
NOT_REFUSED = """
IF referrals_refused({prospect}, {expert}) THEN
    RAISE EXCEPTION 'This prospect said no to this expert, and that is final.' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
"""  # noqa: E501


class Refused(models.Func):
    """Whether a no stands between two people, given by their primary keys, whoever of them said it."""

    function = "referrals_refused"
    output_field = models.BooleanField()


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def standing(self) -> RefusalQuerySet:
        """Neither taken back nor run out."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate()), lifted_at__isnull=True)

    def between(self, prospect: User, expert: Expert) -> RefusalQuerySet:
        """Those that stand between these two, also by the expert's firm."""
        member = expert.member
        firm = Q(expert__member__organisation_key=member.organisation_key, expert__isnull=False)
        domain = Q(expert__member__mail_domain=member.mail_domain, expert__isnull=False)
        about = Q(expert=expert) | Q(expert__isnull=True)
        about |= firm if member.organisation_key else Q(pk__in=())
        about |= domain if member.mail_domain else Q(pk__in=())
        return self.standing().filter(about, prospect=prospect)


class RefusalManager(models.Manager.from_queryset(RefusalQuerySet)):  # type: ignore[misc]
    def stands_between(self, *, prospect: User, expert: Expert) -> bool:
        """Whether either of the two said no to the other, the other's firm, or everybody."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT referrals_refused(%s, %s)", [prospect.pk, expert.pk])
            return bool(cursor.fetchone()[0])

    def by_address(self, writer: User, email: str) -> bool:
        """The same between whoever wants to write a letter and whoever has this address."""
        reader = User.objects.filter(email=email.strip().lower())
        return bool(reader.filter(Refused(F("pk"), Value(writer.pk))).exists())

    @transaction.atomic
    def refuse(
        self, *, prospect: User, expert: Expert, kind: str, until: dt.date | None = None, tell: bool = True
    ) -> Refusal:
        """Say no, or "not now" with a date, and end whatever is open between the two and with the expert's firm.

        The same no twice is one."""
        User.objects.select_for_update(no_key=True).get(pk=prospect.pk)  # nobody begins anything meanwhile
        expert = Expert.objects.with_member().get(pk=expert.pk)
        refusal: Refusal = self.standing().filter(prospect=prospect, expert=expert, kind=kind, until=until).first() or (
            self.create(prospect=prospect, expert=expert, kind=kind, until=until)
        )
        for introduction in prospect.introductions.in_reach_of(expert).locked_in_order():
            refusal._end(introduction, tell=tell)
        return refusal

    @transaction.atomic
    def leave_alone(self, email: str) -> None:
        """ "Take me off": the person with this address says no to everybody, from this second."""
        prospect = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower()).first()
        if prospect is None:
            return
        refusal = self.standing().filter(prospect=prospect, expert=None).first() or self.create(
            prospect=prospect, expert=None, kind=Refusal.Kind.TAKE_ME_OFF
        )
        for introduction in prospect.introductions.unfinished().locked_in_order():
            refusal._end(introduction, tell=True)

    def lift(self, *, prospect: User, expert: Expert) -> int:
        """The prospect takes back what stands between them and this expert; how many noes that were."""
        return int(self.between(prospect, expert).update(lifted_at=timezone.now()))

    def leave_alone_no_more(self, email: str) -> None:
        """ "Put me back": the no to everybody is over, those to single experts stay."""
        everybody = self.standing().filter(prospect__email=email.strip().lower(), expert=None)
        everybody.update(lifted_at=timezone.now())


class Refusal(models.Model):
    class Kind(models.TextChoices):
        NO = "no", "No, thank you"
        CHOSE_ANOTHER = "chose-another", "I chose someone else"
        NEVER = "never", "Never again"
        NOT_NOW = "not-now", "Not now"
        TAKE_ME_OFF = "take-me-off", "Take me off"

    prospect = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="refusals")
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, related_name="refusals")  # null: everybody
    kind = models.CharField(max_length=14, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateField(null=True)  # null: for good
    lifted_at = models.DateTimeField(null=True)  # taken back by the prospect

    objects = RefusalManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(prospect=F("expert")), name="refusal_never_of_oneself"),
            models.CheckConstraint(condition=Q(kind__in=["no", "chose-another", "never", "not-now", "take-me-off"]),
                name="refusal_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="not-now", until__isnull=False) | (~Q(kind="not-now") & Q(until__isnull=True)),
                name="refusal_is_final_unless_not_now",
            ),
            models.CheckConstraint(
                condition=Q(expert__isnull=False) | Q(kind="take-me-off"), name="refusal_of_everybody_is_take_me_off"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["prospect"], name="refusal_standing", condition=Q(lifted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.prospect} to {self.expert or 'everybody'}: {self.get_kind_display()}"

    def _end(self, introduction: Introduction, *, tell: bool) -> None:
        """Close one introduction because of this no. For a "not now", one that rests or is done stays where it is."""
        if self.leads_to not in MOVES[introduction.stage]:
            return
        act = f"prospect-{self.kind}"
        introduction.move(self.leads_to, act=act, by=self.prospect)
        if tell:
            letters.prospect_said_no(introduction, refusal=self)

    @property
    def leads_to(self) -> Stage:
        return Stage.PAUSED if self.kind == Refusal.Kind.NOT_NOW else Stage.REFUSED
