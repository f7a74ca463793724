"""X's book: each member's own page of the people he recommends, to send when somebody asks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import User


class BookManager(models.Manager["Book"]):
    def of(self, owner: User) -> Book:
        """A member's book. It is there without a row until its owner first changes something."""
        return self.filter(owner=owner).first() or Book(owner=owner)


class Book(models.Model):
    class Visibility(models.TextChoices):
        ME = "me", "Only I can see it"
        LINK = "link", "Anyone with the link, and no search engine"
        PUBLIC = "public", "Anyone, search engines too"

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="book")
    visibility = models.CharField(max_length=6, choices=Visibility.choices, default=Visibility.LINK)
    read_through_on = models.DateField(null=True)  # when its owner last went through it

    objects = BookManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=["me", "link", "public"]), name="book_visibility_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner.name}'s book"

    def get_absolute_url(self) -> str:
        return reverse("referrals:book", args=[self.owner.handle])

    def is_open_to(self, reader: object) -> bool:
        """Everybody who has the link, unless its owner keeps it; a book of somebody who left is closed."""
        if not self.owner.is_member or not self.owner.is_active:
            return False
        return self.visibility != Book.Visibility.ME or reader == self.owner

    def set_visibility(self, visibility: str) -> None:
        Book.objects.update_or_create(owner=self.owner, defaults={"visibility": visibility})

    def read_through(self) -> None:
        """Its owner went through it and would still send people to everybody in it."""
        Book.objects.update_or_create(owner=self.owner, defaults={"read_through_on": timezone.localdate()})
