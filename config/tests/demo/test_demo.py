"""The sample community: believable, complete, the same each time, and never among real people."""

import io
import re
import stat
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.models import Invitation, Notice, User
from config.demo import factory, portraits, world
from config.demo.people import NAMED
from config.demo.words import say, trades
from config.management.commands.load_demo import kept_password
from directory.models import Category, Decision, Expert, Pick, Placement, Revision, SearchDocument, State
from directory.models.revisions import WORDS as REVISABLE
from directory.portraits import SIZES, path, square
from referrals.models import Book, Draft, Recommendation
from referrals.models.recommendations import WORDS

from .conftest import PASSWORD, TODAY
from .told import told

ANSWERS = ("how_i_know", "what_i_like", "why_i_trust")

pytestmark = pytest.mark.django_db


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@example.test")


def texts() -> list[tuple[object, ...]]:
    """What was made up, without the numbers of rows."""
    people = User.objects.order_by("email").values_list("name", "email", "organisation", "pronouns", "member_since")
    pages = Expert.objects.order_by("member__email").values_list(
        "state", "headline", "own_words", "place", "price_band", "portrait", "listed_at"
    )
    said = Recommendation.objects.order_by("author__email", "expert__member__email").values_list(
        "author__email", "expert__member__email", "signed_at", "printed_at", "answer", *ANSWERS
    )
    return [*people, *pages, *said, *told()]


def run() -> str:
    out = io.StringIO()
    call_command("load_demo", no_portraits=True, stdout=out)
    return out.getvalue()


# How much there is.


def test_it_is_made_in_good_time(seconds: float) -> None:
    assert seconds < 30  # of work; on a busy machine it takes longer by the clock


def test_it_is_as_large_as_promised() -> None:
    assert User.objects.members().count() == 1200
    assert Expert.objects.listed().count() == 290
    assert 2700 < Recommendation.objects.count() < 3300
    assert User.objects.curators().count() == 3
    assert Pick.objects.standing().count() == 45
    assert Pick.objects.values("curator").distinct().count() == 3
    assert Draft.objects.count() == 25
    assert Revision.objects.waiting().count() == 3
    assert Invitation.objects.open().count() == 8
    assert set(Book.objects.values_list("visibility", flat=True)) == {"me", "link", "public"}


def test_each_category_has_at_least_three_experts_and_one_needs_a_second_page() -> None:
    sizes = list(Category.objects.values_list("experts_count", flat=True))
    assert len(sizes) == 60
    assert min(sizes) >= 3
    assert max(sizes) > 20


def test_every_state_of_a_listing_is_there() -> None:
    states = Counter(Expert.objects.values_list("state", flat=True))
    assert set(states) == set(State.values)
    assert states[State.SUBMITTED] == 8
    thin = Expert.objects.filter(state=State.SUBMITTED, not_for_whom="")
    assert thin.count() == 3
    assert Expert.objects.filter(state=State.NOMINATED, nominated_by=None).count() == 3


def test_every_fate_of_a_recommendation_is_there() -> None:
    stages = Counter(one.stage for one in Recommendation.objects.select_related("expert"))
    for stage, least in {"printed": 2000, "with-subject": 30, "hidden": 30, "withdrawn": 20, "with-curator": 7,
                         "sent-back": 2}.items():  # fmt: skip
        assert stages[stage] >= least, stages
    assert Recommendation.objects.exclude(answer="").count() > 100
    assert Recommendation.objects.filter(relationship="friend").exists()
    assert Recommendation.objects.filter(same_company=True).exists()
    assert Recommendation.objects.filter(paid=True).exists()
    assert not Recommendation.objects.due(timezone.now()).exists()


def test_some_recommend_each_other_and_three_stand_in_a_ring() -> None:
    shown = Recommendation.objects.shown()
    assert shown.with_mutual().filter(mutual=True).count() > 20
    pairs = set(shown.values_list("author", "expert"))
    onward: dict[int, list[int]] = {}
    for giver, taker in pairs:
        onward.setdefault(giver, []).append(taker)
    assert any((c, a) in pairs for a, b in pairs for c in onward.get(b, []) if len({a, b, c}) == 3)


# What it says.


def test_no_page_repeats_a_line() -> None:
    for field in ("expert", "author"):  # an expert's page, and the book of whoever recommends
        lines: dict[int, list[str]] = {}
        for key, *answers in Recommendation.objects.values_list(field, *ANSWERS):
            lines.setdefault(key, []).extend(answers)
        assert [some for some in lines.values() if len(some) != len(set(some))] == []
    own = list(Expert.objects.exclude(own_words="").values_list("own_words", flat=True))
    assert len(own) == len(set(own))


def test_the_cards_of_a_category_quote_different_lines() -> None:
    quoted: dict[int, list[str]] = {}
    for category, quote in Placement.objects.exclude(quote=None).values_list("category", "quote"):
        quoted.setdefault(category, []).append(quote["text"])
    assert len(quoted) == 60
    assert [some for some in quoted.values() if len(some) != len(set(some))] == []


def test_nobody_speaks_of_a_year_to_come_and_no_gap_is_left_in_a_sentence() -> None:
    for signed_at, how, like, trust in Recommendation.objects.values_list("signed_at", *ANSWERS):
        assert max(map(int, re.findall(r"\b20\d\d\b", how)), default=0) <= signed_at.year
        assert not set("{}") & set(how + like + trust)


def test_the_forms_would_take_every_word_of_it() -> None:
    def check(row: Model, *fields: str) -> None:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(fields))

    for expert in Expert.objects.listed():
        check(expert, "languages", "clients", "price_band", "links", *REVISABLE)
    for recommendation in Recommendation.objects.all():
        check(recommendation, "answer", *WORDS)
    for user in User.objects.all():
        check(user, "email", "name", "handle", "pronouns", "organisation", "time_zone")


def test_what_somebody_is_called_fits_her_or_him() -> None:
    assert say("{Sub} gave {name} back {pos} notes.", name="Ada Vell", she=True) == "She gave Ada back her notes."
    assert say("I met {obj}.", name="Udo Vell", she=False) == "I met him."
    assert {len(words) for trade in trades().values() for words in (trade.how, trade.like, trade.trust)} == {14}


# That it holds together.


def test_lists_are_what_the_book_itself_would_write() -> None:
    def rows() -> list[object]:
        counts = Category.objects.order_by("pk").values_list("pk", "experts_count", "voices_count")
        documents = SearchDocument.objects.order_by("pk").values_list("pk", "own_words", "others", "score", "vector")
        places = Placement.objects.order_by("expert", "category").values_list(
            "expert", "category", "sort_name", "score", "voices", "terms", "newest_voice_at", "quote", "shuffle"
        )
        return [*counts, *documents, *places]

    before = rows()
    for expert in Expert.objects.with_member().order_by("headline")[::20]:
        expert.update_lists()
    assert rows() == before


def test_nobody_is_written_to() -> None:
    assert not Notice.objects.waiting().exists()
    assert Notice.objects.filter(sent_at__isnull=False).exists()
    assert not DBTaskResult.objects.exists()


def test_every_notice_has_a_line_to_show() -> None:
    for letter in Notice.objects.values_list("letter", flat=True).distinct():
        assert Notice.objects.filter(letter=letter)[0].subject


def test_who_is_in_print_was_put_there_by_somebody_who_does_not_recommend_them() -> None:
    decided = set(Decision.objects.filter(act="put-in-print").exclude(reason="").values_list("by", "expert"))
    assert set(Expert.objects.listed().values_list("pk", flat=True)) <= {expert for _, expert in decided}
    assert not decided & set(Recommendation.objects.values_list("author", "expert"))


# The people who sign in.


@pytest.mark.parametrize("key", NAMED)
def test_every_sample_person_signs_in(key: str, client: Client) -> None:
    client.post(reverse("account_login"), {"login": f"{key}@example.test", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person(key).pk)


def test_they_are_who_they_are_said_to_be() -> None:
    alice, bob, charlie, dana, erin, frank, gwen, olga = map(
        person, ("alice", "bob", "charlie", "dana", "erin", "frank", "gwen", "olga")
    )
    shown = Recommendation.objects.shown()
    assert alice.expert.in_print
    assert erin.expert.in_print
    assert shown.filter(author=bob, expert=alice.pk).counted(timezone.now()).count() == 1
    assert not Recommendation.objects.filter(author=bob, expert=erin.pk).exists()
    assert set(Placement.objects.filter(expert=alice.pk).values_list("category")) & set(
        Placement.objects.filter(expert=erin.pk).values_list("category")
    )
    assert charlie.is_member
    assert not charlie.recommendations_given.exists()
    assert not hasattr(charlie, "expert")
    assert dana.is_curator
    assert not dana.is_owner
    assert shown.filter(expert=frank.pk).count() >= 5
    assert not frank.recommendations_given.exists()  # type: ignore[attr-defined]
    assert not gwen.is_member
    assert olga.is_owner
    assert not Invitation.objects.owner_link()


def test_everybody_was_invited_by_somebody_who_was_there() -> None:
    invited = User.objects.members().exclude(is_superuser=True).select_related("invited_by")
    for member in invited:
        assert member.invited_by
        assert member.invited_by.member_since < member.member_since


# The command.


def test_the_same_seed_makes_the_same_community() -> None:
    before = texts()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows that are still to be checked cannot be cut off
        cursor.execute("TRUNCATE accounts_user, directory_decision, directory_place, referrals_step CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    world.load(now=TODAY, password=PASSWORD, faces=False)
    assert texts() == before


def test_a_second_run_changes_nothing_and_says_the_password_again(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    first = run()  # the file was lost: a new password, for the same people
    password = (tmp_path / "demo-password").read_text()
    people = User.objects.count()
    assert "there" in first
    assert password in first
    assert "alice@example.test" in first
    assert run() == first
    assert User.objects.count() == people
    assert Client().login(email="alice@example.test", password=password)
    assert Client().login(email="gwen@example.test", password=password)


def test_a_book_with_people_of_its_own_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    User.objects.filter(email="alice@example.test").update(email="alice@real.example")
    people = User.objects.count()
    with pytest.raises(CommandError, match="people of its own"):
        run()
    assert User.objects.count() == people
    assert not (tmp_path / "demo-password").exists()


def test_the_password_is_each_installations_own_and_good_enough_for_a_curator(tmp_path: Path) -> None:
    one, other = kept_password(tmp_path / "one"), kept_password(tmp_path / "other")
    assert one != other
    assert kept_password(tmp_path / "one") == one
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o600
    for key in NAMED:
        validate_password(one, person(key))


# Faces, and the people of the tests.


def test_a_face_goes_the_way_of_every_portrait() -> None:
    portraits.hang(name="aface", she=True)
    assert all(default_storage.exists(path("aface", size, kind)) for size in SIZES for kind in ("webp", "avif"))
    face = square(portraits.draw(seed="aface", she=True))
    assert face.tobytes() == square(portraits.draw(seed="aface", she=True)).tobytes()
    assert face.tobytes() != square(portraits.draw(seed="another", she=True)).tobytes()


def test_the_factory_makes_listings_in_every_state() -> None:
    for state in State.values:
        email = f"{state}@example.test"
        maker = factory.make_guest if state in ("nominated", "invited") else factory.make_member
        assert factory.make_expert(member=maker(name=f"Some {state}", email=email), state=state).state == state


def test_the_factory_makes_words_at_every_stage() -> None:
    assert factory.make_recommendation().stage == "printed"
    assert factory.make_recommendation(printed=False).stage == "with-subject"
    assert factory.make_recommendation(read=False).stage == "with-curator"
    assert factory.make_nomination().expert.state == State.NOMINATED
    assert factory.make_pick(expert=factory.make_expert()).review_on > timezone.localdate()
