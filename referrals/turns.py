"""Where an introduction stands, in one sentence for one of its readers, and whether the next step is that reader's.

Neither of the two learns of the other's no before both said yes; whoever introduced them may know. What must not be
known is called closed, as it is when somebody withdrew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from accounts.models import User

if TYPE_CHECKING:
    from referrals.models import Introduction


class Turn(NamedTuple):
    sentence: str
    is_mine: bool = False


CLOSED = Turn("It is closed. There is nothing left to do.")
RESTS = Turn("It rests for now.")


def turn(introduction: Introduction, viewer: User) -> Turn:
    """For the prospect, the expert or the giver. Ask it of rows fetched with_people(): it asks nothing more."""
    return _STAGES[introduction.stage](introduction, _Side(introduction, viewer))


class _Side:
    """Who reads, and what the two are called."""

    def __init__(self, introduction: Introduction, viewer: User) -> None:
        self.is_prospect = viewer.pk == introduction.prospect_id
        self.is_expert = viewer.pk == introduction.expert_id
        self.prospect = introduction.prospect_first
        self.expert = introduction.expert.member.first_name
        self.giver = introduction.giver.first_name if introduction.giver else ""

    def says(self, *, prospect: str | Turn, expert: str | Turn, giver: str | Turn) -> Turn:
        said = prospect if self.is_prospect else expert if self.is_expert else giver
        return said if isinstance(said, Turn) else Turn(said)


def _asked(introduction: Introduction, side: _Side) -> Turn:
    if side.is_prospect:
        return _asked_of_prospect(introduction, side)
    if side.is_expert:
        return _asked_of_expert(introduction, side)
    if introduction.silent_at and not introduction.expert_yes_at:
        return Turn(f"{side.expert} has not answered for ten days.")
    if introduction.prospect_yes_at:
        return Turn(f"{side.prospect} said yes. {side.expert} has not answered yet.")
    if introduction.expert_yes_at:
        return Turn(f"{side.expert} said yes. {side.prospect} has not answered yet.")
    return Turn(f"{side.prospect} and {side.expert} were asked. Neither has answered yet.")


def _asked_of_prospect(introduction: Introduction, side: _Side) -> Turn:
    if not introduction.prospect_yes_at:
        return Turn(f"{side.giver} would like to introduce you to {side.expert}. Say yes or no.", is_mine=True)
    if introduction.silent_at:
        return Turn(f"{side.expert} has not answered for ten days. You can ask somebody else.")
    return Turn(f"You asked {side.expert}. It is {side.expert}’s turn.")


def _asked_of_expert(introduction: Introduction, side: _Side) -> Turn:
    if introduction.expert_yes_at:
        return Turn(f"You said yes. It is {side.prospect}’s turn.")
    if introduction.route == "member":
        return Turn(f"{side.giver} would like to introduce {side.prospect} to you. Say what you can do.", is_mine=True)
    return Turn(f"{side.prospect} asked for you. Say what you can do.", is_mine=True)


def _offered(introduction: Introduction, side: _Side) -> Turn:
    better = introduction.better.member.first_name if introduction.better else ""
    what = f"meeting {better}" if better else "a guide"
    return side.says(
        prospect=Turn(f"{side.expert} suggests {what}. Say what you think.", is_mine=True),
        expert=f"You suggested {what}. It is {side.prospect}’s turn.",
        giver=f"{side.expert} suggests {what}. It is {side.prospect}’s turn.",
    )


def _paused(introduction: Introduction, side: _Side) -> Turn:
    if side.is_prospect and introduction.answered_at and not introduction.prospect_yes_at:
        return _asked_of_prospect(introduction, side)  # the expert cannot now, which the prospect hears after a yes
    return side.says(
        prospect="It rests for now. You can take it up again whenever you like.",
        expert=f"It rests for now. {side.prospect} can take it up again.",
        giver=RESTS,
    )


def _introduced(introduction: Introduction, side: _Side) -> Turn:
    if introduction.round == 0 and introduction.touches == 0:
        return side.says(
            prospect=f"You are introduced. {side.expert} writes first.",
            expert=Turn(f"You are introduced. {side.prospect} waits for your first words.", is_mine=True),
            giver="They are introduced.",
        )
    confirmed = introduction.round == 0 and introduction.touches == 1 and introduction.confirmed_at is not None
    if introduction.touches == 0 or confirmed:  # the prospect spoke last
        said = "says that is it" if confirmed else "wrote"
        return side.says(
            prospect=f"You are in touch. It is {side.expert}’s turn.",
            expert=Turn(f"{side.prospect} {said}. It is your turn.", is_mine=True),
            giver="They are in touch.",
        )
    return side.says(
        prospect=Turn(f"{side.expert} was in touch. It is your turn.", is_mine=True),
        expert=f"You were in touch. It is {side.prospect}’s turn.",
        giver="They are in touch.",
    )


def _done(introduction: Introduction, side: _Side) -> Turn:
    return side.says(
        prospect=f"It is done. A word to {side.expert} takes it up again.",
        expert="It is done.",
        giver="It is done.",
    )


def _passed_on(introduction: Introduction, side: _Side) -> Turn:
    better = introduction.better.name if introduction.better else "somebody else"
    return side.says(
        prospect=f"You went on to {better}.",
        expert=f"{side.prospect} went on to {better}. You made that introduction.",
        giver=f"{side.prospect} went on to {better}.",
    )


def _declined(introduction: Introduction, side: _Side) -> Turn:
    told = f"{side.expert} cannot help with this. You can ask somebody else."
    return side.says(
        prospect=told if introduction.prospect_yes_at else CLOSED,
        expert="You said that you cannot help with this.",
        giver=f"{side.expert} cannot help with this.",
    )


def _withdrawn(introduction: Introduction, side: _Side) -> Turn:
    return CLOSED


def _refused(introduction: Introduction, side: _Side) -> Turn:
    day = f"{introduction.moved_at:%-d %B %Y}"
    both = introduction.prospect_yes_at and introduction.expert_yes_at
    return side.says(
        prospect=f"You said no on {day}. That is final, and only you can take it back.",
        expert=f"{side.prospect} said no on {day}. That is final." if both else CLOSED,
        giver=f"{side.prospect} said no on {day}. That is final.",
    )


_STAGES: dict[str, Callable[[Introduction, _Side], Turn]] = {
    "asked": _asked,
    "offered": _offered,
    "paused": _paused,
    "introduced": _introduced,
    "done": _done,
    "passed-on": _passed_on,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "refused": _refused,
}
