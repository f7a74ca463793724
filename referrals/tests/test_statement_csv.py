"""The statement as a file: every line, and nothing in it that a spreadsheet program would run."""

import csv
import io

import pytest

from accounts.models import User
from accounts.tests.factories import make_member, signed_in
from referrals.bank import Kind
from referrals.views.bank import COLUMNS

from .statements import bulk, post

pytestmark = pytest.mark.django_db
PATH = "/bank/statement.csv"
RUNS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\N{FULLWIDTH EQUALS SIGN}1",
    "'=1",
    '=HYPERLINK("http://x.example","y")',
    "=1\n+2",
]


def table(member: User) -> list[list[str]]:
    return list(csv.reader(io.StringIO(signed_in(member).get(PATH).getvalue().decode(), newline="")))


def test_every_line(charlie: User, frank: User) -> None:
    post(charlie, frank, days=3)
    post(None, charlie, days=2, kind=Kind.PUSHY)
    response = signed_in(charlie).get(PATH)
    assert response.streaming
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="statement-{charlie.handle}.csv"'
    header, pushy, given = table(charlie)
    assert tuple(header) == COLUMNS
    assert pushy[1:6] == ["Follow-up after a no", "Pushy follow-up, upheld", "", "", "1.00"]
    assert given[1:6] == ["Introduction", f"Introduced somebody to {frank.name}", "", "1.00", ""]
    assert float(pushy[6]) == pytest.approx(-0.996, abs=0.001)


def test_more_than_are_read_at_once(charlie: User, frank: User) -> None:
    bulk(charlie, frank, number=1201)
    rows = table(charlie)[1:]
    assert len(rows) == 1201
    assert sum(float(row[6]) for row in rows) == pytest.approx(charlie.account.balance() / 100, abs=0.01)


@pytest.mark.parametrize("text", RUNS)
def test_no_cell_runs(charlie: User, dana: User, text: str) -> None:
    post(charlie, make_member(name="Frank"), days=3).reverse(by=dana, reason=f"{text} x")
    reason = table(charlie)[1][3]
    assert not reason.lstrip("'").startswith(text.strip()) or reason.startswith("'")
    assert reason.endswith("x")


def test_it_is_for_members_and_only_read(charlie: User, gwen: User, client: object) -> None:
    assert signed_in(gwen).get(PATH).status_code == 403
    assert signed_in(charlie).post(PATH).status_code == 405
    assert client.get(PATH).status_code == 302  # type: ignore[attr-defined]
    assert table(charlie) == [list(COLUMNS)]
