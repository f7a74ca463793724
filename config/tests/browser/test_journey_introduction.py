"""The whole way of an introduction, from a question to thanks, with letters read from a mail server; a final no; and
the way back from insufficient funds."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import make_guest, make_member, send_letters
from accounts.tests.mail_server import MailServer, text_of
from config.demo import factory
from referrals.models import Account

from .conftest import Visit
from .post import code_in, link_in
from .stories import enter_by_password, with_password

pytestmark = pytest.mark.django_db(transaction=True)
ALICE = "/experts/alice-marchetti/"
NEED = "We have nine good episodes and nobody listens. Posting more often changed nothing."
LINK = "https://alice.example/listeners"


@pytest.fixture
def post(settings: Any) -> Iterator[MailServer]:
    """A mail server that takes every letter."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    server.controller.start()
    yield server
    server.controller.stop()


def newest(post: MailServer, person: User) -> str:
    """The text of the last letter that somebody got."""
    send_letters()
    return text_of([letter for letter in post.letters if letter["To"] == person.email][-1])


def ask(page: Page, *, through: str = "") -> None:
    """Fill the form and send it off, with one thing forgotten at first."""
    page.goto(ALICE)
    page.get_by_role("link", name="Ask for an introduction").click()
    page.get_by_label("What do you need?").fill(NEED)
    page.get_by_label("This month").check()
    if through:
        page.get_by_label(through).check()
    submit = page.locator("main form button").last
    submit.click()
    expect(page.locator(".errors")).to_contain_text("Say what would make it a success.")
    expect(page.get_by_label("What do you need?")).to_have_value(NEED)
    page.get_by_label("What would make it a success?").fill("A hundred listeners who write to us.")


def said(page: Page) -> Any:
    return page.get_by_role("status").first


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_a_question_to_thanks(
    arrive: Visit, post: MailServer, alice: User, bob: User, gwen: User, scripts: bool
) -> None:
    factory.make_pick(expert=alice.expert)
    for member in (alice, bob):
        with_password(member)
    visitor = arrive(java_script_enabled=scripts)
    ask(visitor, through="Bob Lindqvist")
    visitor.get_by_label("Your name").fill("Gwen Adair")
    visitor.get_by_label("E-mail").fill(gwen.email)
    visitor.get_by_role("button", name="E-mail me a code").click()
    visitor.get_by_label("Code").fill(code_in(newest(post, gwen)))
    visitor.get_by_role("button", name="Go on").click()
    expect(visitor.get_by_text("Your address is confirmed.")).to_be_visible()
    expect(visitor.get_by_label("What do you need?")).to_have_value(NEED)
    expect(visitor.get_by_label("Bob Lindqvist")).to_be_checked()
    visitor.get_by_role("button", name="Send it").click()
    expect(said(visitor)).to_contain_text("Alice has been asked")

    letter = newest(post, alice)
    assert NEED in letter
    assert gwen.email not in letter
    expert = arrive(java_script_enabled=scripts)
    expert.goto(link_in(letter))
    expect(expert.get_by_text(gwen.email)).to_have_count(0)
    expert.get_by_role("button", name="I can help").click()
    expect(said(expert)).to_contain_text("You are introduced.")
    assert gwen.email in newest(post, alice)
    assert alice.email in newest(post, gwen)

    talk(visitor, expert, alice)
    thank(visitor, expert)
    member = arrive(java_script_enabled=scripts)
    enter_by_password(member, bob)
    member.get_by_role("link", name="Bank", exact=True).click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Statement for Bob Lindqvist")
    rows = member.get_by_role("region", name="Lines").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("0.50")
    expect(rows.nth(1)).to_contain_text("1.00")
    expect(rows.nth(1)).to_contain_text("You sent me to the right one.")


def talk(visitor: Page, expert: Page, alice: User) -> None:
    """The first reply says the need again, its link waits, and the prospect agrees."""
    enter_by_password(expert, alice)
    expert.get_by_role("link", name="Introductions").click()
    expert.get_by_role("link", name="Gwen Adair").click()
    expert.get_by_label("what does Gwen need?").fill(f"You need listeners, not episodes. {LINK}")
    expert.get_by_role("button", name="Send", exact=True).click()
    expect(said(expert)).to_contain_text("Sent.")

    visitor.reload()
    expect(visitor.get_by_text("You need listeners, not episodes.").first).to_be_visible()
    expect(visitor.get_by_text(LINK)).to_have_count(0)
    visitor.get_by_role("button", name="Yes, that is it").click()
    expect(visitor.get_by_text(LINK).first).to_be_visible()
    expert.reload()
    expert.get_by_label("Write to Gwen").fill("Then send me two episodes, and I will tell you whom they are for.")
    expert.get_by_role("button", name="Send", exact=True).click()
    expect(expert.get_by_text("2 of 7").first).to_be_visible()


def thank(visitor: Page, expert: Page) -> None:
    """Both say that it became business, and thank whoever brought them together."""
    for page, words in ((visitor, "You sent me to the right one."), (expert, "Thank you for Gwen.")):
        page.reload()
        page.get_by_role("button", name="It became business").click()
        page.get_by_label("Your thanks, in one line").fill(words)
        page.get_by_role("button", name="Send your thanks").click()
        expect(page.locator(".own").get_by_text(words)).to_be_visible()


def test_a_no_is_final(arrive: Visit, post: MailServer, alice: User) -> None:
    hana = with_password(make_guest(name="Hana Sato", email="hana@sato.test"))
    prospect, expert = arrive(), arrive()
    enter_by_password(prospect, hana)
    ask(prospect)
    prospect.get_by_role("button", name="Send it").click()
    expert.goto(link_in(newest(post, alice)))
    expert.get_by_role("button", name="I can help").click()
    enter_by_password(expert, with_password(alice))
    expert.get_by_role("link", name="Introductions").click()
    expert.get_by_role("link", name="Hana Sato").click()
    expect(expert.get_by_text(hana.email)).to_be_visible()

    prospect.reload()
    prospect.get_by_role("button", name="No, thank you. That is final.").click()
    expect(prospect.get_by_role("button", name="Take it back")).to_be_visible()
    expert.reload()
    expect(expert.get_by_role("heading", level=1)).to_contain_text("Hana Sato")
    expect(expert.locator("main form")).to_have_count(0)
    expect(expert.get_by_text(hana.email)).to_have_count(0)
    expect(expert.get_by_text("Thank you for the time you gave Hana.")).to_be_visible()


def test_the_way_back_from_insufficient_funds(arrive: Visit, post: MailServer, alice: User, frank: User) -> None:
    factory.make_pick(expert=alice.expert)
    factory.make_expert(member=frank)
    for _ in range(4):
        factory.make_entry(giver=make_member(), receiver=frank, days=40)
    assert Account.objects.of(frank).rating() == "insufficient"
    page = arrive()
    enter_by_password(page, with_password(frank))
    page.get_by_role("link", name="Bank", exact=True).click()
    expect(page.get_by_text("Insufficient funds").first).to_be_visible()
    page.goto(f"{ALICE}ask/")
    expect(page.get_by_label("What do you need?")).to_have_count(0)
    page.get_by_role("link", name="Introduce somebody").first.click()

    page.get_by_label("The expert’s name").fill("Alice Marchetti")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("link", name="Choose Alice Marchetti").click()
    page.get_by_label("Their name").fill("Hana Sato")
    page.get_by_label("Their e-mail address").fill("hana@sato.test")
    page.get_by_label("What do they need?").fill(NEED)
    page.get_by_label("Your note to Alice").fill("She means it, and she decides.")
    page.get_by_label("Your note to them").fill("She told me the truth about my own show.")
    page.get_by_label("I know Alice’s work myself").check()
    page.get_by_role("button", name="Ask both of them").click()
    expect(said(page)).to_contain_text("have both been asked")
    for email, button in (("hana@sato.test", "Yes, introduce me"), (alice.email, "I can help")):
        somebody = arrive()
        somebody.goto(link_in(newest(post, User.objects.get(email=email))))
        somebody.get_by_role("button", name=button).click()
    page.get_by_role("link", name="Bank", exact=True).click()
    expect(page.get_by_text("Overdrawn").first).to_be_visible()
    page.goto(f"{ALICE}ask/")
    expect(page.get_by_label("What do you need?")).to_be_visible()
