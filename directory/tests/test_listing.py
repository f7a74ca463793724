"""One's own listing: from the first draft to the day it is closed."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from accounts.tests.factories import make_member, signed_in
from directory.models import Decision, Expert, Revision, SearchDocument, State
from directory.tests.listings import make_listing, typed

pytestmark = pytest.mark.django_db

ACTS = ["submit_listing", "take_back_listing", "confirm_listing", "rest_listing", "come_back_listing", "retire_listing"]


def post(member, name, data=None):
    return signed_in(member).post(reverse(f"directory:{name}"), data or {}, follow=True)


def test_nobody_puts_themselves_forward():
    charlie = make_member()
    page = signed_in(charlie).get(reverse("directory:listing")).content.decode()
    assert "Nobody puts themselves forward" in page
    assert reverse("directory:submit_listing") not in page
    assert signed_in(charlie).post(reverse("directory:edit_listing"), typed()).status_code == 302
    assert not Expert.objects.filter(pk=charlie.pk).exists()


def test_a_draft_is_written_submitted_and_taken_back():
    expert = make_listing(state=State.DRAFT, headline="", own_words="")
    assert "It still needs" in signed_in(expert.member).get(reverse("directory:listing")).content.decode()
    post(
        expert.member,
        "edit_listing",
        typed(headline="Helps hosts who dread the edit.", languages="English, portuguese"),
    )
    expert.refresh_from_db()
    assert expert.headline == "Helps hosts who dread the edit."
    assert expert.languages == ["en", "pt"]
    post(expert.member, "submit_listing")
    expert.refresh_from_db()
    assert expert.state == State.SUBMITTED
    post(expert.member, "take_back_listing")
    expert.refresh_from_db()
    assert expert.state == State.DRAFT
    assert [d.act for d in expert.decisions.all()[:2]] == ["taken-back", "submitted"]


def test_an_unfinished_draft_cannot_be_submitted():
    expert = make_listing(state=State.DRAFT, headline="")
    assert "the one line that says whom you help" in post(expert.member, "submit_listing").content.decode()
    expert.refresh_from_db()
    assert expert.state == State.DRAFT


def test_changed_words_in_print_wait_and_facts_do_not():
    expert = make_listing(state=State.LISTED, headline="Helps hosts who dread the edit.")
    data = typed(headline="The best editor in the world.", price_band="premium", place="Porto, Portugal")
    page = post(expert.member, "edit_listing", data).content.decode()
    expert.refresh_from_db()
    assert expert.headline == "Helps hosts who dread the edit."
    assert expert.price_band == "premium"
    assert expert.place.name == "Porto"
    assert Revision.objects.get(expert=expert).words["headline"] == "The best editor in the world."
    assert "wait for a curator" in page
    assert "The best editor" in signed_in(expert.member).get(reverse("directory:edit_listing")).content.decode()
    assert "The best editor" not in signed_in(make_member()).get(expert.get_absolute_url()).content.decode()


def test_changing_it_back_leaves_nothing_to_read():
    expert = make_listing(state=State.LISTED)
    post(expert.member, "edit_listing", typed(headline="Something else entirely."))
    post(expert.member, "edit_listing", typed(headline=expert.headline, own_words=expert.own_words))
    assert not Revision.objects.exists()


def test_a_portrait_is_stored_and_replaced():
    expert = make_listing(state=State.DRAFT)
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(picture, "PNG")
    picture.seek(0)
    picture.name = "../../etc/‮.php.png"
    post(expert.member, "edit_listing", typed() | {"portrait": picture})
    expert.refresh_from_db()
    assert len(expert.portrait) == 20
    post(expert.member, "edit_listing", typed() | {"no_portrait": "on"})
    expert.refresh_from_db()
    assert expert.portrait == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("headline", "", "Write the one line"),
        ("headline", "x" * 141, "at most 140"),
        ("own_words", "x" * 1201, "at most 1200"),
        ("primary", "no-such-category", "Choose a category from the list"),
        ("second", "podcasting", "Choose each category only once"),
        ("place", "Nowhereville-upon-Nothing", "We do not know that city"),
        ("languages", "English, Klingonese", "Klingonese"),
        ("clients", "aliens", "Select a valid choice"),
        ("price_band", "free", "Select a valid choice"),
        ("taking_clients", "", "Say whether you take new clients"),
        ("taking_until", "soon", "Write the day as"),
        ("links", "javascript:alert(1)", "does not begin with https://"),
        ("links", "https://", "is not a web address"),
        ("links", "\n".join(f"https://example.org/{n}" for n in range(6)), "5 links that matter"),
        ("links", "https://example.org/" + "x" * 300, "longer than 300"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_is_lost(field, value, message):
    expert = make_listing(state=State.DRAFT)
    data = typed(for_whom="Kept as it was typed.") | {field: value}
    response = signed_in(expert.member).post(reverse("directory:edit_listing"), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "There is a problem" in page
    assert "Kept as it was typed." in page
    expert.refresh_from_db()
    assert expert.for_whom == ""


def test_a_file_that_is_no_picture_is_refused():
    expert = make_listing(state=State.DRAFT)
    upload = io.BytesIO(b"<svg onload=alert(1)>")
    upload.name = "me.jpg"
    response = signed_in(expert.member).post(reverse("directory:edit_listing"), typed() | {"portrait": upload})
    assert response.status_code == 422
    assert "JPEG, PNG or WebP" in response.content.decode()


def test_resting_coming_back_and_closing():
    expert = make_listing(state=State.LISTED)
    assert SearchDocument.objects.filter(pk=expert.pk).exists()
    post(expert.member, "rest_listing")
    assert not SearchDocument.objects.filter(pk=expert.pk).exists()
    assert not expert.placed_in.exists()
    post(expert.member, "come_back_listing")
    assert expert.placed_in.count() == 1
    post(expert.member, "rest_listing")
    post(expert.member, "retire_listing")
    expert.refresh_from_db()
    assert expert.state == State.RETIRED
    assert "not possible now" in post(expert.member, "come_back_listing").content.decode()


def test_a_suspended_page_cannot_be_brought_back_by_its_owner():
    expert = make_listing(state=State.LISTED)
    expert.suspend(by=make_member(name="Dana"), reason="Pitched to readers.")
    post(expert.member, "come_back_listing")
    expert.refresh_from_db()
    assert expert.state == State.SUSPENDED


def test_confirming_moves_the_date():
    expert = make_listing(state=State.LISTED)
    before = Expert.objects.get(pk=expert.pk).confirmed_at
    post(expert.member, "confirm_listing")
    assert Expert.objects.get(pk=expert.pk).confirmed_at > before
    assert Decision.objects.filter(expert=expert, act="confirmed").count() == 0


@pytest.mark.parametrize("name", ACTS)
def test_acts_need_a_listing_a_sign_in_and_a_post(client, name):
    url = reverse(f"directory:{name}")
    assert signed_in(make_member()).post(url).status_code == 404
    assert signed_in(make_listing(state=State.DRAFT).member).get(url).status_code == 405
    assert client.post(url).status_code == 302


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SUSPENDED, State.RETIRED, State.INVITED, State.DECLINED])
def test_only_a_draft_or_a_printed_page_is_edited(state):
    expert = make_listing(state=State.DRAFT)
    Expert.objects.filter(pk=expert.pk).delete()
    expert = make_listing(state=state)
    member = expert.member
    assert signed_in(member).get(reverse("directory:edit_listing")).status_code == (302 if member.is_member else 403)
