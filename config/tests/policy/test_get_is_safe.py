"""Looking changes nothing, and a form counts only with its token."""

import pytest

from .entries import typed
from .rules import POLICY, WITHOUT_TOKEN
from .town import Town
from .walking import Walker, addresses, changed, crawl, problem, state, undone

pytestmark = pytest.mark.django_db
EXTRA = ["/search/?q=hosts", "/search/suggest/?q=ho", "/recommend/?q=ali", "/contents/podcasting/?explain=1"]


@pytest.mark.parametrize("key", ["nobody", "gwen", "charlie", "bob", "alice", "sue", "dana", "olga"])
def test_looking_changes_nothing(town: Town, key: str) -> None:
    """Everybody follows every link, and looks at every address of the book besides; Olga looks round the back room."""
    walker, wrong, before = Walker(town, key), [], state()
    with undone():
        starts = ["/admin/"] if key == "olga" else [*addresses(town, POLICY), *EXTRA]
        for path, response in crawl(walker, starts, stay=True):
            if response.status_code >= 500:
                wrong.append(f"{path} as {key}: {problem(response)}")
        assert changed(before, state()) == []
    assert not wrong, "\n".join(wrong)


def test_every_form_needs_its_token(town: Town) -> None:
    forms, wrong = typed(town), []
    for row in (row for row in POLICY if "POST" in row.methods and row.actor()):
        walker = Walker(town, row.actor(), enforce_csrf_checks=True)
        path = town.address(row.name, row.thing)
        with undone():
            before = state()
            response = walker.stay("POST", path, forms.get(row.name, {}))
            done = changed(before, state()) != []
        if (response.status_code != 403 or done) if row.name not in WITHOUT_TOKEN else response.status_code != 200:
            wrong.append(f"{path} as {row.actor()}: {problem(response)}")
    assert not wrong, "\n".join(wrong)
