"""A person: known by an e-mail address first, a guest or nominee next, a member once somebody invited
them."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.text import slugify

from accounts.names import plain

CURATORS = "curators"
COUNTS_AFTER = dt.timedelta(days=14)
FOUNDING_PERIOD = dt.timedelta(days=30)

# Sharing one of these says nothing about sharing an employer. example.test is reserved for sample people
# (RFC 6761).
FREE_MAIL = """
    aol.com example.test fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com
    hey.com hotmail.com icloud.com libero.it live.com mac.com mail.com mail.ru mailbox.org me.com
    msn.com naver.com orange.fr outlook.com pm.me posteo.de proton.me protonmail.com qq.com
    t-online.de tuta.com wanadoo.fr web.de yahoo.co.uk yahoo.com yandex.ru ymail.com zoho.com
""".split()  # noqa: SIM905


@functools.cache  # reading them walks some 600 files
def time_zones() -> tuple[str, ...]:
    """UTC first, then the zones named after a place."""
    return (
        "UTC",
        *sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:4] != "Etc/"),
    )


def valid_time_zone(name: str) -> None:
    if name not in time_zones():
        raise ValidationError("Choose a time zone from the list.")


class Domain(models.Func):
    """The part of an address behind the @, or NULL for a free-mail host."""

    output_field = models.CharField()
    hosts = ", ".join(f"'{host}'" for host in FREE_MAIL)
    part = "split_part(%(expressions)s, '@', 2)"
    template = f"(CASE WHEN {part} IN ({hosts}) THEN NULL ELSE {part} END)"


class Firm(models.Func):
    """An organisation's name without case, punctuation and legal form, so that "Vell & Co. Ltd" is
    "vellco"; NULL when empty."""

    output_field = models.CharField()
    template = (
        "NULLIF(regexp_replace(regexp_replace(lower(%(expressions)s), "
        r"'\m(ltd|limited|inc|llc|llp|gmbh|ag|bv|sarl|sas|srl|plc|oy|ab|as)\M\.?', '', 'g'), "
        "'[^[:alnum:]]+', '', 'g'), '')"
    )


class UserQuerySet(models.QuerySet["User"]):
    def members(self) -> UserQuerySet:
        return self.filter(member_since__isnull=False, is_active=True)

    def curators(self) -> UserQuerySet:
        return self.filter(groups__name=CURATORS, is_active=True)

    def by_handle(self, handle: str) -> UserQuerySet:
        return self.filter(handle=handle.lower())


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            EmailAddress.objects.create(user=user, email=user.email, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        with transaction.atomic():
            user = self.create_user(email, password, **fields)
            user.confirm_email()  # who may run commands on the server need not prove an address to it
            user.join(invited_by=None, as_owner=True)
        return user

    def meet(self, *, email: str, name: str) -> User:
        """The person with this address, created without password or membership when we have not met yet."""
        user = self._get_or_create(email=email, name=name)
        if not user.handle:
            if user.last_login is None:
                # Whoever typed this address on a join page never proved that it is theirs.
                user.name = name
                user.save(update_fields=["name"])
            user.take_handle()
        return user

    def begin_to_join(self, *, email: str, name: str) -> User:
        """The person who typed this address on a join page. Known people keep their name; nobody gets a
        password here, or whoever typed a stranger's address first could later sign in as that stranger."""
        return self._get_or_create(email=email, name=name)

    def _get_or_create(self, *, email: str, name: str) -> User:
        email = email.strip().lower()
        try:
            return self.get(email=email)
        except self.model.DoesNotExist:
            try:
                return self.create_user(email, name=name)
            except IntegrityError:  # somebody was faster
                return self.get(email=email)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True, error_messages={"unique": "Somebody with this address is here already."})
    name = models.CharField(max_length=80)
    pronouns = models.CharField(max_length=30, blank=True)
    handle = models.SlugField(max_length=60, unique=True, null=True, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=50, default="UTC", validators=[valid_time_zone])
    member_since = models.DateTimeField(null=True, blank=True)
    counts_from = models.DateTimeField(null=True, blank=True)  # when what they sign begins to count
    invited_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="invited")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    organisation_key = models.GeneratedField(
        expression=Firm(F("organisation")),
        output_field=models.CharField(max_length=120, null=True),
        db_persist=True,
    )
    mail_domain = models.GeneratedField(
        expression=Domain(F("email")),
        output_field=models.CharField(max_length=254, null=True),
        db_persist=True,
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            # unique=True and lower case together make the login case-insensitive without an extension.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(member_since__isnull=True) | (Q(handle__isnull=False) & Q(counts_from__isnull=False)),
                name="user_member_has_handle",
            ),
            models.CheckConstraint(condition=~Q(invited_by=F("id")), name="user_never_invited_by_self"),
        ]
        indexes = [
            models.Index(
                fields=["organisation_key"],
                name="user_organisation",
                condition=Q(organisation_key__isnull=False),
            ),
            models.Index(fields=["mail_domain"], name="user_mail_domain", condition=Q(mail_domain__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def first_name(self) -> str:
        return self.get_short_name()

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    @property
    def is_member(self) -> bool:
        return self.member_since is not None

    @property
    def is_owner(self) -> bool:
        return self.is_superuser

    @cached_property
    def is_curator(self) -> bool:
        return self.is_staff and self.groups.filter(name=CURATORS).exists()

    def same_firm(self, other: User) -> bool:
        """Whether both work for one organisation, by its name or by the domain of their addresses."""
        return any(
            mine is not None and mine == theirs
            for mine, theirs in (
                (self.organisation_key, other.organisation_key),
                (self.mail_domain, other.mail_domain),
            )
        )

    def take_handle(self, wanted: str = "") -> None:
        """Give this person a public address made from the name, counted on when others have it."""
        base = (
            slugify(plain(wanted or self.name))[:50]
            or f"member-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"
        )
        for number in range(1, 1000):
            if self.change_handle(base if number == 1 else f"{base}-{number}"):
                return
        raise ValidationError("No public address is left for this name. Choose another one.")

    def change_handle(self, handle: str) -> bool:
        """Move to this public address; the one left behind redirects. False when another person has it or
        had it."""
        before = self.handle
        if handle == before:
            return True
        try:
            with transaction.atomic():
                self.handle = handle
                self.save(update_fields=["handle"])
                # Asked after the write: by now the unique index has waited for whoever was just leaving
                # this address.
                if FormerHandle.objects.filter(handle=handle).exclude(user=self).exists():
                    raise IntegrityError("somebody once had this address")
                self.former_handles.filter(handle=handle).delete()
                if before:
                    self.former_handles.create(handle=before)
        except IntegrityError:
            self.handle = before
            return False
        return True

    def go_by(self, name: str) -> None:
        """Take the name a guest gives on a form of their own: until then it may be what somebody else typed."""
        if not self.is_member and name != self.name:
            self.name = name
            self.save(update_fields=["name"])

    def confirm_email(self) -> None:
        """Take the address as proven. Sign-in by code does the same by itself."""
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults={"verified": True, "primary": True})

    @transaction.atomic
    def join(self, *, invited_by: User | None, as_owner: bool = False) -> None:
        """Become a member. What founders sign counts at once, so that an empty book can open; others wait
        14 days."""
        now = timezone.now()
        if self.member_since is not None:
            return
        if not self.handle:
            self.take_handle()
        founding = as_owner or (
            invited_by is not None
            and invited_by.is_owner
            and invited_by.member_since is not None
            and now < invited_by.member_since + FOUNDING_PERIOD
        )
        self.member_since, self.invited_by = now, invited_by
        self.counts_from = now if founding else now + COUNTS_AFTER
        self.save(update_fields=["member_since", "invited_by", "counts_from"])
        if as_owner:
            self.is_superuser = True
            self.save(update_fields=["is_superuser"])
            self.make_curator()

    @transaction.atomic
    def make_curator(self) -> None:
        self.is_staff = True
        self.save(update_fields=["is_staff"])
        self.groups.add(Group.objects.get_or_create(name=CURATORS)[0])
        self.__dict__.pop("is_curator", None)

    @transaction.atomic
    def leave_the_desk(self) -> None:
        """Be a curator no more. Rights are read from the database with every request, so they end with the next."""
        self.is_staff = False
        self.save(update_fields=["is_staff"])
        self.groups.remove(*Group.objects.filter(name=CURATORS))
        self.__dict__.pop("is_curator", None)


class FormerHandle(models.Model):
    """A public address somebody once had: it redirects and is never given to another person."""

    handle = models.SlugField(max_length=60, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="former_handles")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.handle
