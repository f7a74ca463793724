"""Who is answered how, for every address of the book: the one list of what needs no sign-in and of who may see and do
the rest. An address without a row here fails the tests, and so does a row without an address."""

from __future__ import annotations

from typing import NamedTuple

IN, SIGN_IN = "in", "sign in"  # let in, whatever the page then says; sent to the door
Answer = str | int  # one of these, or the status of the refusal

PAGE, FORM, ACT = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

# The roles, and who of the town plays them. "owner" is whoever the row names.
ROLES = {
    "visitor": "nobody",
    "inactive": "ina",  # the account was closed, the session is still there
    "guest": "gwen",
    "member": "charlie",  # party to nothing
    "expert": "erin",
    "suspended": "sue",  # an expert whose listing was taken out of print
    "curator": "dana",
    "chief": "olga",
}


class Row(NamedTuple):
    name: str
    thing: str  # what of the town the address is about
    methods: tuple[str, ...]
    answers: dict[str, Answer]
    owner: str = ""

    def players(self) -> dict[str, str]:
        return ROLES | ({"owner": self.owner} if self.owner else {})

    def actor(self) -> str:
        """Somebody who is let in, its owner if need be; "" where nobody is."""
        able = (role for role in ("owner", "visitor", "member", "guest", "curator") if self.answers[role] == IN)
        return next((self.players()[role] for role in able if role in self.players()), "")


def answers(visitor: Answer, guest: Answer, member: Answer, curator: Answer, **others: Answer) -> dict[str, Answer]:
    rights = {"visitor": visitor, "inactive": visitor, "guest": guest, "curator": curator, "chief": curator}
    return rights | {"member": member, "expert": member, "suspended": member, "owner": member} | others


EVERYBODY = answers(IN, IN, IN, IN)
SIGNED_IN = answers(SIGN_IN, IN, IN, IN)
MEMBERS = answers(SIGN_IN, 403, IN, IN)
CURATORS = answers(SIGN_IN, 403, 403, IN)
OWNER = answers(SIGN_IN, 403, 404, 404, owner=IN)  # somebody else's, and for curators too, is not there
NOBODY = answers(404, 404, 404, 404)
HAS_LISTING = answers(SIGN_IN, 403, 404, 404, expert=IN, suspended=IN, owner=IN)
IN_PROOF = answers(404, 404, 404, IN, owner=IN)
OUT_OF_PRINT = answers(410, 410, 410, IN, owner=IN)
GONE = answers(410, 410, 410, 410)
NOT_ONESELF = MEMBERS | {"owner": 403}  # the page that says so
PARTY = answers(SIGN_IN, 404, 404, 404, owner=IN)  # those whom an introduction is about, curators or not
PARTY_GWEN = PARTY | {"guest": IN}  # who is one of the two
NOT_MY_OWN = MEMBERS | {"owner": 404}
UNKNOWN_EXPERT = answers(SIGN_IN, 403, 404, 404, owner=403)


def rows(names: str, thing: str, methods: tuple[str, ...], rights: dict[str, Answer], owner: str = "") -> list[Row]:
    prefix, _, rest = names.partition(": ")
    return [
        Row(f"{prefix}:{name}" if rest else name, thing, methods, rights, owner) for name in (rest or names).split()
    ]


BOOK = [
    *rows("config: live ready", "", PAGE, EVERYBODY),
    *rows("directory: home contents search suggest", "", PAGE, EVERYBODY),
    *rows("directory: chosen promise help privacy accessibility robots sitemap", "", PAGE, EVERYBODY),
    *(row for name in ("categories", "experts", "guides", "pages")
      for row in rows("directory: sitemap_section", f"section {name}", PAGE, EVERYBODY)),
    *rows("directory: category", "podcasting", PAGE, EVERYBODY),
    *rows("directory: category", "former category", PAGE, EVERYBODY),
    *rows("directory: category", "retired", PAGE, EVERYBODY),
    *rows("directory: portrait", "portrait", PAGE, EVERYBODY),
    # An expert's page, by the state of the listing.
    *rows("directory: expert letters", "alice", PAGE, EVERYBODY, "alice"),
    *rows("directory: expert letters", "gone handle", PAGE, EVERYBODY),
    *(row for key in ("nora", "vera", "dora", "sam")
      for row in rows("directory: expert letters", key, PAGE, IN_PROOF, key)),
    *rows("directory: expert letters", "dee", PAGE, NOBODY, "dee"),
    *rows("directory: expert letters", "rex", PAGE, OUT_OF_PRINT, "rex"),
    *rows("directory: expert letters", "sue", PAGE, OUT_OF_PRINT | {"suspended": IN}, "sue"),
    *rows("directory: expert letters", "rita", PAGE, GONE, "rita"),
    # Guides.
    *rows("directory: guide", "guide of alice", PAGE, EVERYBODY, "alice"),
    *rows("directory: guide", "former guide", PAGE, EVERYBODY, "alice"),
    *rows("directory: guide", "submitted guide of alice", PAGE, IN_PROOF, "alice"),
    *(row for key in ("draft of alice", "sent back guide of alice")
      for row in rows("directory: guide", key, PAGE, NOBODY | {"owner": IN}, "alice")),
    *(row for key, owner in (("withdrawn guide of alice", "alice"), ("guide of rex", "rex"))
      for row in rows("directory: guide", key, PAGE, OUT_OF_PRINT, owner)),
    *rows("directory: guides", "", PAGE, HAS_LISTING, "alice"),
    *rows("directory: write_guide", "", FORM, HAS_LISTING, "alice"),
    *rows("directory: edit_guide", "row of the draft of alice", FORM, OWNER, "alice"),
    *rows("directory: submit_guide withdraw_guide", "row of the draft of alice", ACT, OWNER, "alice"),
    *rows("directory: take_back_guide", "row of the submitted guide of alice", ACT, OWNER, "alice"),
    # One's own listing.
    *rows("directory: listing", "", PAGE, MEMBERS, "alice"),
    *rows("directory: edit_listing", "", FORM, MEMBERS, "alice"),
    *rows("directory: submit_listing take_back_listing confirm_listing", "", ACT, HAS_LISTING, "alice"),
    *rows("directory: rest_listing come_back_listing retire_listing", "", ACT, HAS_LISTING, "alice"),
    # The desk.
    *rows("directory: desk desk_changes desk_picks", "", PAGE, CURATORS),
    *rows("directory: desk_submission", "sam", PAGE, CURATORS, "sam"),
    *rows("directory: print_submission send_submission_back decline_submission", "sam", ACT, CURATORS, "sam"),
    *rows("directory: desk_change", "alice", PAGE, CURATORS, "alice"),
    *rows("directory: print_changes send_changes_back", "alice", ACT, CURATORS, "alice"),
    *rows("directory: desk_expert", "alice", PAGE, CURATORS, "alice"),
    *rows("directory: pick suspend", "alice", ACT, CURATORS, "alice"),
    *rows("directory: end_pick", "pick of alice", ACT, CURATORS, "alice"),
    *rows("directory: reinstate", "sue", ACT, CURATORS, "sue"),
    *rows("directory: desk_guides", "", PAGE, CURATORS),
    *(row for key in ("submitted guide of alice", "guide of alice", "sent back guide of alice")
      for row in rows("directory: desk_guide", f"row of the {key}", PAGE, CURATORS, "alice")),
    *rows("directory: desk_guide", "row of the draft of alice", PAGE, answers(SIGN_IN, 403, 403, 404), "alice"),
    *rows("directory: print_guide send_guide_back", "row of the submitted guide of alice", ACT, CURATORS, "alice"),
    *rows("directory: take_guide_out", "row of the guide of alice", ACT, CURATORS, "alice"),
    *rows("referrals: desk_recommendations desk_nominations", "", PAGE, CURATORS),
    *rows("referrals: desk_recommendation", "ivan on alice", PAGE, CURATORS, "ivan"),
    *rows("referrals: let_recommendation_go_on send_recommendation_back", "ivan on alice", ACT, CURATORS, "ivan"),
    *rows("referrals: send_nomination_letters decline_nominations", "", ACT, CURATORS),
    *rows("referrals: desk_reports desk_corrections desk_credit_lines", "", PAGE, CURATORS),
    *rows("referrals: desk_report", "report of kim", PAGE, CURATORS, "kim"),
    *rows("referrals: desk_report", "decided report", PAGE, CURATORS, "alice"),
    *rows("referrals: uphold_report dismiss_report", "report of kim", ACT, CURATORS, "alice"),
    *rows("referrals: desk_correction", "correction of alice", PAGE, CURATORS, "alice"),
    *rows("referrals: desk_correction", "decided correction", PAGE, CURATORS, "bob"),
    *rows("referrals: let_line_stand reverse_line post_line_anew", "correction of alice", ACT, CURATORS, "alice"),
    *rows("referrals: desk_credit_line", "credit line of kim", PAGE, CURATORS, "kim"),
    *rows("referrals: set_credit_line", "credit line of kim", ACT, CURATORS, "kim"),
    *rows("directory: desk_categories", "", PAGE, CURATORS),
    *rows("directory: desk_category", "podcasting", PAGE, CURATORS),
    *rows("directory: desk_category", "retired", PAGE, CURATORS | dict.fromkeys(("curator", "chief"), 404)),
    *rows("directory: add_question", "podcasting", ACT, CURATORS),
    *rows("directory: retire_question move_question_up move_question_down", "question of podcasting", ACT, CURATORS),
    # People.
    *rows("accounts: not_invited", "", PAGE, EVERYBODY),
    *rows("accounts: join", "open invitation", FORM, EVERYBODY),
    *rows("accounts: accept ask_for_another", "open invitation", ACT, EVERYBODY, "gwen"),
    *rows("accounts: invitations", "", FORM, MEMBERS, "bob"),
    *rows("accounts: withdraw_invitation", "row of the open invitation", ACT, OWNER, "bob"),
    *rows("accounts: settings", "", FORM, SIGNED_IN, "bob"),
    *rows("accounts: look", "", FORM, EVERYBODY),
    *rows("accounts: notifications", "", PAGE, SIGNED_IN, "bob"),
    *rows("accounts: take_me_off", "off", FORM, EVERYBODY),
    *rows("accounts: put_me_back", "off", ACT, EVERYBODY),
    # Writing about others.
    *rows("referrals: who nomination_proof", "", PAGE, MEMBERS, "bob"),
    *rows("referrals: nominate", "", FORM, MEMBERS, "bob"),
    *rows("referrals: keep_nomination forget_nomination sign_nomination", "", ACT, MEMBERS, "bob"),
    *rows("referrals: recommend", "erin", FORM, MEMBERS | {"expert": 403}, "bob"),
    *rows("referrals: recommend", "alice", FORM, NOT_ONESELF, "alice"),
    *rows("referrals: recommend", "dora", FORM, UNKNOWN_EXPERT, "dora"),
    *rows("referrals: recommend", "dee", FORM, answers(SIGN_IN, 403, 404, 404), "charlie"),
    *rows("referrals: proof", "erin", PAGE, MEMBERS | {"expert": 404}, "bob"),
    *rows("referrals: keep_draft forget_draft sign", "erin", ACT, MEMBERS | {"expert": 404}, "bob"),
    *rows("referrals: proof", "alice", PAGE, NOT_MY_OWN, "alice"),
    *rows("referrals: keep_draft forget_draft sign", "alice", ACT, NOT_MY_OWN, "alice"),
    *rows("referrals: proof", "dora", PAGE, answers(SIGN_IN, 403, 404, 404), "dora"),
    *rows("referrals: keep_draft forget_draft sign", "dora", ACT, answers(SIGN_IN, 403, 404, 404), "dora"),
    *rows("referrals: given", "", PAGE, MEMBERS, "bob"),
    *rows("referrals: signed", "bob on alice", PAGE, OWNER, "bob"),
    *rows("referrals: withdraw still_true leave_out put_in", "bob on alice", ACT, OWNER, "bob"),
    # What others wrote about one. Unread words are not there for their subject either.
    *rows("referrals: received", "", PAGE, MEMBERS, "alice"),
    *rows("referrals: accept hide show answer", "kim on alice", ACT, OWNER, "alice"),
    *rows("referrals: accept hide show answer", "ivan on alice", ACT, OWNER | {"owner": 404}, "alice"),
    # The question to somebody put forward: the token is the key.
    *rows("referrals: nomination", "question to vera", PAGE, EVERYBODY, "vera"),
    *rows("referrals: accept_nomination decline_nomination", "question to vera", ACT, EVERYBODY, "vera"),
    # The bank. A statement is its owner's, and curators'.
    *rows("referrals: how_the_bank_works", "", PAGE, EVERYBODY),
    *rows("referrals: bank bank_csv", "", PAGE, MEMBERS, "bob"),
    *rows("referrals: bank_of", "bob", PAGE, answers(SIGN_IN, 403, 404, IN, owner=IN), "bob"),
    *rows("referrals: ask_correction", "line of bob", FORM, OWNER, "bob"),
    # Beginning an introduction.
    *rows("referrals: ask", "alice", FORM, EVERYBODY | {"owner": 403}, "alice"),
    *rows("referrals: ask", "erin", FORM, EVERYBODY | {"expert": 403}, "bob"),
    *rows("referrals: ask", "gone handle", FORM, EVERYBODY),
    *rows("referrals: ask", "rex", FORM, GONE | {"owner": 403}, "rex"),
    *rows("referrals: ask", "dora", FORM, NOBODY | {"owner": 403}, "dora"),
    *rows("referrals: ask", "dee", FORM, NOBODY | {"owner": 403}, "dee"),
    *rows("referrals: introductions", "", PAGE, SIGNED_IN, "alice"),
    *rows("referrals: introduce", "", FORM, MEMBERS, "bob"),
    # One introduction: by whoever is in it, or by the key in a letter. The key opens what its letter asks, and no more.
    *(row for key in ("kim", "alice", "bob")
      for row in rows("referrals: introduction", "introduction of kim and alice", PAGE, PARTY, key)),
    *rows("referrals: introduction", "introduction of gwen and alice", PAGE, PARTY_GWEN, "alice"),
    *rows("referrals: introduction", "introduction of pia and alice", PAGE, PARTY, "bob"),
    *rows("referrals: introduction", "refused introduction", PAGE, PARTY, "alice"),
    *rows("referrals: introduction_notes", "introduction of kim and alice", PAGE, PARTY, "kim"),
    *rows("referrals: introduction_letter", "letter to pia about alice", PAGE, EVERYBODY, "pia"),
    *rows("referrals: introduction_letter", "letter to alice about kim", PAGE, EVERYBODY, "alice"),
    *rows("referrals: yes_introduction not_now_introduction no_introduction withdraw_introduction",
          "letter to pia about alice", ACT, EVERYBODY, "pia"),
    *rows("referrals: enough_introduction still_introduction", "letter to ivan about alice", ACT, EVERYBODY, "ivan"),
    *rows("referrals: better_introduction", "letter to tess about alice", ACT, EVERYBODY, "tess"),
    *rows("referrals: outcome_introduction thank_introduction", "letter to kim about alice", ACT, EVERYBODY, "kim"),
    *rows("referrals: yes_introduction not_now_introduction no_introduction withdraw_introduction",
          "introduction of gwen and alice", ACT, PARTY_GWEN, "alice"),
    *rows("referrals: offer_guide_introduction offer_expert_introduction", "introduction of gwen and alice", ACT, PARTY,
          "alice"),
    *rows("referrals: enough_introduction still_introduction", "introduction of ivan and alice", ACT, PARTY, "ivan"),
    *rows("referrals: better_introduction", "introduction of tess and alice", ACT, PARTY, "tess"),
    *rows("referrals: write_introduction confirm_introduction note_introduction", "introduction of kim and alice", ACT,
          PARTY, "kim"),
    *rows("referrals: outcome_introduction thank_introduction", "introduction of kim and alice", ACT, PARTY, "kim"),
    *rows("referrals: contact_introduction", "introduction of kim and alice", ACT, PARTY, "alice"),
    *rows("referrals: write_introduction outcome_introduction", "introduction of kim and alice", ACT,
          PARTY | {"owner": 404}, "bob"),
    *rows("referrals: report_introduction", "message of alice to kim", ACT, PARTY, "kim"),
    *rows("referrals: reopen_introduction", "refused introduction", ACT, PARTY, "zoe"),
    *rows("referrals: reopen_introduction", "refused introduction", ACT, PARTY | {"owner": 404}, "alice"),
    # Books.
    *rows("referrals: my_book", "", PAGE, MEMBERS, "bob"),
    *rows("referrals: book", "bob", PAGE, EVERYBODY, "bob"),
    *rows("referrals: book", "gone handle", PAGE, EVERYBODY),
    *rows("referrals: book", "frank", PAGE, NOBODY | {"owner": IN}, "frank"),
    *rows("referrals: book", "ina", PAGE, NOBODY),
    *rows("referrals: book", "vera", PAGE, NOBODY, "vera"),
    *rows("referrals: set_visibility read_through", "", ACT, MEMBERS, "bob"),
]  # fmt: skip

# django-allauth's own pages, all below /sign-in/.
DOOR = [
    *rows("account_login account_signup account_logout", "", FORM, EVERYBODY),
    *rows("account_reset_password account_request_login_code account_confirm_login_code", "", FORM, EVERYBODY),
    *rows("account_reset_password_from_key", "reset key", FORM, EVERYBODY),
    *rows("account_inactive account_reset_password_done account_reset_password_from_key_done", "", PAGE, EVERYBODY),
    *rows("account_email_verification_sent", "", FORM, EVERYBODY),
    *rows("mfa_authenticate", "", FORM, EVERYBODY),
    *rows("mfa_login_webauthn", "", FORM, EVERYBODY),
    *rows("account_reauthenticate account_email account_change_password account_set_password", "", FORM, SIGNED_IN),
    *rows("mfa_index mfa_list_webauthn", "", PAGE, SIGNED_IN),
    # Nobody in the town has a second factor.
    *rows("mfa_view_recovery_codes", "", PAGE, answers(SIGN_IN, 404, 404, 404)),
    *rows("mfa_download_recovery_codes mfa_deactivate_totp", "", FORM, answers(SIGN_IN, 404, 404, 404)),
    *rows("mfa_reauthenticate mfa_activate_totp", "", FORM, SIGNED_IN),
    *rows("mfa_generate_recovery_codes mfa_add_webauthn mfa_reauthenticate_webauthn", "", FORM, SIGNED_IN),
    *rows("mfa_remove_webauthn mfa_edit_webauthn", "key", FORM, SIGNED_IN),
]

POLICY = BOOK + DOOR
# Everything of django.contrib.admin is for curators; what each may change there is a test of its own.
ADMIN_PREFIX = "admin:"
# Forms without a token of ours: mail programs post there by themselves (RFC 8058); the signed address is the proof.
WITHOUT_TOKEN = {"accounts:take_me_off", "accounts:put_me_back"}
# Pages that are known to read what stands behind the question mark get all of it, the others the sharpest.
READERS = {
    f"directory:{name}"
    for name in ("category", "search", "suggest", "contents", "letters", "sitemap_section", "desk", "desk_guides")
}
READERS |= {
    f"referrals:{name}" for name in ("who", "nominate", "recommend", "desk_recommendations", "desk_nominations")
}
READERS |= {f"referrals:{name}" for name in ("ask", "introduce", "introductions", "introduction")}
READERS |= {f"referrals:desk_{name}" for name in ("reports", "corrections", "credit_lines")}
READERS |= {"referrals:bank", "accounts:notifications", "accounts:look", "account_login"}
ALL_NAMES = {row.name for row in POLICY}
