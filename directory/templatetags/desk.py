"""How the desk says things."""

from __future__ import annotations

import datetime as dt

from django import template

from accounts.models import User
from directory import desk, proof
from directory.models import Revision

register = template.Library()

ACTS = {
    "nominated": "put forward",
    "invited": "sent the letter",
    "accepted": "said yes",
    "submitted": "sent to the desk",
    "sent-back": "sent back with a note",
    "put-in-print": "put in print",
    "declined": "declined",
    "rested": "set to rest",
    "came-back": "came back into print",
    "retired": "retired",
    "suspended": "suspended",
    "reinstated": "put back in print",
    "picked": "hand-picked",
    "pick-ended": "ended a pick",
    "changes-printed": "put changes in print",
    "changes-sent-back": "sent changes back with a note",
    "guide-printed": "put a guide in print",
    "guide-sent-back": "sent a guide back with a note",
    "guide-withdrawn": "took a guide out of print",
    "words-read": "let a first recommendation go on",
    "words-sent-back": "sent a first recommendation back",
    "taken-back": "took it back from the desk",
}


@register.filter
def act_words(act: str) -> str:
    """What was done, in words: "put-in-print" is "put in print"."""
    return ACTS.get(act, act.replace("-", " "))


@register.filter
def waited(since: dt.datetime) -> str:
    return desk.waited(since)


@register.filter
def same_firm(one: User, other: User) -> str:
    """Only ever "same" or "different": what makes them the same is not for the desk."""
    return "same" if one.same_firm(other) else "different"


@register.filter
def fields_changed(revision: Revision) -> str:
    """ "Headline and own words"."""
    labels = [label for name, label in proof.LABELS.items() if name in revision.words]
    words = ", ".join(label.lower() for label in labels[:-1])
    return (f"{words} and {labels[-1].lower()}" if words else "".join(labels)).capitalize()
