"""The few things that templates of the book need and Django does not ship."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# The characters by which text could leave the script element, as JSON escapes.
SAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def json_ld(value: dict[str, Any]) -> SafeString:
    """A schema.org description in a script element that holds data and runs nothing."""
    text = json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False).translate(SAFE)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  escaped above


@register.filter
def without_scheme(link: str) -> str:
    """How a link is printed: "https://www.example.org/" reads as "example.org"."""
    return link.split("://", 1)[-1].removeprefix("www.").rstrip("/")
