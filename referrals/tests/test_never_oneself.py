"""No route lets a member be subject and author: every address that takes a POST is tried with one's own name."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.tests.factories import signed_in
from directory.models import Expert, Pick
from referrals.letters import nomination_token
from referrals.models import Draft, Recommendation

from .factories import make_category, make_expert, make_recommendation, typed

pytestmark = pytest.mark.django_db


def names(resolver: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named address with the names of its parts."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}", list(pattern.pattern.converters)


def test_no_route_makes_one_the_author_of_words_about_oneself() -> None:
    alice = make_expert(name="Alice Ames", email="alice@example.test")
    alice.member.make_curator()
    said = make_recommendation(expert=alice)
    client, category = signed_in(alice.member), make_category()
    parts = {"handle": "alice-ames", "pk": said.pk, "token": nomination_token(alice), "slug": "sales"}
    words = typed() | {
        "name": "Alice", "email": "alice@example.test", "category": str(category.pk), "link": "", "seen": "x",
        "expert": str(alice.pk), "reason": "Because I know my own work very well indeed.", "review_on": "2030-01-01",
    }  # fmt: skip
    tried = 0
    for name, wanted in names(get_resolver()):
        if name.startswith("admin:") or set(wanted) - set(parts):
            continue
        try:
            address = reverse(name, kwargs={part: parts[part] for part in wanted})
        except NoReverseMatch:
            continue
        if "logout" in address:
            continue
        response = client.post(address, words)
        assert response.status_code < 500, address
        tried += 1
    assert tried > 40
    assert Expert.objects.get(pk=alice.pk)
    assert not [one for one in Recommendation.objects.all() if one.author_id == one.expert_id]
    assert not [one for one in Draft.objects.exclude(expert=None) if one.author_id == one.expert_id]
    assert not [one for one in Pick.objects.all() if one.curator_id == one.expert_id]
