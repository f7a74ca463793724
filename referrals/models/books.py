"""X's book: each member's own page of the people he recommends, to send when somebody asks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User


class BookQuerySet(models.QuerySet["Book"]):
    def readable_by(self, reader: object) -> BookQuerySet:
        """Every book that is not kept to its owner, and the reader's own."""
        shared = models.Q(owner__is_active=True) & ~models.Q(visibility=Book.Visibility.ME)
        mine = models.Q(owner=reader) if isinstance(reader, User) else models.Q(pk__in=())
        return self.filter(shared | mine)


class Book(models.Model):
    class Visibility(models.TextChoices):
        ME = "me", "Only I can see it"
        LINK = "link", "Anyone with the link, and no search engine"
        PUBLIC = "public", "Anyone, search engines too"

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="book")
    visibility = models.CharField(max_length=6, choices=Visibility.choices, default=Visibility.LINK)
    read_through_on = models.DateField(default=timezone.localdate)  # when its owner last went through it

    objects = BookQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owner.name}'s book"

    def get_absolute_url(self) -> str:
        return reverse("referrals:book", args=[self.owner.handle])
