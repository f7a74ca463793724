"""The few things that templates of the book need and Django does not ship."""

import json
from typing import Any

from django import template
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from directory.models import Expert, Placement

register = template.Library()
# The characters by which text could leave the script element, as JSON escapes.
SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def json_ld(value: dict[str, Any]) -> SafeString:
    """A schema.org description in a script element that holds data and runs nothing."""
    text = json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False).translate(SAFE)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  escaped above


@register.filter
def said_by(card: Placement) -> str:
    """Whose words a card prints: "Daniel Reyes, client since 2022, and 2 others"."""
    quote, others = card.quote or {}, card.voices - 1
    more = "" if others < 1 else ", and 1 other" if others == 1 else f", and {others} others"
    return f"{quote.get('author', '')}, {quote.get('relation', '')}{more}"


@register.filter
def whereabouts(expert: Expert) -> str:
    """Where one can meet this expert: "Online, and Porto, Portugal"."""
    place = f"{expert.place.name}, {expert.place.country}" if expert.place else ""
    return ", and ".join(filter(None, ["Online" if expert.remote else "", place]))


@register.filter
def practical(expert: Expert) -> str:
    """What helps choosing: "Online, and Porto, Portugal · Confirmed 12 November 2026"."""
    facts = [whereabouts(expert)]
    if expert.confirmed_at:
        facts.append(f"Confirmed {date(expert.confirmed_at, 'j F Y')}")
    return " · ".join(filter(None, facts))


@register.filter
def points(value: float) -> str:
    """A term of a score, without zeros behind the point: "7", "2.25"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.filter
def pause(expert: Expert) -> str:
    """That and until when this expert takes no clients; empty while new ones are welcome."""
    if expert.takes_clients(timezone.localdate()):
        return ""
    known = not expert.taking_clients and expert.taking_until
    until = f" until {date(expert.taking_until, 'F Y')}" if known else ""
    return f"Not taking clients{until}"


@register.filter
def without_scheme(link: str) -> str:
    """How a link is printed: "https://www.example.org/" reads as "example.org"."""
    return link.split("://", 1)[-1].removeprefix("www.").rstrip("/")
