"""How to speak of somebody: by the pronouns they chose, else by their name."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Pronouns:
    they: str
    them: str
    their: str
    are: str = "is"


KNOWN = {
    "she": Pronouns("she", "her", "her"),
    "he": Pronouns("he", "him", "his"),
    "they": Pronouns("they", "them", "their", "are"),
}
SOMEBODY = KNOWN["they"]  # whose name we have not been told yet


def of(person: User) -> Pronouns:
    """The first word of "she/her" decides; whoever chose other words, or none, is called by name."""
    chosen = person.pronouns.lower().replace("/", " ").split()
    name = person.first_name
    return KNOWN.get(chosen[0] if chosen else "", Pronouns(name, name, f"{name}’s"))
