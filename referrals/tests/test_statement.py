"""A member's statement: what it says, to whom, and that it adds up."""

import csv
import io
import re
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_member, signed_in
from config.demo.factory import make_pick
from referrals import bank
from referrals.bank import Kind
from referrals.models import Account, Correction, Entry, Recommendation, Report, Thanks, Touch

from .introducing import ask, by_recommendation, introduce, introduced
from .statements import PAGE, lines, post, read, text

pytestmark = pytest.mark.django_db
NONE = "\N{EN DASH}"
ASK = "Something wrong? Ask for a correction: "


@pytest.fixture
def payer(alice: User) -> User:
    """Alice is hand-picked: what she receives counts."""
    make_pick(expert=alice.expert)
    return alice


def meet(giver: User, expert: User, prospect: User) -> Any:
    introduction = introduce(introducer=giver, expert=expert.expert, prospect=prospect)
    introduction.say_yes(by=expert)
    introduction.say_yes(by=prospect)
    return introduction


def test_without_a_line(charlie: User) -> None:
    page = read(charlie)
    assert "<h1>Statement for Charlie" in page
    assert ">Opened<" in page
    assert "Your first deposit: introduce someone" in page
    assert "<svg" not in page
    assert not Account.objects.filter(member=charlie).exists()  # nothing is opened by being looked at


def test_an_introduction_on_both_statements(payer: User, charlie: User, gwen: User) -> None:
    introduction = meet(charlie, payer, gwen)
    Thanks.objects.say(introduction=introduction, by=gwen, text="She was the one. <b>")
    Thanks.objects.say(introduction=introduction, by=payer, text="Good match.")
    given, received = read(charlie), read(payer)
    name = payer.name
    assert [line[1:] for line in lines(given)] == [
        [f"Thanks from {name} for {gwen.name} Good match. {name} {ASK}Thanks from {name} for {gwen.name}",
         "0.50", NONE, "0.50"],
        [f"Introduced {gwen.name} to {name} She was the one. <b> {gwen.name} {ASK}Introduced {gwen.name} to {name}",
         "1.00", NONE, "1.00"],
    ]  # fmt: skip
    assert [line[1].partition(" Good")[0].partition(" Something")[0] for line in lines(received)] == [
        f"Thanked {charlie.name} for {gwen.name}",
        f"Introduction by {charlie.name}: {gwen.name}",
    ]
    assert [line[2:] for line in lines(received)] == [[NONE, "0.50", "-0.50"], [NONE, "1.00", "-1.00"]]
    assert "She was the one" not in received  # said to Charlie
    assert f'href="{introduction.get_absolute_url()}"' in given
    assert "You have given more than you received this year. People remember that." in given
    for figure in ("<dd>1.50</dd>", "<dd>In good standing</dd>", "Make a deposit: introduce someone"):
        assert figure in given


def test_how_a_prospect_came(payer: User, bob: User, erin: User, gwen: User) -> None:
    said = Recommendation.objects.get(author=bob)
    by_recommendation(said, prospect=gwen).say_yes(by=payer)
    assert f"Brought {gwen.name} to {payer.name} by a recommendation" in read(bob)
    assert f"Brought by {bob.name}’s recommendation: {gwen.name}" in text(read(payer))
    first = ask(prospect=make_member(name="Pia"), expert=erin.expert)
    first.offer_better(payer.expert)
    first.meet_better().say_yes(by=payer)
    assert f"Sent Pia on to {payer.name}" in read(erin)
    assert f"Sent on by {erin.name}: Pia" in read(payer)


def test_a_pushy_follow_up_says_why(payer: User, dana: User, gwen: User) -> None:
    introduction = introduced(prospect=gwen, expert=payer.expert)
    Touch.objects.write(introduction=introduction, author=payer, body="Buy my course today.")
    report = Report.objects.report(touch=introduction.thread.get(), by=gwen, kind=Report.Kind.PITCHED)
    report.decide(by=dana, upheld=True, reason="An advert, and she had asked for none.")
    (line,) = lines(read(payer))
    assert line[1].startswith("Pushy follow-up, upheld An advert, and she had asked for none.")
    assert line[2:] == [NONE, "1.00", "-1.00"]


def test_a_reversal_names_its_line_and_leads_to_it(payer: User, charlie: User, gwen: User, dana: User) -> None:
    meet(charlie, payer, gwen)
    entry = Entry.objects.get()
    entry.reverse(by=dana, reason="They had met before.")
    page = read(charlie)
    reversal, line = lines(page)
    assert reversal[1].startswith(f"Reversed: Introduced {gwen.name} to {payer.name} They had met before.")
    assert (reversal[2:], line[2:]) == (["-1.00", NONE, "-1.00"], ["1.00", NONE, "1.00"])
    assert f'href="#line-{entry.pk}"' in page
    assert "Ask for a correction" not in page
    assert "<dd>0.00</dd>" in page


def test_a_reversal_leads_to_its_line_on_another_page(charlie: User, frank: User) -> None:
    first = post(charlie, frank, days=40)
    for days in range(19):
        post(charlie, make_member(), days=days)
    first.reverse(by=None, reason="They never spoke.")
    page = read(charlie)
    (where,) = re.findall(rf'href="(\?after=[^"#]+)#line-{first.pk}"', page)
    assert f'id="line-{first.pk}"' not in page
    assert f'id="line-{first.pk}"' in read(charlie, where)


def test_who_has_no_part_in_an_introduction_reads_no_name(payer: User, charlie: User, frank: User, gwen: User) -> None:
    """A curator found that it was Frank who made it: he is not on its page, so no name is on his statement."""
    introduction = meet(charlie, payer, gwen)
    correction = Correction.objects.ask(entry=Entry.objects.get(), by=payer, words="It was Frank.")
    correction.decide(by=User.objects.curators().get(), reverse=True, reason="It was Frank.", giver=frank)
    page = read(frank)
    assert f"Introduced somebody to {payer.name}" in page
    assert gwen.name not in page
    assert introduction.get_absolute_url() not in page


def test_all_lines_add_up_to_the_balance(charlie: User, frank: User) -> None:
    for number in range(45):
        giver, receiver = (charlie, make_member()) if number % 3 else (make_member(), charlie)
        post(giver, receiver, days=number * 11)
    post(charlie, frank, days=3).reverse(by=None, reason="They never spoke.")
    page, seen = read(charlie), []
    while True:
        seen += lines(page)
        following = re.findall(r'href="(\?after=[^"]+)#ledger">Older', page)
        if not following:
            break
        page = read(charlie, following[0])
    assert len(seen) == 47
    assert sum(float(line[4]) for line in seen) == pytest.approx(Account.objects.of(charlie).balance() / 100, abs=0.24)
    assert "Newest lines" in page
    table = list(csv.DictReader(io.StringIO(read(charlie, path="/bank/statement.csv"))))
    assert len(table) == 47
    balance = Account.objects.of(charlie).balance() / bank.POINTS
    assert sum(float(row["worth today"]) for row in table) == pytest.approx(balance, abs=1e-4)
    assert bank.units(balance * 100) == re.findall(r"Balance today</dt><dd>(.*?)</dd>", page)[0]


def test_lines_of_one_kind_and_one_year(charlie: User, frank: User) -> None:
    year = timezone.localdate().year - 1
    post(charlie, frank, days=400)
    post(charlie, frank, days=1, kind=Kind.THANKS)
    assert len(lines(read(charlie, "?kind=thanks"))) == 1
    assert len(lines(read(charlie, f"?year={timezone.localtime(Entry.objects.earliest('pk').effective_at).year}"))) == 1
    for nonsense in ("?kind=gift", "?year=1066", "?kind=%3D1&year=x", "?after=nonsense", "?kind=&year="):
        assert len(lines(read(charlie, nonsense))) == 2, nonsense
    empty = read(charlie, "?kind=pushy")
    assert "No line is of this kind and year" in empty
    assert f'<option value="{year}"' in empty


def test_the_chart_says_what_the_table_says(charlie: User, frank: User) -> None:
    post(charlie, frank, days=1)
    post(frank, charlie, days=70, kind=Kind.THANKS)
    page = read(charlie)
    assert page.count('role="img"') == 2  # twelve months, and six for small screens
    for month in Account.objects.of(charlie).by_month():
        words = f"{month.first:%B %Y}: given {bank.units(month.given)}, received {bank.units(month.received)}"
        assert words in page
        row = rf"{month.first:%B %Y}</th><td[^>]*>{bank.units(month.given)}</td><td[^>]*>{bank.units(month.received)}<"
        assert re.search(row, page)
    assert 'class="up"' in page
    assert 'class="down" fill="url(#hatch-wide)"' in page
    assert "style=" not in page


def test_with_whom_most_and_recommendations_counted(alice: User, bob: User, frank: User) -> None:
    post(bob, frank, days=9)
    post(bob, alice, days=380)  # longer ago than the statement looks
    post(alice, bob, days=3, kind=Kind.THANKS)
    page = read(bob)
    assert re.search(rf"Given to most, 12 months</h2>\s*<ol><li>{frank.name}, 1.00</li></ol>", page)
    assert re.search(rf"Received from most, 12 months</h2>\s*<ol><li>{alice.name}, 0.50</li></ol>", page)
    assert "<dd>1 given, 0 received</dd>" in page
    assert "<dd>0 given, 1 received</dd>" in read(alice)


# What is in no line.


def test_what_waits_for_its_receiver_has_no_number(alice: User, charlie: User, gwen: User) -> None:
    meet(charlie, alice, gwen)
    given, received = text(read(charlie)), text(read(alice))
    assert f"Introduced {gwen.name} to {alice.name}, counts when the one who received it is established." in given
    assert f"Introduction by {charlie.name}: {gwen.name}, counts when you are established." in received
    assert lines(read(charlie)) == []
    make_pick(expert=alice.expert)
    alice.expert.locked()
    from referrals.models import deposits

    deposits.post_waiting(alice.expert)
    assert "In no line" not in read(charlie)
    assert len(lines(read(charlie))) == 1


def test_what_never_counts_says_why(payer: User, charlie: User, gwen: User, django_assert_num_queries: Any) -> None:
    User.objects.filter(pk__in=(payer.pk, charlie.pk)).update(organisation="Vell & Co")
    introduction = meet(User.objects.get(pk=charlie.pk), User.objects.get(pk=payer.pk), gwen)
    Thanks.objects.say(introduction=introduction, by=User.objects.get(pk=payer.pk), text="Thank you.")
    assert text(read(charlie)).count("never counts: one firm or one household") == 2


# Who reads it.


def test_it_is_private_to_its_owner_and_to_curators(charlie: User, dana: User, gwen: User, frank: User) -> None:
    post(charlie, frank, days=2)
    of_charlie = f"{PAGE}of/{charlie.handle}/"
    page = read(dana, path=of_charlie)
    assert "You read this as a curator." in page
    assert f"<h1>Statement for {charlie.name}</h1>" in page
    for theirs in ("Ask for a correction", "statement.csv", "Make a deposit"):
        assert theirs not in page
    stranger = signed_in(frank)
    there, nowhere = stranger.get(of_charlie), stranger.get(f"{PAGE}of/nobody-here/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert signed_in(dana).get(f"{PAGE}of/nobody-here/").status_code == 404
    assert signed_in(charlie).get(of_charlie).headers["Location"] == PAGE
    assert "This page is for members" in read(gwen, status=403)
    assert signed_in(charlie).post(PAGE).status_code == 405


def test_a_visitor_is_sent_to_the_door(client: Any) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert "next=/bank/" in response.headers["Location"]


@pytest.mark.parametrize("path", [PAGE, "/bank/statement.csv"])
def test_it_is_kept_by_nobody_on_the_way(charlie: User, frank: User, path: str) -> None:
    post(charlie, frank)
    response = signed_in(charlie).get(path)
    assert response.headers["Cache-Control"] == "private, no-store"


# What it costs.


@pytest.mark.parametrize("number", [1, 30])
def test_queries(payer: User, number: int, django_assert_num_queries: Any) -> None:
    """Session, reader, account; oldest day, lines, their introductions with thanks, corrections; what waits (2); months
    (2), rating, with whom (2), recommendations."""
    for _ in range(number):
        introduction = meet(make_member(), payer, make_member())
        Thanks.objects.say(introduction=introduction, by=introduction.prospect, text="Thank you.")
        post(payer, make_member(), days=3)
    browser = signed_in(payer)
    with django_assert_num_queries(16):
        browser.get(PAGE)


@pytest.mark.parametrize("number", [1, 20])
def test_queries_of_what_waits(alice: User, charlie: User, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        meet(make_member(), alice, make_member())
    browser = signed_in(alice)
    with django_assert_num_queries(15):
        browser.get(PAGE)
