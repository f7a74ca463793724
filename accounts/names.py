"""Names in plain letters, for addresses and for comparing what people type."""

from __future__ import annotations

import unicodedata

# Letters that are letters of their own and do not come apart into a base and a mark.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"})  # noqa: RUF001


def plain(text: str) -> str:
    """Lower case and without accents: "Zoë Núñez" is "zoe nunez", "Jørn Weiß" is "jorn weiss"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
