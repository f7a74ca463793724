"""What a browser sends for each form, as far as it must be right to be taken."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.tests.factories import PASSWORD
from directory import proof
from directory.models import Paper, Revision
from referrals.models import Draft, Recommendation

from .town import DAY, Town, nomination_typed, recommendation_typed

REASON = {"reason": "Read twice, and asked two clients."}


def typed(town: Town) -> dict[str, dict[str, Any]]:
    """By the name of an address: what it is sent. The rest takes an empty form."""
    return about_introductions(town) | about_oneself(town) | at_the_desk(town) | about_others(town)


def about_introductions(town: Town) -> dict[str, dict[str, Any]]:
    guide = Paper.objects.in_print().filter(author=town.expert("alice")).first()
    message = town.things["message of alice to kim"]["touch"]
    rang = {"channel": "phone", "on": timezone.localdate().isoformat(), "gave": "answer", "useful": "She rang."}
    acts = {
        "not_now": {"until": (timezone.localdate() + 30 * DAY).isoformat()},
        "no": {"kind": "never"},
        "offer_guide": {"free-guide": str(guide.pk if guide else ""), "free-words": "Page two."},
        "offer_expert": {"better-who": "erin", "better-words": "Her trade."},
        "write": {"body": "One question more."},
        "contact": rang,
        "report": {f"report-{message}-kind": "pitched", f"report-{message}-words": "She sells."},
        "outcome": {"kind": "met"},
        "thank": {"thanks": "Thank you, Bob."},
        "note": {"note": "Ask again in May."},
    }
    return {f"referrals:{name}_introduction": sent for name, sent in acts.items()}


def in_a_year() -> str:
    return (timezone.localdate() + 365 * DAY).isoformat()


def about_oneself(town: Town) -> dict[str, dict[str, Any]]:
    bob = town.people["bob"]
    listing = {
        "headline": "Helps hosts who dread the edit.", "own_words": "I cut.", "for_whom": "Hosts",
        "not_for_whom": "Bands", "primary": "podcasting", "second": "online-talks", "place": "Porto, Portugal",
        "remote": "on", "indexable": "on", "languages": "English, Portuguese", "clients": ["solo"],
        "price_band": "middle", "taking_clients": "yes", "taking_until": in_a_year(), "links": "https://alice.example/",
    }  # fmt: skip
    guide = {
        "title": "Nobody listens to my show", "summary": "Cut the first minute.", "body": "Begin where it hurts.",
        "link": "https://alice.example/show", "categories": ["podcasting"], "send": "1",
    }  # fmt: skip
    you = {"name": "Bob B", "pronouns": "he/him", "organisation": "V", "time_zone": "UTC", "handle": "bobb"}
    return {
        "accounts:join": {"name": "Joan", "email": "joan@joan.test"},
        "accounts:invitations": {"sentence": "She asks good questions.", "email": "jo@jo.test"},
        "accounts:settings": you,
        "accounts:look": {"theme": "dark", "next": "/contents/"},
        "directory:edit_listing": listing,
        "directory:write_guide": guide,
        "directory:edit_guide": guide,
        "referrals:set_visibility": {"visibility": "public"},
        "referrals:ask_correction": {"words": "It was Frank who sent her."},
        "account_login": {"login": bob.email, "password": PASSWORD, "next": "/contents/"},
        "account_request_login_code": {"email": bob.email},
        "account_reset_password": {"email": bob.email},
    }


def at_the_desk(town: Town) -> dict[str, dict[str, Any]]:
    submission = {**REASON, "read": proof.of_submission(town.expert("sam"))}
    changes = {**REASON, "read": proof.of_changes(Revision.objects.get(expert=town.expert("alice")))}
    waiting = Paper.objects.get(**town.things["row of the submitted guide of alice"])
    guide = {**REASON, "read": proof.of_guide(waiting)}
    unread = {"read": Recommendation.objects.get(**town.things["ivan on alice"]).wording}
    nora = {"expert": [str(town.people["nora"].pk)]}
    why = {"category": str(town.categories[1].pk), "reason": "She cut my own show, twice.", "review_on": in_a_year()}
    return {
        "directory:print_submission": submission,
        "directory:send_submission_back": {**submission, "start": "plain"},
        "directory:decline_submission": submission,
        "directory:print_changes": changes,
        "directory:send_changes_back": changes,
        "directory:print_guide": guide,
        "directory:send_guide_back": guide,
        "directory:take_guide_out": REASON,
        "directory:pick": why,
        **{f"directory:{name}": REASON for name in ("end_pick", "suspend", "reinstate")},
        "referrals:let_recommendation_go_on": unread,
        "referrals:send_recommendation_back": {**REASON, **unread},
        "referrals:send_nomination_letters": nora,
        "referrals:decline_nominations": {**REASON, **nora},
        **{
            f"referrals:{name}": REASON
            for name in ("uphold_report", "dismiss_report", "let_line_stand", "reverse_line")
        },
        "referrals:post_line_anew": {**REASON, "handle": "frank"},
        "referrals:set_credit_line": {**REASON, "line": "9.00"},
        "directory:add_question": {"text": "Who listens to it today?"},
    }


def about_others(town: Town) -> dict[str, dict[str, Any]]:
    letter = Recommendation.objects.get(**town.things["kim on alice"])
    need = {"need": "Nobody listens to my show.", "success": "A hundred listeners.", "timing": "month"}
    notes = {"note_to_expert": "She means it.", "note_to_prospect": "She helped me.", "knows": "on"}
    hana = {"name": "Hana Sato", "email": "hana@hana.test", "category": str(town.categories[0].pk)}
    words, nomination = recommendation_typed(town), nomination_typed(town)
    drafts = Draft.objects.filter(author=town.people["bob"])
    return {
        "referrals:recommend": words,
        "referrals:keep_draft": words,
        "referrals:sign": {"seen": drafts.get(expert=town.expert("erin")).fingerprint},
        "referrals:nominate": nomination,
        "referrals:ask": {**need, **hana},
        "referrals:introduce": {**need, **notes, **hana, "expert": "alice"},
        "referrals:keep_nomination": nomination,
        "referrals:sign_nomination": {"seen": drafts.get(expert=None).fingerprint},
        **{f"referrals:{name}": {"wording": letter.wording} for name in ("accept", "hide", "show")},
        "referrals:answer": {f"letter-{letter.pk}-answer": "Thank you, Kim."},
    }
