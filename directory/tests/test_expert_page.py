"""The page of one expert, in each state and for each reader."""

import json
import re

import pytest
from django.urls import reverse

from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Expert, Pick, State
from directory.tests.listings import make_category, make_listing
from referrals.models import Recommendation

pytestmark = pytest.mark.django_db
IN_PRINT = 8  # queries of a page in print for a visitor


def recommend(expert, *, author=None, **words):
    """A recommendation in print, by way of the acts that lead there."""
    words = {
        "relationship": "client",
        "since": 2022,
        "until": None,
        "how_i_know": "She edited my show for two winters.",
        "what_i_like": "She cuts what I would have kept.",
        "why_i_trust": "She told me to stop when it was time.",
        "paid": False,
        "same_company": False,
        **words,
    }
    author = author or make_member()
    recommendation = Recommendation.objects.sign(
        author=author, expert=expert, categories=expert.categories[:1], **words
    )
    recommendation.read(by=make_curator())
    recommendation.refresh_from_db()
    recommendation.accept()
    recommendation.refresh_from_db()
    return recommendation


def page(client, expert):
    response = client.get(expert.get_absolute_url())
    return response.content.decode()


def test_others_words_come_before_own_words(client):
    expert = make_listing(own_words="I cut the boring parts.")
    recommend(expert)
    html = page(client, expert)
    assert html.index("She cuts what I would have kept.") < html.index("I cut the boring parts.")
    assert html.count("<h1") == 1
    assert "1 person recommends" in html


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, number):
    expert = make_listing()
    for _ in range(number):
        recommend(expert)
    Pick.objects.pick(
        curator=make_curator(), expert=expert, category=expert.categories[0], reason="I heard three of her shows.",
        review_on="2099-01-01",
    )  # fmt: skip
    with django_assert_num_queries(IN_PRINT):
        response = client.get(expert.get_absolute_url())
    assert not response.cookies
    assert "Hand-picked for podcasting" in response.content.decode()


def test_more_than_ten_letters_have_a_page_of_their_own(client):
    expert = make_listing()
    for _ in range(12):
        recommend(expert)
    assert "All 12 recommendations" in page(client, expert)
    every = client.get(reverse("directory:letters", args=[expert.member.handle])).content.decode()
    assert every.count('class="letter"') == 12


def test_hidden_and_withdrawn_letters_are_counted_and_not_read(client):
    expert = make_listing()
    recommend(expert, what_i_like="Shown words.")
    recommend(expert, what_i_like="Hidden words.").hide()
    recommend(expert, what_i_like="Withdrawn words.").withdraw()
    html = page(client, expert)
    assert "Shown words." in html
    assert "Hidden words." not in html
    assert "Withdrawn words." not in html
    assert re.search(r"1 shown, 1 not shown by .*, 1 withdrawn by its author", html)


def test_old_letters_fold_unless_their_author_still_stands_by_them(client):
    expert = make_listing()
    recommend(expert, what_i_like="Old words.")
    confirmed = recommend(expert, what_i_like="Confirmed words.")
    Recommendation.objects.update(signed_at="2015-01-01T00:00Z")
    confirmed.still_true()
    html = page(client, expert).split("<main", 1)[1]
    assert html.index("Confirmed words.") < html.index("Older recommendations") < html.index("Old words.")


@pytest.mark.parametrize("state", [State.NOMINATED, State.INVITED, State.DRAFT, State.SUBMITTED, State.DECLINED])
def test_a_page_that_was_never_in_print_was_never_there(client, state):
    expert = make_listing(state=state, headline="Helps nobody yet.")
    for reader in (client, signed_in(make_guest()), signed_in(make_member())):
        response = reader.get(expert.get_absolute_url())
        missing = reader.get("/experts/nobody-at-all/")
        assert response.status_code == 404
        assert response.content == missing.content


@pytest.mark.parametrize("state", [State.RESTING, State.RETIRED, State.SUSPENDED])
def test_a_page_out_of_print_says_so_and_nothing_else(client, state):
    expert = make_listing(state=state, headline="Helps hosts who dread the edit.")
    response = client.get(expert.get_absolute_url())
    html = response.content.decode()
    assert response.status_code == 410
    assert "no longer in print" in html
    assert "dread the edit" not in html
    assert reverse("directory:category", args=["podcasting"]) in html


def test_a_proof_is_read_by_its_owner_and_the_desk(client):
    expert = make_listing(state=State.SUBMITTED)
    for reader in (expert.member, make_curator()):
        response = signed_in(reader).get(expert.get_absolute_url())
        assert response.status_code == 200
        assert "Proof." in response.content.decode()


def test_a_former_address_redirects(client):
    expert = make_listing(member=make_member(name="Alice Marsh"))
    expert.member.change_handle("alice-m")
    response = client.get("/experts/alice-marsh/")
    assert (response.status_code, response.url) == (301, "/experts/alice-m/")


def test_who_may_do_what_on_the_page(client):
    expert = make_listing()
    recommend_link = reverse("referrals:recommend", args=[expert.member.handle])
    assert recommend_link not in page(client, expert)
    assert recommend_link not in page(signed_in(make_guest()), expert)
    assert recommend_link in page(signed_in(make_member()), expert)
    own = page(signed_in(expert.member), expert)
    assert recommend_link not in own
    assert "Edit your own words" in own


def test_mutual_recommendations_are_marked(client):
    one, other = make_listing(), make_listing()
    recommend(one, author=other.member)
    assert "recommend each other" not in page(client, one)
    recommend(other, author=one.member)
    assert "recommend each other" in page(client, one)


def test_a_conflicted_decision_is_disclosed(client):
    dana = make_curator()
    expert = make_listing(state=State.SUBMITTED)
    recommend(expert, author=dana)
    expert.put_in_print(by=dana, reason="There are two of us so far.")
    assert "had too few curators" in page(client, Expert.objects.get(pk=expert.pk))


def test_what_search_engines_and_previews_read(client, settings):
    expert = make_listing(links=["https://example.org/a", "http://example.org/b"])
    recommend(expert, what_i_like="She cuts </script><b>what</b> I kept.")
    html = page(client, expert)
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[1])
    assert data["mainEntity"]["review"][0]["reviewBody"].count("</script>") == 1
    assert data["mainEntity"]["sameAs"] == expert.links
    assert "aggregateRating" not in html
    assert f'<link rel="canonical" href="{settings.SITE_ORIGIN}{expert.get_absolute_url()}">' in html
    assert html.count('rel="nofollow ugc noopener"') == 2
    assert "<b>what</b>" not in html


def test_a_page_kept_from_search_engines(client):
    assert "noindex" in page(client, make_listing(indexable=False))


def test_only_get(client):
    assert client.post(make_listing().get_absolute_url()).status_code == 405


def test_also_recommended_by_the_same_people(client):
    one, other, author = make_listing(), make_listing(member=make_member(name="Ada Okafor")), make_member()
    recommend(one, author=author)
    recommend(other, author=author)
    assert "Ada Okafor" in page(client, one)
    other.rest(by=other.member)
    assert "Ada Okafor" not in page(client, one)


def test_a_second_category_is_named(client):
    expert = make_listing(categories=[make_category(), make_category(slug="copywriting")])
    html = page(client, expert)
    assert "/contents/podcasting/" in html
    assert "/contents/copywriting/" in html
