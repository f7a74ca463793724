"""The app's own role in the database is enough for what the book does, and for nothing more."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Invitation, Notice, Suppression
from accounts.tasks import deliver
from config.models import Job
from directory.models import Decision, Pick, Revision, Word
from directory.search import search
from referrals.models import Draft, Recommendation

from .entries import typed
from .rules import BOOK
from .town import DAY, Town
from .walking import Walker, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_app(town: Town) -> Iterator[Town]:
    """The town, seen and changed with the rights of the app's role."""
    with undone(), connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
        yield town
        cursor.execute("RESET ROLE")


def test_it_may_do_what_the_book_does(as_app: Town) -> None:
    town = as_app
    bob, dana, erin, sam = town.people["bob"], town.people["dana"], town.expert("erin"), town.expert("sam")
    draft = Draft.objects.of(author=bob, expert=erin)
    assert draft
    Walker(town, "bob").stay("POST", "/experts/erin/recommend/sign/", {"seen": draft.fingerprint})
    signed = Recommendation.objects.get(author=bob, expert=erin)
    signed.accept()
    assert signed.printed_at
    signed.hide()
    signed.withdraw()
    sam.put_in_print(by=dana, reason="Read twice.")
    review = timezone.localdate() + 100 * DAY
    Pick.objects.pick(
        curator=dana, expert=sam, category=town.categories[0], reason="I know the work well.", review_on=review
    )
    Revision.objects.get(pk=town.people["alice"].pk).print(by=dana)
    sam.suspend(by=dana, reason="Pitched to readers.")
    assert Invitation.objects.get(**town.things["row of the open invitation"]).accept(by=town.people["gwen"])
    assert search("hosts who dread").query.text
    assert Word.objects.gather() > 5
    Suppression.objects.add_address("off@list.test")
    Job.objects.beat()
    waiting = Notice.objects.waiting().filter(recipient=bob)
    assert [deliver.call(notice.pk) for notice in waiting] == ["sent"] * len(mail.outbox) != []
    Recommendation.objects.print_due()
    Recommendation.objects.nominee_says_no(expert=town.expert("vera"))


@pytest.mark.parametrize("name", ["bob", "alice", "dana", "gwen", "nobody"])
def test_it_may_answer_every_form(as_app: Town, name: str) -> None:
    forms, wrong, walker = typed(as_app), [], Walker(as_app, name)
    for row in (row for row in BOOK if row.actor() == name):
        for method in row.methods:
            response = walker.ask(
                method, as_app.address(row.name, row.thing), forms.get(row.name) if method == "POST" else None
            )
            if response.status_code >= 500:
                wrong.append(f"{method} {row}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def test_it_may_not_change_what_was_decided(as_app: Town) -> None:
    table = Decision._meta.db_table
    assert Decision.objects.exists()
    assert refused(f"UPDATE {table} SET reason = ''")
    assert refused(f"DELETE FROM {table}")
    assert [
        name for name in connection.introspection.django_table_names() if not refused(f'TRUNCATE "{name}" CASCADE')
    ] == []
