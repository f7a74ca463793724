"""The back room: staff find and read everything there; only categories are edited, by their verbs."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import make_curator, make_guest, make_member
from directory.models import Category, Decision, Expert, FormerSlug, Pick, State
from directory.tests.desk import in_days, make_changes, make_curators, make_printed, make_words, sit
from directory.tests.listings import make_category, make_listing
from referrals.models import Draft, Recommendation

pytestmark = pytest.mark.django_db
OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in ("directory", "referrals")),
    key=lambda model: model._meta.label,
)
EDITED = "directory.Category"


def list_of(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def change(category: Category) -> str:
    return reverse("admin:directory_category_change", args=[category.pk])


def typed(category: Category, **changes: Any) -> dict[str, Any]:
    return {
        "name": category.name,
        "slug": category.slug,
        "part": category.part_id,
        "order": category.order,
        "description": "I do not know how to edit my show.",
        "problems": "\n".join(category.problems),
        "aliases": "\n".join(category.aliases),
        "half_life_years": category.half_life_years,
        **changes,
    }


def test_drafts_are_for_their_authors_alone() -> None:
    assert Draft not in OURS
    assert {Category, Expert, Decision, Pick, Recommendation} <= set(OURS)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_staff_reads_and_changes_nothing(model: Any) -> None:
    dana, lena = make_curators(2)
    expert = make_printed(by=dana)
    make_changes(expert)
    words = make_words(author=make_member(name="Bob Ferris"), expert=expert)
    words.read(by=lena)
    make_words(author=words.author, expert=expert, what_i_like="She listens, and then cuts.")
    category = expert.categories[0]
    Pick.objects.pick(
        curator=lena, expert=expert, category=category, reason="I know this work myself.", review_on=in_days(3)
    )
    FormerSlug.objects.create(slug="old-name", category=category)
    client, url = sit(dana), list_of(model)
    assert client.get(url).status_code == 200
    assert client.get(f"{url}?q=alice").status_code == 200
    assert client.get(f"{url}add/").status_code == 403
    row = model.objects.first()
    if row is not None:
        one = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        assert client.get(one).status_code == 200
        assert client.post(one.replace("change", "delete"), {"post": "yes"}).status_code == 403
        if model._meta.label != EDITED:
            assert client.post(one, {"state": "listed", "reason": "x"}).status_code == 403
            assert '<input type="submit"' not in client.get(one).content.decode()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_others_do_not_even_come_in(model: Any) -> None:
    for stranger in (make_guest(), make_member()):
        assert sit(stranger).get(list_of(model)).status_code in (302, 403)
    assert Client().get(list_of(model)).status_code == 302


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    dana = make_curator()
    for n in range(number):
        expert = make_printed(by=dana, name=f"Person {n}", categories=[make_category(slug=f"trade-{n}")])
        make_words(author=make_member(), expert=expert)
    client = sit(dana)
    for model, queries in ((Expert, 6), (Decision, 7), (Category, 7), (Recommendation, 6)):
        with django_assert_num_queries(queries):
            client.get(list_of(model))


def test_experts_are_found_by_name_and_address_and_lead_to_the_desk() -> None:
    dana = make_curator()
    expert = make_printed(by=dana)
    make_listing(state=State.NOMINATED)
    page = sit(dana).get(f"{list_of(Expert)}?q={expert.member.email}&state__exact=listed").content.decode()
    assert "Alice Moreau" in page
    assert "1 expert" in page
    assert reverse("directory:desk_expert", args=[expert.member.handle]) in page


def test_a_line_of_the_log_says_when_the_person_has_left() -> None:
    dana = make_curator()
    make_listing(state=State.DRAFT).member.delete()
    page = sit(dana).get(list_of(Decision))
    assert page.status_code == 200
    assert "somebody who has left" in page.content.decode()


def test_a_category_is_renamed_and_the_old_address_leads_on() -> None:
    category = make_category(aliases=["Radio"], problems=["I ramble, and nobody tells me."])
    answer = sit(make_curator()).post(
        change(category), typed(category, name="Podcast editing", slug="podcast-editing", aliases="Radio\n\n Shows ")
    )
    assert answer.status_code == 302
    category.refresh_from_db()
    assert (category.name, category.slug) == ("Podcast editing", "podcast-editing")
    assert category.problems == ["I ramble, and nobody tells me."]
    assert category.aliases == ["Radio", "Shows"]
    assert FormerSlug.objects.get(slug="podcasting").category == category
    assert Client().get("/contents/podcasting/")["Location"].endswith("/contents/podcast-editing/")


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"slug": "two words"}, {"slug": "editing"}, {"aliases": "x" * 81}, {"description": ""}]
)
def test_a_category_that_is_not_whole_is_refused(changes: dict[str, str]) -> None:
    make_category(slug="editing")
    category = make_category()
    answer = sit(make_curator()).post(change(category), typed(category, **changes))
    assert answer.status_code == 200
    assert "Please correct the error" in answer.content.decode()
    assert not FormerSlug.objects.exists()


def test_a_category_is_retired_for_another() -> None:
    category, successor = make_category(slug="radio"), make_category()
    client = sit(make_curator())
    assert client.post(change(category), typed(category, retire_for=successor.pk)).status_code == 302
    category.refresh_from_db()
    assert category.retired_at
    assert category.successor == successor
    assert 'name="retire_for"' not in client.get(change(category)).content.decode()
    assert client.post(change(successor), typed(successor, retire_for=successor.pk)).status_code == 200
    successor.refresh_from_db()
    assert successor.retired_at is None


def test_what_was_counted_is_not_typed() -> None:
    category = make_category()
    sit(make_curator()).post(change(category), typed(category, experts_count=99, retired_at="2026-01-01", successor=1))
    category.refresh_from_db()
    assert (category.experts_count, category.retired_at, category.successor) == (0, None, None)
