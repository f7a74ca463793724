"""The tour: every page of the book with the states it has, by people for whom it looks different."""

from __future__ import annotations

from typing import NamedTuple

# Whoever presses a button here has emptied the form before: the page comes back with its errors.
# Pages without a form to refuse are only opened.


class Stop(NamedTuple):
    who: str  # of the town; "" is a visitor
    name: str
    thing: str = ""  # what of the town the address is about
    query: str = ""
    press: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.who or "visitor", self.name, self.thing, self.query[:20], self.press)))


def tour(who: str, names: str, thing: str = "") -> list[Stop]:
    """Some pages as they are at first."""
    prefix, _, rest = names.partition(": ")
    return [Stop(who, f"{prefix}:{name}" if rest else name, thing) for name in (rest or names).split()]


LONG = "q=" + "a+very+long+question+" * 12
VISITOR = [
    *tour("", "directory: home contents search chosen promise help privacy accessibility"),
    Stop("", "directory:contents", query="q=podcast"),
    Stop("", "directory:contents", query="q=zzzz"),
    Stop("", "directory:category", "podcasting"),
    Stop("", "directory:category", "podcasting", "language=de&price=low"),
    Stop("", "directory:category", "podcasting", "after=nonsense"),
    Stop("", "directory:category", "podcasting", "order=name&taking=now"),
    Stop("", "directory:search", query="q=podcasting"),
    Stop("", "directory:search", query="q=podcastnig"),
    Stop("", "directory:search", query="q=zzzzzz"),
    Stop("", "directory:search", query=LONG),
    Stop("", "directory:expert", "alice"),
    Stop("", "directory:letters", "alice"),
    Stop("", "directory:expert", "rex"),
    Stop("", "directory:expert", "rita"),
    Stop("", "directory:expert", "dora"),
    Stop("", "directory:guide", "guide of alice"),
    Stop("", "directory:guide", "guide of rex"),
    Stop("", "directory:search", query="q=problem"),
    Stop("", "directory:search", query="q=problem&in=guides"),
    Stop("", "accounts:join", "open invitation"),
    Stop("", "accounts:join", "open invitation", press="E-mail me a code"),
    Stop("", "accounts:join", "no invitation"),
    *tour("", "accounts: not_invited look"),
    Stop("", "referrals:ask", "alice"),
    Stop("", "referrals:ask", "alice", press="E-mail me a code"),
    Stop("", "referrals:ask", "rex"),
    Stop("", "accounts:take_me_off", "off"),
    Stop("", "referrals:nomination", "question to vera"),
    Stop("", "referrals:introduction_letter", "letter to pia about alice"),
    Stop("", "referrals:introduction_letter", "letter to alice about gwen"),
    Stop("", "referrals:introduction_letter", "letter to kim about alice"),
    Stop("", "referrals:nomination", "question to alice"),
    *tour("", "referrals: how_the_bank_works"),
    Stop("", "referrals:book", "bob"),
    Stop("", "referrals:book", "kim"),
    *tour("", "account_login account_signup account_reset_password account_request_login_code account_inactive"),
    *tour("", "account_reset_password_done account_reset_password_from_key_done"),
    Stop("", "account_reset_password_from_key", "reset key"),
    Stop("", "account_login", press="Sign in"),
    Stop("", "account_request_login_code", press="E-mail me a code"),
    Stop("", "account_reset_password", press="E-mail me a link"),
]  # fmt: skip
GUEST = [
    *tour("gwen", "directory: home listing desk"),
    Stop("gwen", "directory:expert", "alice"),
    Stop("gwen", "referrals:who"),
    Stop("gwen", "referrals:ask", "alice"),
    Stop("gwen", "referrals:ask", "erin"),
    Stop("gwen", "referrals:introduce"),
    Stop("gwen", "referrals:introductions"),
    Stop("gwen", "referrals:introduction", "introduction of gwen and alice"),
    *(Stop(key, "referrals:introduction", f"introduction of {key} and alice") for key in ("tess", "uma", "wim", "pia")),
    Stop("gwen", "referrals:introduction_letter", "letter to pia about alice"),
    Stop("gwen", "referrals:bank"),
    Stop("gwen", "referrals:nomination", "question to vera"),
    Stop("gwen", "accounts:join", "open invitation"),
    Stop("gwen", "accounts:join", "named invitation"),
    *tour("gwen", "accounts: settings notifications"),
    Stop("gwen", "accounts:settings", press="Save"),
    *tour("gwen", "account_email account_change_password account_reauthenticate account_logout"),
    Stop("gwen", "account_change_password", press="Change the password"),
    *tour("gwen", "mfa_index mfa_list_webauthn"),
]  # fmt: skip
MEMBER = [
    *tour("charlie", "directory: home listing desk"),
    *tour("charlie", "referrals: who given received nominate"),
    Stop("charlie", "referrals:book", "charlie"),
    *tour("charlie", "accounts: notifications invitations"),
    Stop("charlie", "accounts:invitations", press="Write the invitation"),
    Stop("charlie", "accounts:join", "open invitation"),
    Stop("charlie", "referrals:recommend", "erin"),
    Stop("charlie", "referrals:recommend", "erin", press="Read it before you sign"),
    Stop("charlie", "referrals:nominate", press="Read it before you sign"),
    Stop("charlie", "referrals:ask", "erin"),
    Stop("charlie", "referrals:ask", "erin", press="Send it"),
    *tour("charlie", "referrals: introductions introduce"),
    Stop("charlie", "referrals:introductions", query="role=introduced"),
    Stop("charlie", "referrals:introduce", query="q=erin"),
    Stop("charlie", "referrals:introduce", query="q=zzzz"),
    Stop("charlie", "referrals:introduce", query="expert=erin"),
    Stop("charlie", "referrals:introduce", query="expert=erin", press="Ask both of them"),
    Stop("bob", "referrals:introductions"),
    *(Stop("bob", "referrals:introduction", f"introduction of {key} and alice") for key in ("kim", "pia")),
    *(Stop(key, "referrals:introduction", f"introduction of {key} and alice") for key in ("kim", "frank", "ivan")),
    Stop("kim", "referrals:introduction", "introduction of kim and alice", press="Send"),
    *tour("bob", "directory: home"),
    *tour("bob", "referrals: who given received nominate nomination_proof"),
    Stop("bob", "referrals:book", "bob"),
    *tour("bob", "accounts: notifications invitations settings"),
    Stop("bob", "referrals:who", query="q=erin"),
    Stop("bob", "referrals:who", query="q=somebody@example.test"),
    Stop("bob", "referrals:who", query="q=zzzz"),
    Stop("bob", "referrals:recommend", "erin"),
    Stop("bob", "referrals:recommend", "alice"),
    Stop("bob", "referrals:recommend", "rex"),
    Stop("bob", "referrals:proof", "erin"),
    Stop("bob", "referrals:signed", "bob on alice"),
    Stop("bob", "directory:category", "podcasting"),
    Stop("bob", "directory:expert", "alice"),
    *tour("charlie", "referrals: bank"),
    *tour("bob", "referrals: bank"),
    Stop("bob", "referrals:bank", query="kind=introduction"),
    Stop("bob", "referrals:bank", query="kind=pushy"),
    Stop("bob", "referrals:ask_correction", "line of bob"),
    Stop("bob", "referrals:ask_correction", "line of bob", press="Ask a curator to look at it"),
    *tour("kim", "referrals: given"),
    Stop("kim", "referrals:book", "kim"),
    Stop("ivan", "referrals:signed", "ivan on alice"),
    Stop("harry", "referrals:signed", "harry on alice"),
]  # fmt: skip
EXPERT = [
    *tour("alice", "directory: home listing edit_listing"),
    Stop("alice", "directory:edit_listing", press="Save"),
    Stop("alice", "directory:expert", "alice"),
    Stop("alice", "directory:letters", "alice"),
    Stop("alice", "referrals:recommend", "alice"),
    Stop("alice", "referrals:ask", "alice"),
    Stop("alice", "referrals:introduce", query="expert=alice"),
    Stop("alice", "referrals:introductions"),
    *(Stop("alice", "referrals:introduction", f"introduction of {key} and alice") for key in ("gwen", "kim", "lou")),
    Stop("alice", "referrals:introduction", "refused introduction"),
    Stop("alice", "referrals:introduction", "introduction of gwen and alice", press="Name somebody"),
    Stop("alice", "referrals:introduction", "introduction of kim and alice", press="Send"),
    Stop("alice", "referrals:introduction", "introduction of kim and alice", press="Note it"),
    Stop("alice", "referrals:introductions", query="role=received"),
    Stop("alice", "referrals:bank"),
    Stop("alice", "referrals:ask_correction", "other line of bob"),
    Stop("alice", "referrals:received"),
    Stop("alice", "referrals:received", press="Print this answer"),
    *tour("alice", "directory: guides write_guide"),
    Stop("alice", "directory:guide", "submitted guide of alice"),
    Stop("alice", "directory:write_guide", press="Save"),
    Stop("alice", "directory:edit_guide", "row of the sent back guide of alice"),
    *tour("erin", "directory: listing guides"),
    *tour("rex", "directory: guides"),
    *(Stop(key, "directory:listing") for key in ("dora", "sam", "rex", "sue", "rita")),
    Stop("sam", "directory:expert", "sam"),
]  # fmt: skip
CURATOR = [
    *tour("dana", "directory: home desk desk_changes desk_picks"),
    *tour("dana", "referrals: desk_recommendations desk_nominations"),
    Stop("dana", "directory:desk_submission", "sam"),
    *(Stop("dana", "directory:desk_submission", "sam", press=act) for act in ("Put in print", "Send back", "Decline")),
    Stop("dana", "directory:desk_change", "alice"),
    Stop("dana", "directory:desk_change", "alice", press="Send back"),
    Stop("dana", "directory:desk_expert", "alice"),
    *(Stop("dana", "directory:desk_expert", "alice", press=words) for words in ("Pick", "Suspend", "End the pick")),
    Stop("dana", "directory:desk_expert", "sue"),
    Stop("dana", "directory:desk_expert", "sue", press="Put back in print"),
    Stop("dana", "directory:desk_expert", "nora"),
    *tour("dana", "directory: desk_guides"),
    Stop("dana", "directory:desk_guide", "row of the submitted guide of alice"),
    *(Stop("dana", "directory:desk_guide", "row of the submitted guide of alice", press=words)
      for words in ("Put in print", "Send back")),
    Stop("dana", "directory:desk_guide", "row of the guide of alice", press="Take out of print"),
    Stop("dana", "referrals:bank_of", "bob"),
    Stop("dana", "directory:expert", "alice"),
    Stop("dana", "directory:expert", "dora"),
    Stop("dana", "referrals:desk_recommendation", "ivan on alice"),
    Stop("dana", "referrals:desk_recommendation", "ivan on alice", press="Send back"),
    Stop("dana", "referrals:desk_recommendation", "bob on alice"),
    *(Stop("dana", "referrals:desk_nominations", press=words) for words in ("Send the letter", "Decline")),
    *tour("dana", "referrals: desk_reports desk_corrections desk_credit_lines"),
    Stop("dana", "referrals:desk_report", "report of kim"),
    *(Stop("dana", "referrals:desk_report", "report of kim", press=words) for words in ("Uphold", "Dismiss")),
    Stop("dana", "referrals:desk_report", "decided report"),
    Stop("dana", "referrals:desk_correction", "correction of alice"),
    *(Stop("dana", "referrals:desk_correction", "correction of alice", press=words)
      for words in ("Let it stand", "Reverse", "Reverse and post anew")),
    Stop("dana", "referrals:desk_correction", "decided correction"),
    Stop("dana", "referrals:desk_credit_lines", query="q=kim"),
    Stop("dana", "referrals:desk_credit_lines", query="q=zzzz"),
    Stop("dana", "referrals:desk_credit_line", "credit line of kim"),
    Stop("dana", "referrals:desk_credit_line", "credit line of kim", press="Set the line"),
    *tour("dana", "directory: desk_categories"),
    Stop("dana", "directory:desk_category", "podcasting"),
    Stop("dana", "directory:desk_category", "podcasting", press="Add the question"),
]  # fmt: skip
ALL = VISITOR + GUEST + MEMBER + EXPERT + CURATOR

# What only comes after something else was done: see test_axe_door.py.
AFTER = {"account_confirm_login_code", "account_email_verification_sent", "account_set_password"}
AFTER |= {
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
}
AFTER |= {"mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"}
AFTER |= {"mfa_generate_recovery_codes", "mfa_view_recovery_codes"}
