"""What is hidden is on no page of those it is hidden from, and what somebody typed is never markup."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts import letters
from accounts.models import Notice
from directory.models import Word

from .rules import BOOK, POLICY, ROLES
from .town import CANARY, FINDABLE, MARK, Town
from .walking import Walker, addresses, crawl, is_html

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What a search would have to find; the canary itself would be repeated by the page.
SOUGHT = [FINDABLE, FINDABLE[:4], "kanarje", "kanari", *("dora", "sam", "dee", "nora", "vera", "nora@nora.test")]


def searches() -> list[str]:
    pages = ("directory:search", "directory:suggest", "directory:contents", "referrals:who")
    found = [f"{reverse(page)}?{urlencode({'q': words})}" for page in pages for words in SOUGHT]
    orders = [f"/contents/podcasting/?{urlencode({'order': order, 'explain': 1})}" for order in ("", "name", "newest")]
    return [*found, *orders, *(f"/search/?in=experts&q={words}" for words in SOUGHT)]


def without_tokens(town: Town) -> list[str]:
    """The addresses that anybody could come upon: not those that stand in a letter only."""
    return addresses(town, [row for row in POLICY if "token" not in town.things.get(row.thing, {})])


@pytest.mark.parametrize("role", ["visitor", "guest", "member"])
def test_the_hidden_is_hidden(town: Town, role: str) -> None:
    Word.objects.gather()
    walker, told, pages = Walker(town, ROLES[role]), [], 0
    own = town.people[ROLES[role]].email if ROLES[role] in town.people else ""
    for path, response in crawl(walker, [*without_tokens(town), *searches()]):
        pages += response.status_code == 200
        body = response.body.decode(errors="replace") + str(response.headers)
        at = body.lower().find(CANARY)
        if at >= 0:
            told.append(f"{path}: {body[max(0, at - 120) : at + 40]!r}")
        if strange := set(ADDRESS.findall(body)) - {own, "nora@nora.test" if "nora%40" in path else ""}:
            told.append(f"{path}: {strange}")
    assert not told, "\n".join(told)
    assert pages > 50


@pytest.mark.parametrize("key", ["bob", "alice", "dana"])
def test_the_canary_sings(town: Town, key: str) -> None:
    """Whose it is sees it: so the words are there to be found."""
    seen = [path for path, response in crawl(Walker(town, key), without_tokens(town)) if CANARY in response.body.decode()]
    assert len(seen) >= {"bob": 5, "alice": 2, "dana": 10}[key]


class Marked(HTMLParser):
    """Finds the tags that text has become."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(name.startswith("data-x") or "<" in name for name, _ in attrs) or "<" in tag or "/data" in tag:
            self.found.append(self.get_starttag_text() or tag)
        if tag == "a":
            self.links.append(dict(attrs))


@pytest.mark.parametrize("around", ["<p>{}</p>", '<p title="{}">', "<p title='{}'>", "<p title={}>", "<script>'</script>{}'"])
def test_the_mark_shows_wherever_it_is_not_escaped(around: str) -> None:
    assert Marked(around.format(MARK)).found


@pytest.mark.parametrize("key", ["nobody", "charlie", "bob", "alice", "dana", "olga"])
def test_no_text_becomes_markup(town: Town, key: str) -> None:
    walker, told, marked = Walker(town, key), [], 0
    searched = [f"{path}?{urlencode({'q': MARK, 'name': MARK, 'email': MARK, 'where': MARK})}" for path in without_tokens(town)]
    room = ["/admin/"] if key == "olga" else []
    for path, response in crawl(walker, [*addresses(town, BOOK), *searched, *room]):
        if is_html(response):
            page = Marked(response.body.decode())
            told += [f"{path} as {key}: {tag}" for tag in page.found]
            marked += b"i/data-x" in response.body
            told += [f"{path} as {key}: {link}" for link in page.links if not good(link)]
    assert not told, "\n".join(told)
    assert marked > 20


def good(link: dict[str, str | None]) -> bool:
    """A link to elsewhere says that we do not vouch for it; and no link runs anything."""
    where = (link.get("href") or "").strip().lower()
    if not where.startswith(("http:", "https:")):
        return not where.startswith(("javascript:", "data:", "vbscript:", "//"))
    return where.startswith("http://localhost") or set((link.get("rel") or "").split()) >= {"nofollow", "ugc", "noopener"}


def test_no_text_becomes_markup_in_a_letter(town: Town) -> None:
    told: list[str] = []
    kinds = set()
    for notice in Notice.objects.select_related("recipient"):
        message = letters.compose(notice)
        kinds.add(notice.letter)
        html = message.alternatives[0][0]
        told += [f"{notice.letter}: {tag}" for tag in Marked(str(html)).found]
        assert "\n" not in message.subject
        assert "&lt;" not in message.body
    assert not told, "\n".join(told)
    assert len(kinds) >= 6


