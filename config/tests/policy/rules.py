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
    *(row for name in ("categories", "experts", "pages")
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
    *rows("referrals: desk_recommendations desk_nominations", "", PAGE, CURATORS),
    *rows("referrals: desk_recommendation", "ivan on alice", PAGE, CURATORS, "ivan"),
    *rows("referrals: let_recommendation_go_on send_recommendation_back", "ivan on alice", ACT, CURATORS, "ivan"),
    *rows("referrals: send_nomination_letters decline_nominations", "", ACT, CURATORS),
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
    f"directory:{name}" for name in ("category", "search", "suggest", "contents", "letters", "sitemap_section", "desk")
}
READERS |= {
    f"referrals:{name}" for name in ("who", "nominate", "recommend", "desk_recommendations", "desk_nominations")
}
READERS |= {"accounts:notifications", "accounts:look", "account_login"}
ALL_NAMES = {row.name for row in POLICY}
