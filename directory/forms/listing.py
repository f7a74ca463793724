"""The form in which experts write their own page. Words of a page in print wait for a curator; plain facts do not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from directory import facts, places, portraits
from directory.models import Category, Expert, Place, Revision, State
from directory.models.experts import LINKS, OWN_WORDS

FACTS = ("remote", "clients", "price_band", "taking_clients", "taking_until", "indexable")
PRINTED_WORDS = ("headline", "own_words", "for_whom", "not_for_whom")
OTHERS = ("second", "third", "fourth")
CODES = {facts.plain(name): code for code, name in facts.LANGUAGES}


class CategoryField(forms.ModelChoiceField):
    """A choice among the categories in use, in the order of the contents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Category.objects.current().in_order(), to_field_name="slug", **kwargs)
        self.error_messages["invalid_choice"] = "Choose a category from the list."


class ListingForm(forms.Form):
    headline = forms.CharField(
        max_length=140,
        label="One line: whom do you help, with what?",
        help_text="As the reader's problem: “Helps founders who sell well on the call and lose in the proposal.”",
        error_messages={"required": "Write the one line that says whom you help."},
    )
    own_words = forms.CharField(
        max_length=OWN_WORDS,
        label="In your own words",
        help_text="Plain text, up to 1,200 characters; an empty line makes a paragraph.",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Say a little about how you work."},
    )
    for_whom = forms.CharField(max_length=300, required=False, label="Who is this for?")
    not_for_whom = forms.CharField(max_length=300, required=False, label="Who is this not for?")
    primary = CategoryField(
        label="Your category",
        empty_label="Choose one",
        error_messages={"required": "Choose the category people would look in."},
    )
    second = CategoryField(label="Another category", required=False, empty_label="None")
    third = CategoryField(label="A third category", required=False, empty_label="None")
    fourth = CategoryField(label="A fourth category", required=False, empty_label="None")
    place = forms.CharField(
        max_length=120,
        required=False,
        label="City",
        help_text="Where people can meet you, for example “Porto, Portugal”.",
    )
    remote = forms.BooleanField(required=False, label="I also work online")
    languages = forms.CharField(
        max_length=200,
        required=False,
        label="Languages you work in",
        help_text="With commas between: English, Portuguese.",
    )
    clients = forms.MultipleChoiceField(
        choices=facts.CLIENTS,
        required=False,
        label="Whom do you work with?",
        widget=forms.CheckboxSelectMultiple,
    )
    price_band = forms.ChoiceField(choices=[("", "Not said"), *facts.PRICE_BANDS], required=False, label="Price")
    taking_clients = forms.TypedChoiceField(
        choices=[("yes", "Yes"), ("no", "Not now")],
        coerce=lambda value: value == "yes",
        label="Are you taking new clients?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you take new clients."},
    )
    taking_until = forms.DateField(
        required=False,
        label="Until when does that hold?",
        help_text="After this day the page says the opposite. Leave it empty when you do not know.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write the day as 2027-03-31."},
    )
    links = forms.CharField(
        required=False,
        label="Links",
        help_text=f"One on each line, up to {LINKS}, beginning with https://",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    portrait = forms.FileField(
        required=False,
        label="A picture of you",
        help_text="JPEG, PNG or WebP, under 5 MB. It is cut square.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    no_portrait = forms.BooleanField(required=False, label="Show my initials instead of a picture")
    indexable = forms.BooleanField(required=False, label="Search engines may show my page")

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        self.expert = expert
        kwargs.setdefault("initial", as_typed(expert))
        super().__init__(*args, **kwargs)

    def clean_languages(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["languages"].split(",") if name.strip()]
        unknown = [name for name in names if facts.plain(name) not in CODES]
        if unknown:
            raise ValidationError(f"We do not know “{unknown[0]}”. Write the English name of the language.")
        return list(dict.fromkeys(CODES[facts.plain(name)] for name in names))

    def clean_place(self) -> Place | None:
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        if self.expert.place and text == place_text(self.expert.place):
            return self.expert.place
        place = places.find(text)
        if place is None:
            raise ValidationError("We do not know that city. Write it with its country, or name the next larger one.")
        return place

    def clean_links(self) -> list[str]:
        links = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        if len(links) > LINKS:
            raise ValidationError(f"Keep the {LINKS} links that matter most.")
        for link in links:
            if not link.lower().startswith(("http://", "https://")):
                raise ValidationError(f"“{link[:60]}” does not begin with https://")
            URLValidator(schemes=["http", "https"], message=f"“{link[:60]}” is not a web address.")(link)
            if len(link) > 300:
                raise ValidationError("That link is longer than 300 characters. Use a shorter one.")
        return list(dict.fromkeys(links))

    def clean_portrait(self) -> Any:
        upload = self.cleaned_data["portrait"]
        if not upload:
            return None
        try:
            return portraits.read(upload, size=upload.size)
        except portraits.NotAPortrait as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [cleaned[field] for field in ("primary", *OTHERS) if cleaned.get(field)]
        if len({category.pk for category in chosen}) != len(chosen):
            raise ValidationError("Choose each category only once.")
        cleaned["categories"] = chosen
        return cleaned

    @transaction.atomic
    def save(self) -> Revision | None:
        """Change facts at once, and words too while they are in no print; later they wait in the Revision returned."""
        expert, cleaned = self.expert.locked(), self.cleaned_data
        for field in FACTS:
            setattr(expert, field, cleaned[field])
        expert.languages, expert.place = cleaned["languages"], cleaned["place"]
        if expert.place:
            expert.place.save()  # from the gazetteer, and new to us perhaps
        expert.save(update_fields=[*FACTS, "languages", "place"])
        words = {field: cleaned[field] for field in (*PRINTED_WORDS, "links")}
        words["portrait"] = self._portrait()
        words["categories"] = [category.pk for category in cleaned["categories"]]
        if expert.state in (State.LISTED, State.RESTING):
            return Revision.objects.propose(expert, words=words)
        expert.rewrite(words)
        return None

    def _portrait(self) -> str:
        image = self.cleaned_data["portrait"]
        if image is not None:
            return portraits.store(image)
        if self.cleaned_data["no_portrait"]:
            return ""
        waiting = Revision.objects.filter(expert=self.expert).values_list("words__portrait", flat=True).first()
        return waiting or self.expert.portrait


def place_text(place: Place | None) -> str:
    return f"{place.name}, {place.country}" if place else ""


def as_typed(expert: Expert) -> dict[str, Any]:
    """The listing as its owner last wrote it: changes that wait for a curator included."""
    revision = Revision.objects.filter(expert=expert).first()
    words = revision.words if revision else {}
    value = {field: words.get(field, getattr(expert, field)) for field in (*PRINTED_WORDS, "links")}
    pks = words.get("categories") or list(expert.chosen.order_by("position").values_list("category", flat=True))
    slugs = Category.objects.in_bulk(pks)
    return {
        **value,
        **{field: getattr(expert, field) for field in FACTS},
        **dict(zip(("primary", *OTHERS), (slugs[pk].slug for pk in pks if pk in slugs), strict=False)),
        "links": "\n".join(value["links"]),
        "taking_clients": "yes" if expert.taking_clients else "no",
        "languages": ", ".join(expert.language_names),
        "place": place_text(expert.place),
    }
