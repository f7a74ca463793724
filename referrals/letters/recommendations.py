"""What people are told about recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from accounts.models import Notice

if TYPE_CHECKING:
    from directory.models import Expert
    from referrals.models import Recommendation

SALT = "referrals.nomination"


def nomination_token(expert: Expert) -> str:
    """The address part by which a nominated person answers. It names the person and the mailbox it was sent to."""
    return signing.Signer(salt=SALT).sign_object([expert.pk, expert.member.email])


def nominated_by_token(token: str) -> tuple[int, str] | None:
    """(primary key, e-mail) of the nominated person, or None when we did not make the link."""
    try:
        pk, email = signing.Signer(salt=SALT).unsign_object(token)
        return int(pk), str(email)
    except (signing.BadSignature, ValueError, TypeError, UnicodeError):
        return None


def answers(recommendation: Recommendation) -> dict[str, str]:
    return {
        "author": recommendation.author.name,
        "author_first": recommendation.author.first_name,
        "author_them": recommendation.author_them,
        "expert": recommendation.known_as,
        "expert_first": first_word(recommendation.known_as),
        "them": recommendation.them,
        "relation": recommendation.relation,
        "how_i_know": recommendation.how_i_know,
        "what_i_like": recommendation.what_i_like,
        "why_i_trust": recommendation.why_i_trust,
        "note": recommendation.sent_back_note,
    }


def first_word(name: str) -> str:
    return name.split()[0] if name.split() else name


def put_forward(*, expert: Expert, recommendation: Recommendation | None) -> None:
    """The one letter a nominated person gets. Sent by a curator it may come without anybody's words."""
    Notice.objects.tell(
        expert.member,
        letter="put_forward",
        key=f"put-forward:{expert.pk}",
        path=reverse("referrals:nomination", args=[nomination_token(expert)]),
        words=answers(recommendation) if recommendation else {"expert_first": expert.member.first_name},
        writer=recommendation.author if recommendation else None,
    )


def recommendation_received(recommendation: Recommendation) -> None:
    stamp = recommendation.signed_at.isoformat()
    Notice.objects.tell(
        recommendation.expert.member,
        letter="recommendation_received",
        key=f"received:{recommendation.pk}:{stamp}",
        path=f"{reverse('referrals:received')}#letter-{recommendation.pk}",
        words=answers(recommendation),
        from_name=recommendation.author.name,
    )


def recommendation_printed(recommendation: Recommendation) -> None:
    stamp = recommendation.signed_at.isoformat()
    Notice.objects.tell(
        recommendation.author,
        letter="recommendation_printed",
        key=f"printed:{recommendation.pk}:{stamp}",
        path=recommendation.letter_url,
        words=answers(recommendation),
    )


def recommendation_sent_back(recommendation: Recommendation) -> None:
    stamp = recommendation.signed_at.isoformat()
    Notice.objects.tell(
        recommendation.author,
        letter="recommendation_proof",
        key=f"sent-back:{recommendation.pk}:{stamp}",
        path=recommendation.rewrite_url,
        words=answers(recommendation),
    )


def nomination_declined(recommendation: Recommendation) -> None:
    """To each author, without the words: those are gone."""
    _nomination_over(recommendation, letter="nomination_declined")


def nomination_unanswered(recommendation: Recommendation) -> None:
    _nomination_over(recommendation, letter="nomination_unanswered")


def _nomination_over(recommendation: Recommendation, *, letter: str) -> None:
    name = recommendation.nominated_as or recommendation.expert.name
    Notice.objects.tell(
        recommendation.author,
        letter=letter,
        key=f"{letter}:{recommendation.pk}",
        path=reverse("referrals:who"),
        words={"expert": name, "expert_first": first_word(name), "signed_at": f"{recommendation.signed_at:%-d %B %Y}"},
    )
