"""Links and addresses in what people write: found, and held back."""

from __future__ import annotations

import re

HELD = "(link held back)"
MASKED = "(address held back)"
# Every repetition has an end: a regular expression without one takes minutes for a text made to make it slow.
LINK = re.compile(
    r"(?:https?://|www\.)\S{1,2000}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:com|net|org|io|co|app|dev|ai|me)\b(?:/\S{0,2000})?",
    re.I,
)
MAILBOX = re.compile(
    r"[\w.+-]{1,64}\s{0,3}(?:@|\(at\)|\[at\])\s{0,3}"
    r"[\w-]{1,63}(?:\s{0,3}(?:\.|\(dot\)|\[dot\])\s{0,3}[\w-]{1,63}){1,5}",
    re.I,
)
TELEPHONE = re.compile(r"(?<![\w.])\+?\d[\d\s()./-]{7,30}\d(?!\w)")


def without_links(text: str) -> str:
    """The text with each link replaced by a word that says so."""
    return LINK.sub(HELD, text)


def without_addresses(text: str) -> str:
    """The text with each mailbox and telephone number replaced: for those who read along and are not to write."""
    return TELEPHONE.sub(MASKED, MAILBOX.sub(MASKED, text))


def holds_address(text: str) -> bool:
    """Whether a mailbox or a telephone number is in it: neither is passed on before both said yes."""
    return bool(MAILBOX.search(text) or TELEPHONE.search(text))
