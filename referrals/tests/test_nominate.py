"""Putting somebody forward: by mail from the signature to the yes, the no, and the silence of sixty days."""

import datetime as dt
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Suppression, User
from accounts.tests.factories import make_curator, make_guest, make_member, send_letters, signed_in
from directory.models import Decision, Expert, State
from referrals import jobs
from referrals.letters import recommendations as letters
from referrals.models import Draft, Recommendation

from .factories import WORDS, make_category, make_expert, make_recommendation, sign, typed

pytestmark = pytest.mark.django_db
FORM, PROOF, SIGN = "/recommend/new/", "/recommend/new/proof/", "/recommend/new/sign/"


@pytest.fixture
def bob() -> User:
    """A member whose first words were read long ago."""
    bob = make_member(name="Bob Byrne")
    make_recommendation(author=bob)
    return bob


def nominate(author: User, **changes: Any) -> Recommendation:
    person = {"name": "Ann Lee", "email": "ann@example.test", "category": make_category(), **WORDS, **changes}
    return Recommendation.objects.nominate(author=author, **person)


def form(**changes: Any) -> dict[str, Any]:
    person = {"name": "Ann Lee", "email": "Ann@Example.test", "category": str(make_category().pk), "link": ""}
    return {**typed(), **person, **changes}


def letter_link() -> str:
    """The link in the letter that was sent last, as its reader finds it."""
    send_letters()
    (path,) = re.findall(r"https?://[^/]+(/nominations/\S+)", mail.outbox[-1].body)
    return path


def text(response: Any) -> str:
    return response.content.decode()


# The form


def test_from_the_form_to_the_signature(bob: User) -> None:
    client = signed_in(bob)
    assert client.post(FORM, form(link="example.org/ann")).headers["Location"] == PROOF
    html = text(client.get(PROOF))
    assert "Ann Lee reads it first, in a letter to ann@example.test" in html
    assert "How I know Ann" in html
    response = client.post(SIGN, {"seen": Draft.objects.get().fingerprint})
    recommendation = Recommendation.objects.get(author=bob, expert__member__email="ann@example.test")
    assert response.headers["Location"] == recommendation.get_absolute_url()
    assert "Ann Lee is asked by letter" in text(client.get(recommendation.get_absolute_url()))
    assert recommendation.expert.state == State.INVITED
    assert recommendation.expert.links == ["https://example.org/ann"]
    assert client.post(SIGN, {"seen": "x"}).headers["Location"] == reverse("referrals:given")
    assert Client().get(recommendation.expert.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": ""}, "email"),
        ({"email": "ann at example"}, "email"),
        ({"email": "BOB@example.test"}, "email"),
        ({"category": ""}, "category"),
        ({"category": str(10**30)}, "category"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"why_i_trust": ""}, "why_i_trust"),
    ],
)
def test_nonsense_is_refused_and_kept(change: dict[str, Any], field: str) -> None:
    bob = make_member(email="bob@example.test")
    response = signed_in(bob).post(FORM, form(**change))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "There is a problem" in text(response)
    assert Draft.objects.get().words[field] == next(iter(change.values()))


def test_who_may(bob: User) -> None:
    for address in (FORM, PROOF):
        assert signed_in(make_guest()).get(address).status_code == 403
        assert Client().get(address).headers["Location"] == f"/sign-in/login/?next={address}"
    assert signed_in(bob).get(SIGN).status_code == 405
    assert signed_in(bob).post(PROOF).status_code == 405
    assert signed_in(bob).get(PROOF).headers["Location"] == FORM
    client = signed_in(bob)
    client.post("/recommend/new/draft/", form(name="Only Mine"))
    assert "Only Mine" not in text(signed_in(make_member()).get(FORM))
    assert "Only Mine" in text(client.get(FORM))
    client.post("/recommend/new/forget/")
    assert not Draft.objects.exists()


def test_an_address_in_the_book_is_answered_like_any_other(bob: User) -> None:
    """Alice is in print, Carl said no, Dora is new: what the author gets to see is the same for all three."""
    alice = make_expert(name="Alice Ames", email="alice@example.test")
    carl = nominate(make_curator(), name="Carl", email="carl@example.test").expert
    Recommendation.objects.nominee_says_no(expert=carl)
    client, pages = signed_in(bob), []
    for email in ("alice@example.test", "carl@example.test", "dora@example.test"):
        client.post(FORM, form(name="Typed Name", email=email))
        proof = client.get(PROOF)
        signed = client.post(SIGN, {"seen": proof.context["draft"].fingerprint}, follow=True)
        said = Recommendation.objects.by_author(bob).latest("pk")
        listed = text(client.get("/recommendations/"))
        pages.append([
            re.sub(r"/recommendations/\d+/|again=\d+|csrf\S+ value=\S+|value=\"\w{24}\"", "", page.replace(email, "@"))
            for page in (text(proof), text(signed), listed)
        ])  # fmt: skip
        assert said.known_as == "Typed Name"
        said.withdraw()
        Recommendation.objects.filter(pk=said.pk).update(author=make_member())
    assert pages[0] == pages[1] == pages[2]
    assert Notice.objects.filter(letter="recommendation_received", recipient=alice.member).exists()
    assert not Notice.objects.filter(recipient__email="carl@example.test", listed=True).exists()
    search = [
        text(client.get("/recommend/", {"q": e})).replace(e, "@") for e in ("alice@example.test", "new@example.test")
    ]
    search = [re.sub(r"value=\"\S+\"|email=\S+", "", page) for page in search]
    assert search[0] == search[1]


def test_whose_address_it_is_shows_when_they_answer(bob: User) -> None:
    alice = make_expert(name="Alice Ames", email="alice@example.test")
    said = nominate(bob, name="Ally", email="alice@example.test")
    client = signed_in(bob)
    assert "Alice" not in text(client.get("/recommendations/"))
    assert "Is it still true?" not in text(client.get("/experts/alice-ames/recommend/"))
    said.accept()
    assert "Alice Ames" in text(client.get("/recommendations/"))
    assert alice.recommendations.shown().count() == 1


def test_first_words_are_read_before_the_letter_goes() -> None:
    frank = make_member()
    said = nominate(frank)
    assert not Notice.objects.filter(letter="put_forward").exists()
    assert said.expert.state == State.NOMINATED
    said.read(by=make_curator())
    assert Notice.objects.get(letter="put_forward").address == "ann@example.test"


def test_a_second_author_waits_for_the_same_answer(bob: User) -> None:
    nominate(bob)
    second = nominate(make_curator(name="Zoe Zahn"), name="Annie")
    assert Notice.objects.filter(letter="put_forward").count() == 1
    html = text(Client().get(letter_link()))
    assert "Bob Byrne" in html
    assert "Zoe Zahn" in html
    assert "Annie" not in html
    assert second.known_as == "Annie"


# The answer


def test_a_yes_by_the_mailed_link(bob: User) -> None:
    said = nominate(bob)
    client, link = Client(), letter_link()
    assert mail.outbox[-1].to == ["ann@example.test"]
    assert mail.outbox[-1].subject == "Bob put you forward, in these words"
    assert "/mail/off/" in mail.outbox[-1].body
    html = text(client.get(link))
    assert "Bob Byrne put you forward, in these words" in html
    assert said.what_i_like in html
    assert 'content="noindex"' in html
    said.refresh_from_db()
    assert said.expert.state == State.INVITED  # reading is no answer
    response = client.post(f"{link}accept/", {"words": said.wording})
    assert (response.status_code, response.headers["Location"]) == (302, "/listing/")
    ann = User.objects.get(email="ann@example.test")
    assert ann.is_member
    assert ann.invited_by == bob
    assert EmailAddress.objects.get(user=ann).verified
    assert client.session["_auth_user_id"] == str(ann.pk)
    said.refresh_from_db()
    assert said.expert.state == State.DRAFT
    assert said.told_at
    assert said.accepted_at
    assert said.printed_at is None
    assert "This letter is answered" in text(Client().get(link))


def test_the_words_are_accepted_only_when_she_says_so(bob: User) -> None:
    said = nominate(bob)
    link = letter_link()
    Client().post(f"{link}accept/", {"words": "1-1.0"})
    said.refresh_from_db()
    assert said.told_at
    assert said.accepted_at is None
    assert said.stage == "with-subject"  # and its author is told where it stands


def test_accepted_words_are_printed_with_the_page(bob: User) -> None:
    said = nominate(bob)
    client = Client()
    client.post(f"{letter_link()}accept/", {"words": said.wording})
    expert = Expert.objects.get(pk=said.expert_id)
    Expert.objects.filter(pk=expert.pk).update(headline="Helps founders who go quiet.", own_words="I listen.")
    expert.refresh_from_db()
    expert.submit()
    expert.put_in_print(by=make_curator(), reason="Known for her work.")
    assert said.what_i_like in text(Client().get(expert.get_absolute_url()))
    assert said.what_i_like[:20] in text(Client().get(reverse("referrals:book", args=[bob.handle])))


def test_a_link_signs_in_once_and_never_a_member(bob: User) -> None:
    nominate(bob)
    link = letter_link()
    Client().post(f"{link}accept/")
    late = Client()
    late.post(f"{link}accept/")
    assert "_auth_user_id" not in late.session
    carla = make_member(email="carla@example.test")
    nominate(bob, name="Carla", email="carla@example.test")
    visitor, link = Client(), letter_link()
    response = visitor.post(f"{link}accept/", follow=True)
    assert "_auth_user_id" not in visitor.session
    assert response.redirect_chain[-1][0].startswith("/sign-in/")
    assert Expert.objects.get(pk=carla.pk).state == State.DRAFT


def test_a_member_answers_from_the_notice(bob: User) -> None:
    carla = make_member(email="carla@example.test")
    nominate(bob, name="Carla", email="carla@example.test")
    client = signed_in(carla)
    notice = Notice.objects.get(letter="put_forward")
    assert notice.path in text(client.get("/notifications/"))
    assert "Bob Byrne put you forward" in text(client.get(notice.path))
    assert client.post(f"{notice.path}accept/").headers["Location"] == "/listing/"


def test_a_no_is_final(bob: User) -> None:
    said = nominate(bob)
    link = letter_link()
    client = Client()
    client.post(f"{link}decline/")
    assert "You said no, and that is final" in text(client.get(link))
    assert not Recommendation.objects.filter(pk=said.pk).exists()
    ann = Expert.objects.get(member__email="ann@example.test")
    assert (ann.state, ann.member.is_member, ann.links) == (State.DECLINED, False, [])
    told = Notice.objects.get(letter="nomination_declined")
    assert (told.recipient, told.subject) == (bob, "Ann said no, thank you")
    about_ann = Notice.objects.filter(letter__in=["put_forward", "nomination_declined"])
    assert said.what_i_like not in str(list(about_ann.values_list("words", flat=True)))
    client.post(f"{link}accept/")
    ann.refresh_from_db()
    assert ann.state == State.DECLINED
    again = nominate(bob)
    assert again.told_at is None
    assert Notice.objects.filter(letter="put_forward").count() == 1


def test_only_the_person_asked_answers(bob: User) -> None:
    nominate(bob)
    link = letter_link()
    charlie = signed_in(make_member(name="Charlie Cole"))
    assert "This letter was written to somebody else" in text(charlie.get(link))
    for act in ("accept", "decline"):
        charlie.post(f"{link}{act}/")
        assert Client().get(f"{link}{act}/").status_code == 405
    assert Expert.objects.get(member__email="ann@example.test").state == State.INVITED


@pytest.mark.parametrize(
    "token", ["x", "a:b", "%00", "é", "x" * 3000, signing.Signer(salt="other").sign_object([1, "a"])]
)
def test_a_link_that_is_not_ours_is_not_found(token: str) -> None:
    assert Client().get(f"/nominations/{token}/").status_code in (400, 404)
    assert Client().post(f"/nominations/{token}/accept/").status_code in (400, 404)


def test_a_signed_link_of_another_shape_is_not_found() -> None:
    for content in ([1], {"a": 1}, "text", ["one", "a@example.test"], [1, 2, 3]):
        token = signing.Signer(salt=letters.SALT).sign_object(content)
        assert Client().get(f"/nominations/{token}/").status_code == 404


def test_take_me_off(bob: User) -> None:
    nominate(bob)
    html = text(Client().get(letter_link()))
    off = re.search(r"/mail/off/[^\"]+", html)
    assert off
    Client().post(off[0])
    assert Suppression.objects.covers("ann@example.test")


# The silence


def sixty_days_pass() -> None:
    long_ago = timezone.now() - dt.timedelta(days=61)
    Expert.objects.filter(state__in=(State.NOMINATED, State.INVITED)).update(moved_at=long_ago)
    Recommendation.objects.filter(told_at=None).update(signed_at=long_ago)


def test_after_sixty_days_everything_is_erased_but_the_decisions(bob: User) -> None:
    said = nominate(bob)
    link = letter_link()
    lines = Decision.objects.filter(expert_id=said.expert_id).count()
    jobs.erase_unanswered.call()
    assert User.objects.filter(email="ann@example.test").exists()
    sixty_days_pass()
    jobs.erase_unanswered.call()
    assert not User.objects.filter(email="ann@example.test").exists()
    assert not Recommendation.objects.filter(pk=said.pk).exists()
    assert not Notice.objects.filter(letter="put_forward").exists()
    assert Decision.objects.filter(expert_id=said.expert_id).count() == lines + 1
    assert Notice.objects.get(letter="nomination_unanswered").recipient == bob
    response = Client().get(link)
    assert response.status_code == 410
    assert "This letter is too old" in text(response)
    assert nominate(bob).expert.state == State.INVITED  # and it may be tried again


def test_who_is_something_else_loses_only_the_page(bob: User) -> None:
    carla, gwen = make_member(email="carla@example.test"), make_guest(email="gwen@example.test")
    User.objects.filter(pk=gwen.pk).update(last_login=timezone.now())
    for person in (carla, gwen):
        nominate(bob, name="X", email=person.email)
    sixty_days_pass()
    jobs.erase_unanswered.call()
    assert User.objects.filter(pk__in=[carla.pk, gwen.pk]).count() == 2
    assert not Expert.objects.filter(pk__in=[carla.pk, gwen.pk]).exists()


def test_who_answered_or_was_imported_stays(bob: User) -> None:
    said = nominate(bob)
    Client().post(f"{letter_link()}accept/")
    imported = Expert.objects.nominate(person=User.objects.meet(email="new@example.test", name="New"), by=None)
    sixty_days_pass()
    jobs.erase_unanswered.call()
    assert Expert.objects.filter(pk__in=[said.expert_id, imported.pk]).count() == 2


def test_words_to_somebody_who_cannot_answer_are_erased_too(bob: User) -> None:
    retired = make_expert(email="alice@example.test")
    retired.rest(by=retired.member)
    retired.retire(by=retired.member)
    said = nominate(bob, name="Ally", email="alice@example.test")
    sixty_days_pass()
    jobs.erase_unanswered.call()
    assert not Recommendation.objects.filter(pk=said.pk).exists()
    assert Notice.objects.get(letter="nomination_unanswered").subject == "Ally did not answer"


# The desk


def test_sent_back_words_to_an_address_are_rewritten_on_the_same_form() -> None:
    frank = make_member()
    said = nominate(frank)
    said.send_back(by=make_curator(), note="What did she do?")
    path = Notice.objects.get(letter="recommendation_proof").path
    client = signed_in(frank)
    html = text(client.get(path))
    assert "What did she do?" in html
    assert "ann@example.test" in html
    assert said.what_i_like in html
    client.post(FORM, form(what_i_like="She answered all our questions, and asked a better one."))
    client.post(SIGN, {"seen": Draft.objects.get().fingerprint})
    said.refresh_from_db()
    assert said.stage == "with-curator"
    assert said.former_wordings.count() == 1


def test_no_letter_leaves_the_book_unanswerable(bob: User) -> None:
    """Each letter renders in text and HTML, says the same in both, and carries one link."""
    said = nominate(bob)
    frank = nominate(make_member(), name="Eve", email="eve@example.test")
    frank.send_back(by=make_curator(), note="What did she do?")
    make_recommendation(author=bob)
    letters.put_forward(expert=sign(author=bob, expert=make_expert()).expert, recommendation=None)
    letters.nomination_unanswered(said)
    letters.nomination_declined(said)
    send_letters()
    sent = {notice.letter for notice in Notice.objects.exclude(sent_at=None)}
    assert sent >= {
        "put_forward", "recommendation_received", "recommendation_printed", "recommendation_proof",
        "nomination_declined", "nomination_unanswered",
    }  # fmt: skip
    for message in mail.outbox:
        html = message.alternatives[0][0]
        assert message.subject
        said_in_html = set(re.findall(r"\w{4,}", re.sub(r"<[^>]+>", " ", html.partition("<body>")[2])))
        assert said_in_html <= set(re.findall(r"\w{4,}", message.body))
        assert len(html) < 20 * 1024
