"""Coming into the book: by an invitation, or put forward by somebody and all the way to a pick by a curator."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import User

from .conftest import Visit
from .post import last_letter, link_in
from .stories import ANSWERS, answer, enter_by_password, type_code, with_password

pytestmark = pytest.mark.django_db(transaction=True)
NORA = "nora@studio.test"


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(arrive: Visit, scripts: bool) -> Page:
    return arrive(java_script_enabled=scripts)


def test_invitation_by_its_link(arrive: Visit, page: Page, bob: User, scripts: bool) -> None:
    enter_by_password(page, with_password(bob))
    page.get_by_role("link", name="Invitations").click()
    page.get_by_label("Why").fill("She asks the question nobody else dares to ask.")
    page.get_by_role("button", name="Write the invitation").click()
    link = page.get_by_label("The link to send").input_value()

    guest = arrive(java_script_enabled=scripts)
    guest.goto("/" + link.split("/", 3)[3])
    expect(guest.get_by_role("heading", level=1)).to_contain_text("Bob Lindqvist invited you")
    expect(guest.get_by_text("the question nobody else dares to ask")).to_be_visible()
    guest.get_by_label("Name").fill("Joan Ferreira")
    guest.get_by_label("E-mail address").fill("joan@ferreira.test")
    guest.get_by_role("button", name="E-mail me a code").click()
    type_code(guest, address="joan@ferreira.test")
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_role("status").first).to_contain_text("You are a member now.")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Who helped you?")

    guest.goto("/" + link.split("/", 3)[3])
    expect(guest.get_by_role("heading", level=1)).to_have_text("You are a member already")


def put_forward(page: Page, bob: User) -> str:
    """Bob puts Nora forward; the letter that asks her."""
    enter_by_password(page, with_password(bob))
    page.get_by_role("link", name="Recommend", exact=True).click()
    page.get_by_label("Their name").fill("Nora Castell")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("link", name="Put forward somebody").click()
    expect(page.get_by_label("Their name")).to_have_value("Nora Castell")
    page.get_by_label("Their e-mail address").fill(NORA)
    page.get_by_label("What would you send people to them for?").select_option("Podcasting")
    page.get_by_label("I was their client").check()
    answer(page, **ANSWERS)
    page.get_by_role("button", name="Read it before you sign").click()
    expect(page.get_by_text(f"in a letter to {NORA}")).to_be_visible()
    page.get_by_role("button", name="Sign it").click()
    expect(page.get_by_text("Nora Castell is asked by letter")).to_be_visible()
    return last_letter(to=NORA)


def test_from_a_name_to_a_pick(arrive: Visit, page: Page, bob: User, dana: User, scripts: bool, tmp_path: Path) -> None:
    letter = put_forward(page, bob)
    assert ANSWERS["trust"] in letter

    nora = arrive(java_script_enabled=scripts)
    nora.goto(link_in(letter))
    expect(nora.get_by_role("heading", level=1)).to_contain_text("Bob Lindqvist put you forward")
    nora.get_by_label("I know Bob Lindqvist").check()
    nora.get_by_role("button", name="Yes").click()
    expect(nora.get_by_role("status").first).to_contain_text("You said yes.")
    write_listing(nora, picture=tmp_path / "nora.png")
    nora.goto("/experts/nora-castell/")
    expect(nora.get_by_text("Proof.")).to_be_visible()
    assert page.request.get("/experts/nora-castell/").status == 404  # for Bob, as for everybody

    desk = arrive(java_script_enabled=scripts)
    enter_by_password(desk, with_password(dana))
    put_in_print(desk)
    pick(desk)

    visitor = arrive(java_script_enabled=scripts)
    visitor.goto("/contents/podcasting/")
    visitor.get_by_role("link", name="Nora Castell").click()
    expect(visitor.get_by_text("Hand-picked for podcasting.")).to_be_visible()
    expect(visitor.get_by_text("I sat beside her for a week")).to_be_visible()
    expect(visitor.get_by_text(ANSWERS["trust"])).to_be_visible()
    expect(visitor.locator(".head img")).to_have_js_property("complete", True)
    assert visitor.locator(".head img").evaluate("image => image.naturalWidth") >= 128
    assert "in print" in last_letter(to=NORA)


def write_listing(page: Page, *, picture: Path) -> None:
    Image.effect_noise((900, 700), 60).convert("RGB").save(picture)
    page.get_by_role("link", name="Write your own words").click()
    page.get_by_label("In your own words").fill("I cut the boring parts.\n\nThen I cut a little more.")
    page.get_by_label("City").fill("Porto, Portugal")
    page.get_by_label("Languages you work in").fill("English, Klingon")
    page.get_by_role("group", name="Are you taking new clients?").get_by_label("Yes").check()
    page.get_by_label("A picture of you").set_input_files(picture)
    page.get_by_role("button", name="Save").click()
    errors = page.locator(".errors")
    expect(errors).to_contain_text("Write the one line that says whom you help.")
    expect(errors).to_contain_text("We do not know “Klingon”.")
    expect(page.get_by_label("In your own words")).to_have_value("I cut the boring parts.\n\nThen I cut a little more.")
    page.get_by_label("One line").fill("Helps hosts who dread the edit.")
    page.get_by_label("Languages you work in").fill("English, Portuguese")
    page.get_by_label("A picture of you").set_input_files(picture)  # no browser keeps a file
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send it to the desk").click()
    expect(page.get_by_text("Your page is on the desk")).to_be_visible()


def put_in_print(page: Page) -> None:
    page.get_by_role("link", name="Desk", exact=True).click()
    page.locator("main").get_by_role("link", name="Nora Castell").click()
    page.get_by_role("button", name="Put in print").click()
    expect(page.locator(".errors")).to_contain_text("Write why it belongs in the book.")
    page.get_by_label("Why it belongs in the book").fill("Bob's series was good, and the cut was hers.")
    page.get_by_role("button", name="Put in print").click()
    expect(page.get_by_role("status").first).to_contain_text("Nora Castell is in print.")


def pick(page: Page) -> None:
    page.goto("/experts/nora-castell/")
    page.get_by_role("link", name="At the desk").click()
    page.get_by_text("Pick Nora for a category").click()
    page.get_by_label("Category").select_option("Podcasting")
    page.get_by_label("What you know of their work yourself").fill("I sat beside her for a week and kept every note.")
    page.get_by_label("Look at it again on").fill((timezone.localdate() + dt.timedelta(days=300)).isoformat())
    page.get_by_role("button", name="Pick", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Nora Castell")


def test_no_thank_you(arrive: Visit, page: Page, bob: User, scripts: bool) -> None:
    letter = put_forward(page, bob)
    nora = arrive(java_script_enabled=scripts)
    nora.goto(link_in(letter))
    nora.get_by_role("button", name="No, thank you").click()
    expect(nora.get_by_role("button", name="Yes")).to_have_count(0)
    nora.goto(link_in(letter))
    expect(nora.get_by_role("button", name="Yes")).to_have_count(0)
    assert nora.request.get("/experts/nora-castell/").status == 404


def test_take_me_off(arrive: Visit, page: Page, bob: User, scripts: bool) -> None:
    letter = put_forward(page, bob)
    nora = arrive(java_script_enabled=scripts)
    nora.goto(link_in(letter[letter.index("take yourself off") :]))
    nora.get_by_role("button", name="Take me off").click()
    expect(nora.get_by_role("heading", level=1)).to_have_text("No more letters")
    expect(nora.get_by_text(NORA)).to_be_visible()
    nora.get_by_role("button", name="Put me back").click()
    expect(nora.get_by_role("heading", level=1)).to_have_text("Letters may come again")
