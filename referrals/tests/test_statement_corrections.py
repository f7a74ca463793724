"""Something is wrong with a line of one's own: a curator is asked, and the line says what came of it."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import signed_in
from referrals.bank import Kind
from referrals.models import Account, Correction, Entry

from .statements import PAGE, lines, post, read

pytestmark = pytest.mark.django_db
WORDS = {"words": "I never met this person."}


@pytest.fixture
def entry(charlie: User, frank: User) -> Entry:
    """Charlie gave Frank an introduction two days ago."""
    found: Entry = post(charlie, frank, days=2)
    return found


def path(entry: Entry) -> str:
    return f"{PAGE}lines/{entry.pk}/correction/"


@pytest.mark.parametrize("whose", ["charlie", "frank"])
def test_both_sides_of_a_line_can_ask(entry: Entry, whose: str, request: pytest.FixtureRequest) -> None:
    member: User = request.getfixturevalue(whose)
    browser = signed_in(member)
    assert f'href="{path(entry)}"' in read(member)
    assert "A curator who has no part in it" in read(member, path=path(entry))
    response = browser.post(path(entry), WORDS, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "A curator looks at this line and answers you." in response.content.decode()
    correction = Correction.objects.get()
    assert (correction.entry, correction.by, correction.words) == (entry, member, WORDS["words"])
    (line,) = lines(read(member))
    assert line[1].endswith("A curator is looking at this.")
    browser.post(path(entry), WORDS)
    assert Correction.objects.count() == 1
    page = browser.get(path(entry)).content.decode()
    assert "A curator is looking at this since" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("reverse", [True, False])
def test_the_line_says_what_was_decided(entry: Entry, charlie: User, frank: User, dana: User, reverse: bool) -> None:
    correction = Correction.objects.ask(entry=entry, by=charlie, **WORDS)
    correction.decide(by=dana, reverse=reverse, reason="They wrote to me, both.")
    line = lines(read(charlie))[-1]
    assert line[1].endswith(f"{'it is taken back' if reverse else 'it stands'}. They wrote to me, both.")
    assert path(entry) not in read(charlie)
    assert "They wrote to me" not in lines(read(frank))[-1][1]  # told to the one who asked


def test_without_words_nothing_is_asked(entry: Entry, charlie: User) -> None:
    for data in ({}, {"words": " "}, {"words": "x" * 1001}):
        response = signed_in(charlie).post(path(entry), data)
        assert response.status_code == 422
        assert "There is a problem" in response.content.decode()
    assert "x" * 1001 in response.content.decode()
    assert not Correction.objects.exists()


def test_what_is_past_correction_says_why(charlie: User, frank: User) -> None:
    old, undone = post(charlie, frank, days=61), post(charlie, frank, days=5)
    reversal = undone.reverse(by=None, reason="They never spoke.")
    for entry, why in ((old, "This one is older"), (undone, "corrected already"), (reversal, "corrected already")):
        assert f'href="{path(entry)}"' not in read(charlie)
        response = signed_in(charlie).post(path(entry), WORDS)
        assert response.status_code == 422
        assert why in response.content.decode()
    assert not Correction.objects.exists()


def test_others_lines_are_not_there(entry: Entry, erin: User, dana: User, gwen: User) -> None:
    nowhere = f"{PAGE}lines/{entry.pk + 1000}/correction/"
    for stranger in (erin, dana):
        browser = signed_in(stranger)
        for method in (browser.get, browser.post):
            there, missing = method(path(entry)), method(nowhere)
            assert (there.status_code, missing.status_code) == (404, 404)
    assert signed_in(gwen).post(path(entry), WORDS).status_code == 403
    assert not Correction.objects.exists()


def test_looking_at_it_asks_for_nothing(entry: Entry, charlie: User) -> None:
    signed_in(charlie).get(path(entry), WORDS)
    assert not Correction.objects.exists()
    assert signed_in(charlie).get(f"{PAGE}lines/99999999999999999999/correction/").status_code == 404


def test_a_pushy_case_can_be_disputed_too(charlie: User) -> None:
    case = post(None, charlie, days=1, kind=Kind.PUSHY)
    assert signed_in(charlie).post(path(case), WORDS).status_code == 302
    assert Account.objects.of(charlie).balance(timezone.now() - dt.timedelta(hours=25)) == 0
