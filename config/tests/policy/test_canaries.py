"""What is hidden is on no page of those it is hidden from, and what somebody typed is never markup."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlencode

import pytest
from django.urls import reverse

from accounts import letters
from accounts.models import Notice
from directory.models import Word

from .rules import BOOK, POLICY, READERS, ROLES
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
        if strange := set(ADDRESS.findall(body)) - set(ADDRESS.findall(unquote(path))) - {own}:
            told.append(f"{path}: {strange}")  # what somebody typed is repeated to them
    assert not told, "\n".join(told)
    assert pages > 50


@pytest.mark.parametrize("key", ["bob", "alice", "dana"])
def test_the_canary_sings(town: Town, key: str) -> None:
    """Whose it is sees it: so the words are there to be found."""
    seen = [
        path for path, response in crawl(Walker(town, key), without_tokens(town)) if CANARY in response.body.decode()
    ]
    assert len(seen) >= {"bob": 5, "alice": 2, "dana": 10}[key]


DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
RAW = re.compile(r"""<i/data-x|"data-x|data-x='|=''<""")


def unescaped(page: str) -> list[str]:
    """Where text has become markup, with what stands before it. In JSON inside a page quotes are JSON's own."""
    inside = [found for found in DATA.findall(page) if "<" in found]
    rest = DATA.sub("", page)
    return inside + [rest[max(0, found.start() - 60) : found.end()] for found in RAW.finditer(rest)]


class Links(HTMLParser):
    """The links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


@pytest.mark.parametrize("key", ["nobody", "bob", "alice", "dana", "olga"])
def test_no_text_becomes_markup(town: Town, key: str) -> None:
    walker, told, marked = Walker(town, key), [], 0
    asked = urlencode({"q": MARK, "name": MARK, "email": MARK, "where": MARK, "order": MARK})
    searched = [f"{path}?{asked}" for path in addresses(town, [row for row in BOOK if row.name in READERS])]
    # What Olga has besides is the back room.
    for path, response in crawl(walker, ["/admin/"] if key == "olga" else [*addresses(town, BOOK), *searched]):
        if is_html(response):
            page = response.body.decode()
            told += [f"{path} as {key}: {piece!r}" for piece in unescaped(page)]
            told += [f"{path} as {key}: {link}" for link in Links(page).found if not good(link)]
            marked += "i/data-x" in page
    assert not told, "\n".join(told)
    assert marked > 20


def good(link: dict[str, str | None]) -> bool:
    """A link to elsewhere says that we do not vouch for it; and no link runs anything."""
    where = (link.get("href") or "").strip().lower()
    if not where.startswith(("http:", "https:")):
        return not where.startswith(("javascript:", "data:", "vbscript:", "//"))
    return where.startswith("http://localhost") or set((link.get("rel") or "").split()) >= {
        "nofollow",
        "ugc",
        "noopener",
    }


def test_no_text_becomes_markup_in_a_letter(town: Town) -> None:
    told: list[str] = []
    kinds = set()
    for notice in Notice.objects.select_related("recipient"):
        message = letters.compose(notice)
        kinds.add(notice.letter)
        html = message.alternatives[0][0]
        told += [f"{notice.letter}: {tag}" for tag in unescaped(str(html))]
        assert "\n" not in message.subject
        assert "&lt;" not in message.body
    assert not told, "\n".join(told)
    assert len(kinds) >= 6
