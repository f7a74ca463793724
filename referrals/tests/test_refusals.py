"""A prospect's no is final: whoever tries, and by whatever way, no message and no introduction comes through."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Notice, Suppression, User
from accounts.tests.factories import signed_in
from config.demo import factory
from config.jobs import schedule
from directory.models import Expert
from referrals.letters import introductions as letters
from referrals.models import Introduction, NotAllowed, Refusal, Stage, Touch, WrongStage
from referrals.tests.introducing import NEED, ask, introduce, introduced

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(alice: User) -> User:
    """Another expert of alice's firm."""
    member = factory.make_member(name="Colin Vell", organisation="VELL & Co.")
    factory.make_expert(member=member)
    return member


@pytest.fixture
def over(alice: User, gwen: User) -> Introduction:
    """gwen was introduced to alice, both wrote, and gwen said no."""
    User.objects.filter(pk=alice.pk).update(organisation="Vell & Co. Ltd")
    introduction = introduced(prospect=gwen, expert=alice.expert)
    Touch.objects.write(introduction=introduction, author=alice, body="You need listeners.")
    Touch.objects.write(introduction=introduction, author=gwen, body="Yes, that is it.")
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    introduction.refresh_from_db()
    assert introduction.stage == Stage.REFUSED
    return introduction


def heard(gwen: User) -> set[int]:
    """What reached gwen: letters that were not held, and messages in any thread of hers."""
    return set(Notice.objects.filter(recipient=gwen, held_at=None).values_list("pk", flat=True)) | {
        -pk for pk in Touch.objects.filter(introduction__prospect=gwen).values_list("pk", flat=True)
    }


@pytest.fixture
def nothing_more(over: Introduction, gwen: User) -> Iterator[None]:
    before = heard(gwen), Introduction.objects.count()
    yield
    assert (heard(gwen), Introduction.objects.count()) == before


@transaction.atomic
def run(statements: list[tuple[str, list[int]]]) -> None:
    with connection.cursor() as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)


@pytest.mark.usefixtures("nothing_more")
class TestElevenWaysRoundANo:
    def test_a_reply(self, over: Introduction, alice: User) -> None:
        with pytest.raises(WrongStage):
            Touch.objects.write(introduction=over, author=alice, body="One more thing.")
        with pytest.raises(WrongStage):
            Touch.objects.note(
                introduction=over, author=alice, channel="phone", on=timezone.localdate(), body="I rang her."
            )

    def test_a_new_introduction_by_the_expert(self, alice: User, gwen: User) -> None:
        with pytest.raises(NotAllowed):
            introduce(introducer=alice, expert=alice.expert, prospect=gwen)

    def test_by_a_colleague_of_the_same_firm(self, colleague: User, bob: User, gwen: User) -> None:
        with pytest.raises(NotAllowed):
            introduce(introducer=bob, expert=colleague.expert, prospect=gwen)

    def test_by_a_third_member(self, alice: User, bob: User, gwen: User) -> None:
        with pytest.raises(NotAllowed):
            introduce(introducer=bob, expert=alice.expert, prospect=gwen)

    def test_an_import(self, alice: User, gwen: User, tmp_path: Path) -> None:
        """Taking in a list of people, gwen among them, in alice's name, and recommending her."""
        file = tmp_path / "experts.csv"
        rows = ["name,email,headline,categories,languages", f"Gwen Adair,{gwen.email},Helps hosts.,podcasting,en"]
        file.write_text("\n".join(rows))
        call_command("import_experts", str(file), by=alice.email)
        said = factory.make_recommendation(author=alice, expert=Expert.objects.get(pk=gwen.pk), printed=False)
        assert said.told_at is None
        held = Notice.objects.get(letter="put_forward")
        assert held.held_at is not None
        assert not held.listed

    def test_an_invitation(self, alice: User, gwen: User) -> None:
        Invitation.objects.invite(inviter=alice, sentence="One more thing.", email=gwen.email)
        assert Notice.objects.get(letter="invite").held_at is not None

    def test_the_admin(self, over: Introduction, gwen: User, dana: User) -> None:
        client = signed_in(dana)
        for model in ("introduction", "touch", "refusal"):
            for address in (f"admin:referrals_{model}_add",):
                assert client.post(reverse(address), {"introduction": over.pk}).status_code in (302, 403, 404)

    def test_raw_sql(self, over: Introduction, alice: User, gwen: User, colleague: User) -> None:
        touch = (
            'INSERT INTO referrals_touch (introduction_id, author_id, channel, body, gave, "on", at, round, number,'
            " is_reflection) VALUES (%s, %s, 'book', 'Hello', '', now(), now(), 9, 1, false)"
        )
        anew = (
            "INSERT INTO referrals_introduction (prospect_id, expert_id, route, prospect_name, need, tried, success,"
            " timing, answers, note_to_expert, note_to_prospect, stage, moved_at, asked_at, reminders, offer_words,"
            " round, touches) VALUES (%s, %s, 'direct', 'Gwen', 'x', '', '', '', '[]', '', '', 'asked', now(), now(),"
            " 0, '', 0, 0)"
        )
        forced = "UPDATE referrals_introduction SET stage = 'introduced' WHERE id = %s"
        for statements in (
            [(touch, [over.pk, alice.pk])],
            [(forced, [over.pk]), (touch, [over.pk, alice.pk])],
            [(anew, [gwen.pk, alice.pk])],
            [(anew, [gwen.pk, colleague.pk])],
        ):
            with pytest.raises(DatabaseError, match="final"):
                run(statements)

    def test_asking_the_other_way_round(self, alice: User, gwen: User) -> None:
        """The expert as a prospect of the one who said no, who is an expert too."""
        User.objects.filter(pk=gwen.pk).update(handle="gwen")
        gwen.refresh_from_db()
        factory.make_expert(member=gwen)
        with pytest.raises(NotAllowed):
            ask(prospect=alice, expert=gwen.expert)

    def test_forwarding_the_letter(self, over: Introduction, alice: User, colleague: User) -> None:
        page = reverse("referrals:introduction_letter", args=[letters.token(over, alice)])
        for client in (signed_in(colleague), signed_in(alice)):
            answer = client.get(page)
            assert b"<textarea" not in answer.content

    def test_a_notice(self, over: Introduction, alice: User, gwen: User) -> None:
        """No verb that the expert still has tells the prospect anything."""
        acts: list[Callable[[], object]] = [
            lambda: over.say_yes(by=alice),
            over.expert_says_no,
            over.expert_not_now,
            lambda: over.offer_better(factory.make_expert()),
            lambda: over.withdraw(by=alice),
        ]
        for act in acts:
            with pytest.raises((WrongStage, NotAllowed)):
                act()

    def test_a_digest(self, over: Introduction) -> None:
        """Nothing that the worker does by the clock, a year from now."""
        then = timezone.now() - dt.timedelta(days=400)
        Introduction.objects.update(
            asked_at=then, prospect_yes_at=then, expert_yes_at=then, introduced_at=then, moved_at=then
        )
        for task, _ in schedule():
            if task.module_path.startswith(("accounts.", "directory.", "referrals.")):
                task.call()


# The no itself.


def test_addresses_disappear_and_the_expert_is_told_kindly(over: Introduction, alice: User) -> None:
    assert not over.addresses_are_open
    assert Notice.objects.filter(recipient=alice, letter="intro_prospect_no").count() == 1


def test_it_ends_what_is_open_with_the_firm(alice: User, colleague: User, gwen: User) -> None:
    User.objects.filter(pk=alice.pk).update(organisation="Vell & Co. Ltd")
    theirs = introduced(prospect=gwen, expert=colleague.expert)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="never")
    theirs.refresh_from_db()
    assert theirs.stage == Stage.REFUSED


def test_free_mail_is_no_firm(alice: User, erin: User, gwen: User, bob: User) -> None:
    assert alice.mail_domain is None
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    assert introduce(introducer=bob, expert=erin.expert, prospect=gwen).stage == Stage.ASKED


def test_only_the_prospect_takes_it_back(over: Introduction, alice: User, gwen: User) -> None:
    over.reopen()
    assert over.stage == Stage.INTRODUCED
    Touch.objects.write(introduction=over, author=alice, body="I am glad.")
    assert not Refusal.objects.standing().exists()


def test_asking_again_takes_it_back(over: Introduction, alice: User, gwen: User) -> None:
    anew = ask(prospect=gwen, expert=alice.expert)
    assert anew.stage == Stage.ASKED
    assert not Refusal.objects.standing().exists()


def test_the_same_no_twice_is_one(over: Introduction, alice: User, gwen: User) -> None:
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="no")
    assert Refusal.objects.count() == 1


def test_not_now_ends_by_itself(alice: User, gwen: User) -> None:
    introduction = introduced(prospect=gwen, expert=alice.expert)
    until = timezone.localdate() + dt.timedelta(days=30)
    Refusal.objects.refuse(prospect=gwen, expert=alice.expert, kind="not-now", until=until)
    introduction.refresh_from_db()
    assert introduction.stage == Stage.PAUSED
    with pytest.raises(WrongStage):
        Touch.objects.write(introduction=introduction, author=alice, body="Is it time?")
    Introduction.objects.wake()
    introduction.refresh_from_db()
    assert introduction.stage == Stage.PAUSED
    Refusal.objects.update(until=timezone.localdate())
    Introduction.objects.wake()
    Touch.objects.write(introduction=introduction, author=alice, body="It is time.")


@pytest.mark.parametrize(
    ("kind", "until"), [("not-now", None), ("no", dt.date(2030, 1, 1)), ("take-me-off", dt.date(2030, 1, 1))]
)
def test_the_database_knows_what_is_final(alice: User, gwen: User, kind: str, until: dt.date | None) -> None:
    with pytest.raises(DatabaseError, match="refusal_is_final"), transaction.atomic():
        Refusal.objects.create(prospect=gwen, expert=alice.expert, kind=kind, until=until)


def test_take_me_off_ends_everything_from_everybody(alice: User, erin: User, bob: User, gwen: User) -> None:
    first, second = introduced(prospect=gwen, expert=alice.expert), ask(prospect=gwen, expert=erin.expert)
    Suppression.objects.add_address(gwen.email)
    for introduction in (first, second):
        introduction.refresh_from_db()
        assert introduction.stage == Stage.REFUSED
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        Introduction.objects.create(
            prospect=gwen, expert=factory.make_expert(), route="direct", need=NEED, prospect_name="Gwen"
        )
    Suppression.objects.remove_address(gwen.email)
    assert ask(prospect=gwen, expert=factory.make_expert()).stage == Stage.ASKED
