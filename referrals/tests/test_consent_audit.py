"""`manage.py consent audit`: no address anywhere before both said yes, and it notices one."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Notice, User
from referrals.models import Introduction, Touch
from referrals.tests.introducing import ask, introduce, introduced

pytestmark = pytest.mark.django_db


def audit(*introductions: Introduction, **options: object) -> str:
    out = io.StringIO()
    try:
        call_command("consent", "audit", *[str(each.pk) for each in introductions], stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


@pytest.fixture
def introduction(alice: User, bob: User, gwen: User) -> Introduction:
    return introduce(introducer=bob, expert=alice.expert, prospect=gwen)


def test_nothing_is_told_at_any_stage(
    introduction: Introduction, alice: User, erin: User, gwen: User, charlie: User
) -> None:
    asked = ask(prospect=gwen, expert=erin.expert)
    declined = introduced(prospect=charlie, expert=erin.expert)
    declined.withdraw(by=charlie)
    open_to_both = introduced(prospect=charlie, expert=alice.expert)
    Touch.objects.write(introduction=open_to_both, author=charlie, body=f"Mail me: {charlie.email}")
    assert "No address is told" in audit(introduction, asked, declined, open_to_both)
    introduction.say_yes(by=alice)
    assert "No address is told" in audit(introduction)


def test_an_address_in_the_brief_is_found(introduction: Introduction, gwen: User) -> None:
    Introduction.objects.filter(pk=introduction.pk).update(need=f"Write to {gwen.email.upper()}.")
    said = audit(introduction)
    assert f"introduction {introduction.pk}, need: the address of the prospect" in said
    assert gwen.email not in said.lower()


def test_an_address_in_a_letter_is_found(introduction: Introduction, alice: User, gwen: User) -> None:
    note = Notice.objects.get(recipient=alice, letter="intro_ask_expert")
    note.words["need"] = f"She is {gwen.email}"
    note.save(update_fields=["words"])
    assert "(intro_ask_expert): the address of the prospect" in audit(introduction)


def test_an_address_in_a_log_is_found(introduction: Introduction, alice: User, tmp_path: Path) -> None:
    log = tmp_path / "book.log"
    log.write_text(f"INFO nothing\nINFO sent to {alice.email}\n")
    assert f"{log}, line 2: the address of the expert" in audit(introduction, log=[log])


def test_looking_leaves_nothing_behind(introduction: Introduction, alice: User) -> None:
    before = alice.last_login, Notice.objects.count()
    audit(introduction)
    alice.refresh_from_db()
    assert (alice.last_login, Notice.objects.count()) == before


def test_an_introduction_that_is_not_there(introduction: Introduction) -> None:
    introduction.pk += 1000
    assert "There is no introduction" in audit(introduction)
