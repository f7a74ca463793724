"""The plain facts an expert may state, in the words a reader sees."""

from __future__ import annotations

from django.conf.locale import LANG_INFO

from accounts.names import plain

__all__ = ["CLIENTS", "LANGUAGES", "PRICE_BANDS", "plain"]

LANGUAGES: list[tuple[str, str]] = sorted(
    ((code, info["name"]) for code, info in LANG_INFO.items() if "name" in info and "-" not in code),
    key=lambda pair: pair[1],
)
PRICE_BANDS: list[tuple[str, str]] = [
    ("modest", "Lower than most"),
    ("middle", "About what most charge"),
    ("premium", "Higher than most"),
]
CLIENTS: list[tuple[str, str]] = [
    ("people", "Private people"),
    ("solo", "People who work alone"),
    ("small", "Small teams"),
    ("large", "Larger companies"),
    ("nonprofit", "Charities and non-profits"),
    ("public", "Schools and public bodies"),
]
