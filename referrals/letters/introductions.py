"""What people are told about introductions. No letter holds anybody's address but the one that introduces the two."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.urls import reverse

from accounts.letters import absolute
from accounts.models import Notice, User
from referrals.links import without_links

if TYPE_CHECKING:
    from directory.models import Expert
    from referrals.models import Correction, Introduction, Refusal, Report, Thanks, Touch

SALT = "referrals.introduction"


def token(introduction: Introduction, person: User) -> str:
    """The key in a letter: it names the introduction, the person and the mailbox it was sent to."""
    return signing.Signer(salt=SALT).sign_object([introduction.pk, person.pk, person.email])


def by_token(key: str) -> tuple[int, int, str] | None:
    """(introduction, person, e-mail) of a key, or None when we did not make it."""
    try:
        introduction, person, email = signing.Signer(salt=SALT).unsign_object(key)
        return int(introduction), int(person), str(email)
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return None


def page(introduction: Introduction, person: User) -> str:
    """The page on which a letter is answered without signing in."""
    return reverse("referrals:introduction_letter", args=[token(introduction, person)])


def names(introduction: Introduction) -> dict[str, Any]:
    """What everybody who has a part in it may read."""
    expert, giver = introduction.expert.member, introduction.giver
    return {
        "prospect": introduction.prospect_called,
        "prospect_first": introduction.prospect_first,
        "expert": expert.name,
        "expert_first": expert.first_name,
        "giver": giver.name if giver else "",
        "giver_first": giver.first_name if giver else "",
        "route": introduction.route,
    }


def words(introduction: Introduction) -> dict[str, Any]:
    """What the two may read: the prospect's brief, and the introducer's notes."""
    return {
        **names(introduction),
        "need": introduction.need,
        "tried": introduction.tried,
        "success": introduction.success,
        "timing": introduction.get_timing_display() if introduction.timing else "",
        "about": introduction.category.name.lower() if introduction.category else "",
        "answers": introduction.answers,
        "note_to_expert": introduction.note_to_expert,
        "note_to_prospect": introduction.note_to_prospect,
    }


def _tell(introduction: Introduction, to: User, *, letter: str, key: str, from_name: str = "", **more: Any) -> None:
    """One notice to one person. Whoever signs in finds the same at /introductions/."""
    may_read = names if to.pk == introduction.giver_id else words
    Notice.objects.tell(
        to,
        letter=letter,
        key=f"{letter}:{introduction.pk}:{to.pk}:{key}",
        path=page(introduction, to),
        words={**may_read(introduction), "to_first": to.first_name, **more},
        from_name=from_name,
    )


def ask_expert(introduction: Introduction) -> None:
    """Shall I introduce you? Asked anew, a letter goes out anew."""
    by = introduction.giver.name if introduction.giver and introduction.route == "member" else ""
    stamp = introduction.asked_at.isoformat()
    _tell(introduction, introduction.expert.member, letter="intro_ask_expert", key=stamp, from_name=by)


def ask_prospect(introduction: Introduction) -> None:
    by = introduction.giver.name if introduction.giver else ""
    prospect = introduction.prospect
    first, stamp = introduction.prospect_first, introduction.moved_at.isoformat()
    _tell(introduction, prospect, letter="intro_ask_prospect", key=stamp, from_name=by, to_first=first)


def reminder(introduction: Introduction, *, to: User) -> None:
    """The one reminder. It asks the same as the first letter did."""
    is_expert = to.pk == introduction.expert_id
    by = introduction.giver.name if introduction.giver and introduction.route == "member" else ""
    first = to.first_name if is_expert else introduction.prospect_first
    _tell(introduction, to, letter="intro_reminder", key="", from_name=by, to_first=first, is_expert=is_expert)


def introduced(introduction: Introduction) -> None:
    """The only letter with addresses: to both, in one transaction, each with the other's."""
    prospect, expert = introduction.prospect, introduction.expert.member
    for to, other in ((prospect, expert), (expert, prospect)):
        reach = {"other": other.name, "other_first": other.first_name, "other_email": other.email}
        _tell(introduction, to, letter="introduction", key=str(introduction.introduced_at), **reach)
    outcome(introduction, what="introduced")


def offered(introduction: Introduction) -> None:
    """Something free, or somebody better."""
    paper, better = introduction.paper, introduction.better
    _tell(
        introduction,
        introduction.prospect,
        letter="intro_offered",
        key=introduction.moved_at.isoformat(),
        paper=paper.title if paper else "",
        paper_url=absolute(paper.get_absolute_url()) if paper else "",
        better=better.name if better else "",
        better_headline=better.headline if better else "",
        offer_words=introduction.offer_words,
    )


def expert_cannot(introduction: Introduction) -> None:
    """A no or a "not now" of the expert. A prospect who has not answered yet never hears of it."""
    if introduction.prospect_yes_at:
        key = introduction.moved_at.isoformat()
        others = _others(type(introduction).objects.next_experts(introduction))
        _tell(introduction, introduction.prospect, letter="intro_not_possible", key=key, others=others)
    outcome(introduction, what="expert-cannot")


def expert_silent(introduction: Introduction, *, others: list[Expert]) -> None:
    _tell(introduction, introduction.prospect, letter="intro_silent", key="", others=_others(others))
    outcome(introduction, what="silent")


def _others(experts: list[Expert]) -> list[dict[str, str]]:
    return [
        {"name": each.name, "headline": each.headline, "url": absolute(each.get_absolute_url())} for each in experts
    ]


def message(touch: Touch) -> None:
    """What one wrote to the other, with the links of a first reply held back."""
    introduction = touch.introduction
    held = touch.is_reflection and not introduction.links_are_open
    _tell(
        introduction,
        introduction.other_than(touch.author),
        letter="intro_message",
        key=str(touch.pk),
        from_name=touch.author.name,
        author=touch.author.name,
        author_first=touch.author.first_name,
        body=without_links(touch.body) if held else touch.body,
        held=held,
        is_reflection=touch.is_reflection,
    )


def prospect_said_no(introduction: Introduction, *, refusal: Refusal) -> None:
    """The expert hears of it where both were already in touch, or the expert had said yes; the introducer always."""
    if introduction.expert_yes_at and introduction.prospect_yes_at:
        key = introduction.moved_at.isoformat()
        until = f"{refusal.until:%-d %B %Y}" if refusal.until else ""
        _tell(introduction, introduction.expert.member, letter="intro_prospect_no", key=key, until=until)
    outcome(introduction, what=f"prospect-{refusal.kind}")


def reopened(introduction: Introduction) -> None:
    """To an expert who heard of the no."""
    if introduction.expert_yes_at and introduction.prospect_yes_at:
        key = introduction.moved_at.isoformat()
        _tell(introduction, introduction.expert.member, letter="intro_reopened", key=key)


def ended(introduction: Introduction, *, by: User) -> None:
    """Closed without a reason: the other one is told, where the two knew of each other."""
    key = introduction.moved_at.isoformat()
    for to in (introduction.prospect, introduction.expert.member):
        if to.pk != by.pk and introduction.introduced_at:
            _tell(introduction, to, letter="intro_ended", key=key, ended_by=by.name)
    outcome(introduction, what="withdrawn", by=by)


def outcome(introduction: Introduction, *, what: str, by: User | None = None) -> None:
    """Whoever made the introduction is always told what became of it."""
    giver = introduction.giver
    if giver is not None and (by is None or by.pk != giver.pk):
        stamp = introduction.moved_at.isoformat()
        key = f"{what}:{by.pk if by else ''}:{stamp}"
        _tell(introduction, giver, letter="intro_outcome", key=key, what=what, by=by.name if by else "")


def how_did_it_go(introduction: Introduction, *, to: User) -> None:
    other = introduction.other_than(to)
    key = str(introduction.reminders)
    _tell(introduction, to, letter="how_did_it_go", key=key, other=other.name, other_first=other.first_name)


def thanks(said: Thanks) -> None:
    introduction, by = said.introduction, said.by
    if introduction.giver is not None:
        key, more = str(said.pk), {"by": by.name, "by_first": by.first_name, "text": said.text}
        _tell(introduction, introduction.giver, letter="intro_thanks", key=key, from_name=by.name, **more)


# From the desk.


def report_decided(report: Report) -> None:
    """To whoever reported; and, where it was upheld, to the one it was about."""
    introduction, key = report.introduction, str(report.pk)
    _tell(introduction, report.by, letter="report_decided", key=key, upheld=report.upheld, reason=report.reason)
    if report.upheld:
        _tell(introduction, report.about, letter="report_upheld", key=key, reason=report.reason)


def correction_decided(correction: Correction) -> None:
    Notice.objects.tell(
        correction.by,
        letter="correction_decided",
        key=f"correction_decided:{correction.pk}",
        path=reverse("referrals:bank"),
        words={
            "to_first": correction.by.first_name,
            "reversed": correction.reversal_id is not None,
            "posted": correction.posting_id is not None,
            "reason": correction.reason,
        },
    )


def day(moment: dt.datetime) -> str:
    """As letters write it. A reader's own clock may be on the day before or after."""
    return f"{moment:%-d %B %Y}"


def on_notice(member: User, *, balance: str, day: str, until: str = "") -> None:
    """The dated notice: since when the balance is below the line, and when it becomes insufficient if it stays so."""
    Notice.objects.tell(
        member,
        letter="bank_notice",
        key=f"bank_notice:{member.pk}:{day}",
        path=reverse("referrals:bank"),
        words={"to_first": member.first_name, "balance": balance, "day": day, "until": until},
    )
