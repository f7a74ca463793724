"""The look: contrast of the palette, weight of the files, and the markup that forms and letters print."""

import re
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import resolve
from django.utils.html import strip_tags
from fontTools.ttLib import TTFont
from justhtml import JustHTML

from config import fonts, pictures

STYLES = settings.BASE_DIR / "static" / "css" / "book.css"
SCRIPTS = settings.BASE_DIR / "static" / "js" / "book.js"
TEMPLATES = settings.BASE_DIR / "templates"
PARTS = [
    "coaching",
    "leadership",
    "sales",
    "marketing",
    "speaking",
    "writing",
    "teaching",
    "money",
    "technology",
]

# Text needs 4.5, the edges of controls and the focus ring need 3 (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT, EDGE = 4.5, 3
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "sheet", "wash")),
    *(("cloth", ground, TEXT) for ground in ("paper", "sheet", "wash", "cloth-wash")),
    *(("visited", ground, TEXT) for ground in ("paper", "wash")),
    *((colour, "paper", TEXT) for colour in ("give", "recv", "error", "low", "ok", "info", "cloth-hover")),
    *((colour, f"{colour}-wash", TEXT) for colour in ("error", "low", "ok", "info")),
    *(("ink", f"{colour}-wash", TEXT) for colour in ("error", "low", "ok", "info")),
    ("on-cloth", "cloth", TEXT),
    ("on-cloth", "cloth-hover", TEXT),
    ("ink", "mark", TEXT),
    *(("edge", ground, EDGE) for ground in ("paper", "sheet", "wash")),
    *(("focus", ground, EDGE) for ground in ("paper", "wash")),
    *((f"g-{part}", "paper", EDGE) for part in PARTS),
]


def palette() -> dict[str, tuple[str, str]]:
    """Every colour of the stylesheet: its light and its dark value."""
    styles = STYLES.read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", styles)
    parts = re.findall(r"\.(g-\w+) \{ --g: light-dark\((#\w{6}), (#\w{6})\)", styles)
    return {name: (light, dark) for name, light, dark in found + parts}


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_read(scheme: int) -> None:
    colours = palette()
    weak = {
        f"{ink} on {ground}": round(contrast(colours[ink][scheme], colours[ground][scheme]), 2)
        for ink, ground, least in PAIRS
        if contrast(colours[ink][scheme], colours[ground][scheme]) < least
    }
    assert weak == {}


def test_stylesheet_and_scripts_keep_their_budget() -> None:
    htmx = get_static("django_htmx/htmx-2.min.js")
    assert len(brotli.compress(STYLES.read_bytes())) <= 8 * 1024
    assert len(brotli.compress(SCRIPTS.read_bytes())) + len(brotli.compress(htmx)) <= 20 * 1024


def get_static(name: str) -> bytes:
    """A static file of one of the installed apps."""
    return Path(finders.find(name)).read_bytes()


def test_font_is_small_and_has_the_weights_and_the_letters(tmp_path: Path) -> None:
    font = fonts.build(tmp_path)
    built = font.stat().st_mtime_ns
    assert font.stat().st_size <= 48 * 1024
    assert "SIL Open Font License" in (tmp_path / "OFL.txt").read_text()
    with TTFont(font) as literata:
        (axis,) = literata["fvar"].axes
        assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)
        assert {ord(letter) for letter in "Aé\u2013\u2019\u201c\u2026\u20ac\u2192\u2212"} <= set(literata.getBestCmap())
        assert "tnum" in {record.FeatureTag for record in literata["GSUB"].table.FeatureList.FeatureRecord}
    assert fonts.build(tmp_path).stat().st_mtime_ns == built


def test_each_part_has_its_picture(tmp_path: Path) -> None:
    folder = pictures.build(tmp_path)
    drawn = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert set(drawn) == {"og-book.png", *(f"og-{part}.png" for part in PARTS)}
    assert max(drawn.values()) <= 60 * 1024


class Letter(forms.Form):
    """One field of each kind the book uses."""

    name = forms.CharField(label="Name", help_text="As you sign.", max_length=20)
    site = forms.URLField(label="Site", required=False, assume_scheme="https")
    words = forms.CharField(label="Words", widget=forms.Textarea)
    part = forms.ChoiceField(label="Part", choices=[("", "Choose one"), ("sales", "Sales")])
    how = forms.ChoiceField(
        label="How",
        help_text="One.",
        choices=[("c", "Client"), ("w", "Worked together")],
        widget=forms.RadioSelect,
    )
    ties = forms.MultipleChoiceField(
        label="Ties",
        required=False,
        choices=[("m", "Mutual"), ("p", "Paid")],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="I agree", error_messages={"required": "Say that you agree."})
    picture = forms.FileField(label="Picture", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def page_of(form: forms.Form, source: str = "{% load crispy_forms_tags %}{{ form|crispy }}") -> JustHTML:
    """The form as our template pack prints it, parsed."""
    return parse(Template(source).render(Context({"form": form, "csrf_token": "t"})))


def parse(html: str) -> JustHTML:
    """The tree of what we print, nothing taken out."""
    return JustHTML(html, sanitize=False)


def test_field_has_label_hint_and_no_error_at_first() -> None:
    page = page_of(Letter())
    (field,) = page.query("#id_name")
    assert field.attrs["aria-describedby"] == "id_name_helptext"
    assert "aria-invalid" not in field.attrs
    assert page.query("label[for=id_name]")[0].to_text().strip() == "Name"
    assert page.query("#id_name_helptext")[0].to_text().strip() == "As you sign."
    assert not page.query(".err")
    assert not page.query(".bad")


def test_only_optional_fields_say_so() -> None:
    page = page_of(Letter())
    marked = {
        label.to_text().split("(")[0].strip()
        for label in page.query("label, legend")
        if "(optional)" in label.to_text()
    }
    assert marked == {"Site", "Ties", "Picture"}


def test_refused_field_points_to_its_error() -> None:
    page = page_of(Letter({"name": "x" * 30}))
    (field,) = page.query("#id_name")
    assert field.attrs["aria-invalid"] == "true"
    assert field.attrs["aria-describedby"] == "id_name_helptext id_name_error"
    assert field.attrs["value"] == "x" * 30
    assert "at most 20" in page.query("#id_name_error")[0].to_text()
    assert len(page.query(".field.bad")) == 5


def test_radios_and_checkboxes_are_options_in_a_fieldset() -> None:
    page = page_of(Letter({}))
    (radios, boxes) = page.query("fieldset")
    assert radios.attrs["aria-describedby"] == "id_how_helptext id_how_error"
    assert "aria-describedby" not in boxes.attrs
    assert [label.attrs["for"] for label in page.query("#id_how .opt")] == ["id_how_0", "id_how_1"]
    assert [option.attrs["type"] for option in page.query("#id_ties .opt input")] == ["checkbox", "checkbox"]
    assert not page.query("input[checked]")
    assert page.query("label[for=id_agree].opt input#id_agree")
    assert "Say that you agree." in page.query("#id_agree_error")[0].to_text()


def test_summary_links_to_every_refused_field() -> None:
    form = Letter({})
    form.add_error(None, "You have signed five letters today.")
    form.add_error("token", "Start again.")
    page = parse(render_to_string("_errors.html", {"form": form}))
    links = [link.attrs["href"] for link in page.query(".errors a")]
    assert links == ["#id_name", "#id_words", "#id_part", "#id_how_0", "#id_agree"]
    assert len(page.query(".errors li")) == 7
    body = page_of(form)
    assert all(body.query(link) for link in links)
    assert render_to_string("_errors.html", {"form": Letter()}).strip() == ""


def test_whole_form_from_a_helper() -> None:
    form = Letter()
    form.helper = FormHelper()
    form.helper.layout = Layout(Fieldset("Who", "name", css_class="who"), "site")
    form.helper.add_input(Submit("sign", "Sign"))
    form.helper.add_input(Submit("later", "Finish later", css_class="quiet"))
    page = page_of(form, "{% load crispy_forms_tags %}{% crispy form %}")
    (whole,) = page.query("form")
    assert whole.attrs["method"] == "post"
    assert whole.attrs["enctype"] == "multipart/form-data"
    assert "novalidate" in whole.attrs
    assert page.query("input[name=csrfmiddlewaretoken]")
    assert page.query("fieldset.who #id_name")
    assert [button.attrs["class"] for button in page.query("button")] == ["btn", "btn quiet"]


def test_get_form_marks_nothing_and_carries_no_token() -> None:
    form = Letter()
    form.helper = FormHelper()
    form.helper.form_method = "get"
    page = page_of(form, "{% load crispy_forms_tags %}{% crispy form %}")
    assert not page.query("input[name=csrfmiddlewaretoken]")
    assert "(optional)" not in page.to_text()


@pytest.mark.parametrize("name", ["400", "403_csrf", "405", "413", "429", "500", "503"])
def test_error_pages_need_nothing_from_outside(name: str) -> None:
    page = parse(get_template(f"{name}.html").render())
    assert len(page.query("h1")) == 1
    assert page.query("title")[0].to_text().endswith("Book of Experts")


VISITOR = SimpleNamespace(is_authenticated=False)
GUEST = SimpleNamespace(is_authenticated=True, is_member=False, is_curator=False)
MEMBER = SimpleNamespace(is_authenticated=True, is_member=True, is_curator=False)
CURATOR = SimpleNamespace(is_authenticated=True, is_member=True, is_curator=True)


@pytest.mark.parametrize(
    ("user", "header", "account"),
    [
        (VISITOR, ["Find", "Sign in"], []),
        (GUEST, ["Find"], ["Introductions", "Notifications", "Settings", "Sign out"]),
        (
            MEMBER,
            ["Find", "Recommend", "Bank", "My book"],
            ["Introductions", "Notifications", "Settings", "Invitations", "Listing", "Sign out"],
        ),
        (
            CURATOR,
            ["Find", "Recommend", "Bank", "My book"],
            ["Introductions", "Notifications", "Settings", "Invitations", "Listing", "Desk", "Sign out"],
        ),
    ],
    ids=["visitor", "guest", "member", "curator"],
)
def test_frame_offers_what_the_reader_can_do(user: SimpleNamespace, header: list, account: list) -> None:
    page = parse(render_to_string("404.html", {"user": user, "theme": "dark"}))
    assert [link.to_text() for link in page.query("header nav a")] == header
    assert [link.to_text() for link in page.query("footer nav[aria-label='Your account'] a")] == account
    assert page.query("html")[0].attrs["data-theme"] == "dark"
    assert not page.query("script")


def test_templates_hold_no_inline_code_or_style() -> None:
    """The browser would drop them without a word. JSON for scripts is data, and letters are no pages."""
    inline = re.compile(
        r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*(\bsrc=|type=\"application/(ld\+)?json\"))"
    )
    pages = [path for path in TEMPLATES.rglob("*.html") if "mail" not in path.parts]
    assert [str(path) for path in pages if inline.search(path.read_text())] == []


ACCOUNT_LETTERS = sorted(
    path.relative_to(TEMPLATES).as_posix().removesuffix("_message.html")
    for path in TEMPLATES.rglob("*_message.html")
    if path.name != "base_message.html"
)


@pytest.mark.parametrize("letter", ACCOUNT_LETTERS)
def test_account_letters_say_the_same_in_text_and_html(letter: str, rf: RequestFactory) -> None:
    context = {
        "code": "ABCD-EFGH",
        "email": "bob@example.test",
        "ip": "192.0.2.1",
        "password_reset_url": "https://book.example/reset",
    }
    text = render_to_string(f"{letter}_message.txt", context, rf.get("/"))
    html = render_to_string(f"{letter}_message.html", context, rf.get("/"))
    body = html.partition("<body>")[2]
    said = set(re.findall(r"\w{4,}", strip_tags(body.replace("<", " <"))))
    assert said <= set(re.findall(r"\w{4,}", text))
    assert len(html) <= 20 * 1024
    assert "<img" not in html
    assert len(render_to_string(f"{letter}_subject.txt", context).split()) >= 3


def test_letters_about_changes_lead_to_a_page_that_is_there(rf: RequestFactory) -> None:
    text = render_to_string("account/email/password_changed_message.txt", {}, rf.get("/"))
    (path,) = re.findall(rf"{settings.SITE_URL}(/sign-in/\S+)", text)
    assert resolve(path).url_name == "account_reset_password"


def test_frame_of_letters_has_one_button_and_a_way_off_the_list() -> None:
    context = {
        "link": "https://book.example/n/1/",
        "take_me_off_url": "https://book.example/off/",
    }
    for kind in ("txt", "html"):
        frame = render_to_string(f"mail/_layout.{kind}", context)
        assert frame.count("https://book.example/n/1/") == 1
        assert frame.count("Open it") == 1
        assert "https://book.example/off/" in frame
        assert "list" not in render_to_string(f"mail/_layout.{kind}", {})
