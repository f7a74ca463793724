"""The form about an expert: who may open it, in which states it answers, and that nothing typed is lost."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import make_curator, make_guest, make_member, signed_in
from directory.models import Expert
from referrals.models import Draft, Recommendation

from .factories import make_category, make_expert, make_recommendation, sign, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Expert:
    return make_expert(name="Alice Ames", pronouns="she/her")


@pytest.fixture
def bob() -> User:
    return make_member(name="Bob Byrne")


def page(expert: Expert, act: str = "recommend") -> str:
    return reverse(f"referrals:{act}", args=[expert.member.handle])


def text(response: Any) -> str:
    return response.content.decode()


def test_the_questions_use_the_pronouns_somebody_gave_and_else_the_name(alice: Expert, bob: User) -> None:
    html = text(signed_in(bob).get(page(alice)))
    assert "I was her client" in html
    assert "Why do you trust her?" in html
    assert "Something she did, not something she is." in html
    erin = make_expert(name="Erin Vale")
    html = text(signed_in(bob).get(page(erin)))
    assert "I was Erin’s client" in html
    assert "Something Erin did, not something Erin is." in html


def test_no_relationship_is_chosen_beforehand_and_the_only_category_is(alice: Expert, bob: User) -> None:
    html = text(signed_in(bob).get(page(alice)))
    radios = [line for line in html.splitlines() if 'type="radio"' in line]
    assert len(radios) == 4
    assert not any("checked" in line for line in radios)
    assert any("checked" in line for line in html.splitlines() if 'name="categories"' in line)


def test_a_good_answer_leads_to_the_proof_and_signs_nothing(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    response = client.post(page(alice), typed())
    assert (response.status_code, response.headers["Location"]) == (302, page(alice, "proof"))
    assert not Recommendation.objects.exists()
    html = text(client.get(page(alice, "proof")))
    assert "She rebuilt our offer with us" in html
    assert "How I know her" in html
    assert "client since 2022" in html
    assert "Printed for sales." in html


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"relationship": ""}, "relationship", "Choose how you know Alice."),
        ({"relationship": "boss"}, "relationship", "Select a valid choice"),
        ({"how_i_know": "  \n "}, "how_i_know", "Say when you met Alice’s work"),
        ({"what_i_like": ""}, "what_i_like", "Say what you like"),
        ({"why_i_trust": "\x0b\x0c"}, "why_i_trust", "Say why you trust Alice."),
        ({"why_i_trust": "x" * 601}, "why_i_trust", "Shorten it to 600 characters. It has 601."),
        ({"categories": []}, "categories", "Choose what you would send people to Alice for."),
        ({"categories": ["999999999999999999999"]}, "categories", "Select a valid choice"),
        ({"since": "1890"}, "since", "Write a year after 1949."),
        ({"since": "2999"}, "since", "That year has not begun."),
        ({"since": "long ago"}, "since", "Write the year in four digits."),
        ({"since": "9" * 5000}, "since", "Write"),
        ({"since": "", "until": "2020"}, "since", "Write the year it began, too."),
        ({"since": "2022", "until": "2020"}, "until", "It cannot have ended before it began."),
        ({"disclosures": ["owner"]}, "disclosures", "Select a valid choice"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_kept(
    alice: Expert, bob: User, change: dict[str, Any], field: str, message: str
) -> None:
    response = signed_in(bob).post(page(alice), typed(**change))
    assert response.status_code == 422
    html = text(response)
    assert "There is a problem" in html
    assert "<title>Error: " in html
    errors = [str(error) for error in response.context["form"].errors[field]]
    assert any(error.startswith(message) for error in errors), errors
    assert "She is blunt and kind" in html or field == "what_i_like"
    words = Draft.objects.get().words
    for name, value in change.items():
        assert words.get(name, []) == (value[:5000] if isinstance(value, str) else value)


def test_four_categories_are_too_many(bob: User) -> None:
    slugs = ("sales", "pricing", "offers", "calls")
    erin = make_expert(categories=slugs)
    everything = [str(make_category(slug=slug).pk) for slug in slugs]
    response = signed_in(bob).post(page(erin), typed(categories=everything))
    assert response.status_code == 422
    assert "Choose three at most" in text(response)
    assert signed_in(bob).post(page(erin), typed(categories=everything[:3])).status_code == 302


def test_line_ends_of_browsers_do_not_make_an_answer_longer(alice: Expert, bob: User) -> None:
    lines = "\r\n".join(["x" * 59] * 10)
    assert signed_in(bob).post(page(alice), typed(what_i_like=lines)).status_code == 302


def test_the_same_company_must_be_said(bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(organisation="Vell Ltd")
    bob.refresh_from_db()
    erin = make_expert(organisation="Vell")
    response = signed_in(bob).post(page(erin), typed())
    assert response.status_code == 422
    assert "You two work for the same company" in text(response)
    client = signed_in(bob)
    assert client.post(page(erin), typed(disclosures=["same_company", "paid"])).status_code == 302
    html = text(client.get(page(erin, "proof")))
    assert "Same company; not counted." in html
    assert "One of them pays the other for sending clients." in html


def test_oneself_gets_a_page_that_explains(alice: Expert) -> None:
    client = signed_in(alice.member)
    for response in (client.get(page(alice)), client.post(page(alice), typed())):
        assert response.status_code == 403
        assert "When others say it, it is proof." in text(response)
    for act in ("keep_draft", "sign", "forget_draft"):
        assert client.post(page(alice, act), typed()).status_code == 404
    assert client.get(page(alice, "proof")).status_code == 404
    assert not Draft.objects.exists()


def test_guests_read_who_recommends_and_visitors_sign_in(alice: Expert) -> None:
    response = signed_in(make_guest()).get(page(alice))
    assert response.status_code == 403
    assert "Only members recommend" in text(response)
    response = Client().get(page(alice))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/")
    assert not response.cookies


def test_words_typed_after_the_session_ended_are_on_the_form_after_sign_in(alice: Expert, bob: User) -> None:
    client = Client()
    response = client.post(page(alice), typed(what_i_like="Typed for half an hour."))
    assert response.status_code == 302
    assert response.headers["Location"] == f"/sign-in/login/?next={page(alice)}"
    client.force_login(bob)
    assert "Typed for half an hour." in text(client.get(page(alice)))
    assert "Typed for half an hour." not in text(client.get(page(make_expert())))
    client.post(page(alice), typed())
    assert "Typed for half an hour." not in text(client.get(page(alice)))


def test_what_nobody_may_know_of_is_not_found(bob: User) -> None:
    draft = make_expert(in_print=False)
    retired = make_expert()
    retired.rest(by=retired.member)
    retired.retire(by=retired.member)
    client = signed_in(bob)
    for address in (page(draft), page(retired), "/experts/nobody/recommend/"):
        assert client.get(address).status_code == 404
        assert client.post(address, typed()).status_code == 404


def test_a_former_address_leads_to_the_new_one(alice: Expert, bob: User) -> None:
    before = page(alice)
    alice.member.change_handle("ada")
    response = signed_in(bob).get(before)
    assert (response.status_code, response.headers["Location"]) == (301, page(alice))


def test_already_signed(alice: Expert, bob: User) -> None:
    make_recommendation(author=bob, expert=alice)
    client = signed_in(bob)
    html = text(client.get(page(alice)))
    assert "Is it still true?" in html
    assert "Withdraw it" in html
    html = text(client.get(page(alice), {"rewrite": "1"}))
    assert "She rebuilt our offer with us" in html


def test_sent_back_shows_the_note_above_the_form(alice: Expert, bob: User) -> None:
    sign(author=bob, expert=alice).send_back(by=make_curator(), note="What was the offer about?")
    html = text(signed_in(bob).get(page(alice)))
    assert html.index("What was the offer about?") < html.index("<h1>") < html.index("She rebuilt our offer")


def test_mutual_is_said_beforehand(alice: Expert, bob: User) -> None:
    erin = make_expert(name="Erin Vale")
    make_recommendation(author=alice.member, expert=erin)
    assert "Readers will see that you recommend each other" in text(signed_in(erin.member).get(page(alice)))


def test_not_in_print_yet_and_budget_spent_are_said(alice: Expert, bob: User) -> None:
    draft = make_expert(in_print=False)
    sign(author=bob, expert=draft)
    assert "is not in print yet" in text(signed_in(bob).get(page(draft), {"rewrite": "1"}))
    for _ in range(4):
        sign(author=bob, expert=make_expert())
    assert "You signed five today" in text(signed_in(bob).get(page(alice)))


def test_the_form_is_no_act(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    for act in ("keep_draft", "forget_draft", "sign"):
        assert client.get(page(alice, act)).status_code == 405
    assert client.post(page(alice, "proof")).status_code == 405
    assert client.put(page(alice)).status_code == 405


# The draft


def test_save_and_finish_later(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    response = client.post(page(alice, "keep_draft"), {"what_i_like": "She is bl"})
    assert (response.status_code, response.headers["Location"]) == (302, reverse("referrals:given"))
    Draft.objects.update(started_at=dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC))
    assert "Alice Ames" in text(client.get(reverse("referrals:given")))
    html = text(client.get(page(alice)))
    assert "You started this on 3 May." in html
    assert "She is bl" in html


def test_the_page_saves_by_itself(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    response = client.post(page(alice, "keep_draft"), typed(), headers={"HX-Request": "true"})
    saved = timezone.localtime(Draft.objects.get().saved_at)
    assert text(response).strip() == f"Saved {saved:%H:%M}"
    assert not Recommendation.objects.exists()


def test_an_empty_form_is_no_draft(alice: Expert, bob: User) -> None:
    response = signed_in(bob).post(page(alice, "keep_draft"), {"what_i_like": ""}, headers={"HX-Request": "true"})
    assert text(response).strip() == ""
    assert not Draft.objects.exists()


def test_a_draft_is_its_author_s_alone(alice: Expert, bob: User) -> None:
    Draft.objects.keep(author=bob, expert=alice, words={"what_i_like": "canary"})
    charlie = signed_in(make_member())
    assert "canary" not in text(charlie.get(page(alice)))
    charlie.post(page(alice, "forget_draft"))
    assert Draft.objects.filter(author=bob).exists()
    signed_in(bob).post(page(alice, "forget_draft"))
    assert not Draft.objects.exists()


# The proof and the signature


def test_thin_words_are_one_question_and_no_error(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    client.post(page(alice), typed(why_i_trust="Kind, patient, precise, honest, quick, warm, funny, bright and calm."))
    html = text(client.get(page(alice, "proof")))
    assert "Could a stranger tell what Alice did for you?" in html
    assert "#id_why_i_trust" in html
    client.post(page(alice), typed())
    assert "Could a stranger tell" not in text(client.get(page(alice, "proof")))


def test_signing_leads_to_what_happens_next(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    client.post(page(alice), typed())
    seen = Draft.objects.get().fingerprint
    response = client.post(page(alice, "sign"), {"seen": seen})
    recommendation = Recommendation.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, recommendation.get_absolute_url())
    html = text(client.get(recommendation.get_absolute_url()))
    assert "A curator reads it, because it is your first" in html
    again = client.post(page(alice, "sign"), {"seen": seen})
    assert again.headers["Location"] == response.headers["Location"]
    assert Recommendation.objects.count() == 1


def test_what_is_signed_is_what_was_read(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    client.post(page(alice), typed())
    seen = Draft.objects.get().fingerprint
    client.post(page(alice, "keep_draft"), typed(what_i_like="Changed in another window, after the proof was read."))
    response = client.post(page(alice, "sign"), {"seen": seen})
    assert response.headers["Location"] == page(alice, "proof")
    assert client.post(page(alice, "sign"), {}).headers["Location"] == page(alice, "proof")
    assert not Recommendation.objects.exists()


def test_a_spent_budget_keeps_the_words(alice: Expert, bob: User) -> None:
    for _ in range(5):
        sign(author=bob, expert=make_expert())
    client = signed_in(bob)
    client.post(page(alice), typed())
    response = client.post(page(alice, "sign"), {"seen": Draft.objects.get().fingerprint}, follow=True)
    assert "You signed five today" in text(response)
    assert "She rebuilt our offer" in text(response)
    assert Draft.objects.exists()


def test_without_a_draft_there_is_nothing_to_read_or_sign(alice: Expert, bob: User) -> None:
    client = signed_in(bob)
    assert client.get(page(alice, "proof")).headers["Location"] == page(alice)
    assert client.post(page(alice, "sign")).headers["Location"] == page(alice)
    client.post(page(alice, "keep_draft"), {"what_i_like": "half"})
    assert client.get(page(alice, "proof")).headers["Location"] == page(alice)


def test_hostile_words_are_printed_as_words(alice: Expert, bob: User) -> None:
    canary = "\"'><i data-x>&amp; {{ user }} " + "word " * 8
    client = signed_in(bob)
    client.post(page(alice), typed(how_i_know=canary, what_i_like=canary, why_i_trust=canary))
    html = text(client.get(page(alice, "proof")))
    assert "<i data-x>" not in html
    assert "&lt;i data-x&gt;" in html


def test_the_form_asks_the_database_little(alice: Expert, bob: User, django_assert_num_queries: Any) -> None:
    client = signed_in(bob)
    with django_assert_num_queries(11):
        client.get(page(alice))
