"""Whatever the ledger holds, a visitor sees the same bytes."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import make_member
from directory.models import Paper
from directory.tests.guides import make_guide
from referrals.bank import Kind
from referrals.models import Account, Entry

from .statements import bulk, post

pytestmark = pytest.mark.django_db


def pages(alice: User, bob: User) -> list[str]:
    fixed = ["/", "/contents/", "/search/?q=podcast", "/how-the-bank-works/", "/how-experts-are-chosen/", "/robots.txt"]
    maps = ["/sitemap.xml", *(f"/sitemap-{name}.xml" for name in ("categories", "experts", "guides", "pages"))]
    about = [f"/contents/podcasting/{query}" for query in ("", "?order=newest", "?explain=1")]
    about += [f"/experts/{alice.handle}/", f"/book/{bob.handle}/"]
    return [*fixed, *maps, *about, *(paper.get_absolute_url() for paper in Paper.objects.all())]


@pytest.fixture
def paper(alice: User) -> Paper:
    """A guide of Alice's, in print."""
    return make_guide(alice.expert)


def test_public_pages_are_byte_equal(client: Client, alice: User, bob: User, erin: User, paper: Paper) -> None:
    before = {path: client.get(path) for path in pages(alice, bob)}
    assert {path: response.status_code for path, response in before.items()} == dict.fromkeys(before, 200)
    bulk(alice, erin, number=500)
    bulk(bob, make_member(), number=499)
    for _ in range(4):
        post(None, alice, kind=Kind.PUSHY)
    Account.objects.filter(member=erin).update(credit_line=0)
    assert Entry.objects.count() > 1000
    assert Account.objects.of(alice).rating() == "notice"
    changed = [path for path, response in before.items() if client.get(path).content != response.content]
    assert changed == []
