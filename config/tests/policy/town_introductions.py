"""The town's introductions: one in each stage and by each route, what was said in them, and what the bank made of them.

All are with Alice but the last; Charlie, Dana and Olga are party to none, Erin to "harry and erin" alone. Gwen, who
looks round as the guest, is in "gwen and alice" only: its words are not hidden, because they are hers. `town.things`:

    introduction of gwen and alice      asked, direct; Alice has not answered
    introduction of frank and alice     asked by Bob's recommendation; silent for ten days
    introduction of pia and alice       by Bob, a member; neither has answered (Pia has no account yet)
    introduction of ivan and alice      offered a guide
    introduction of tess and alice      offered Erin, who is better for it
    introduction of uma and alice       paused by Uma ("not now")
    introduction of kim and alice       introduced by Bob's recommendation: messages, a contact elsewhere, notes,
                                        outcomes, thanks, two deposits
    introduction of lou and alice       done
    introduction of harry and alice     passed on, and "harry and erin" came of it (Alice is the giver)
    introduction of wim and alice       declined by Alice
    introduction of yara and alice      introduced by Bob, a member, and withdrawn by Yara
    refused introduction                Zoe's no to Alice; by Bob, a member
    letter to PROSPECT about alice      {"token"}, for each of these; `letter to alice about PROSPECT` likewise
    message of alice, message of kim    {"pk"}: Alice's first reply to Kim, and what Kim wrote
    message of alice to kim             {"pk", "touch"}: the first of them, as part of the introduction
    reported message of alice           {"pk"}: her second
    report of kim                       waits at the desk; "decided report" (Lou's) was dismissed, one of Kim's upheld
    line of bob, other line of bob      {"pk"} of entries: Kim's acceptance, and Alice's thanks, which is disputed
    correction of alice                 waits; "decided correction" was of the line of Yara's introduction
    credit line of kim                  {"handle"}: set by Dana
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import PASSWORD, make_guest
from directory.models import Expert, Paper
from referrals.letters import introductions as letters
from referrals.models import (
    Account,
    Correction,
    Entry,
    Introduction,
    Outcome,
    PrivateNote,
    Recommendation,
    Refusal,
    Report,
    Thanks,
    Touch,
)

from .town import CANARY, HIDDEN, MARK, Town

GUESTS = ("pia", "tess", "uma", "wim", "yara", "zoe")


def introductions(town: Town) -> None:
    """The whole of it, after everything else of the town."""
    for key in GUESTS:
        town.person(key, make_guest(name=f"{key.title()}{MARK} {CANARY}", email=f"{key}@{key}.test", password=PASSWORD))
    unanswered(town)
    offers(town)
    ends(town)
    met = introduced(town)
    said(town, met)
    reports(town, met)
    at_the_bank(town, met)


# How they begin.


def brief(words: str) -> dict[str, object]:
    """Everything that a prospect can write."""
    return {
        "need": f"Nobody listens to my show. {words}",
        "tried": f"Posting more. {words}",
        "success": f"A hundred listeners. {words}",
        "timing": "month",
        "answers": [{"question": f"How often does it come out? {words}", "answer": f"Weekly. {words}"}],
    }


def ask(town: Town, key: str, *, by: str = "", words: str = HIDDEN) -> Introduction:
    """A prospect asks Alice; `by` is whose recommendation brought them."""
    alice = town.expert("alice")
    brought = Recommendation.objects.get(author=town.people[by], expert=alice) if by else None
    asked = Introduction.objects.ask(
        prospect=town.people[key],
        expert=alice,
        recommendation=brought,
        category=town.categories[0],
        **brief(words),
    )
    return named(town, asked, key)


def introduce(town: Town, key: str) -> Introduction:
    """Bob brings them to Alice."""
    made = Introduction.objects.introduce(
        introducer=town.people["bob"],
        expert=town.expert("alice"),
        name=town.people[key].name,
        email=town.people[key].email,
        category=town.categories[0],
        need=f"My show has no end. {HIDDEN}",
        note_to_expert=f"She means it. {HIDDEN}",
        note_to_prospect=f"She helped me. {HIDDEN}",
    )
    return named(town, made, key)


def named(town: Town, introduction: Introduction, key: str, expert: str = "alice") -> Introduction:
    """Under a name of its own, with the keys in the letters to both."""
    town.things[f"introduction of {key} and {expert}"] = {"pk": introduction.pk}
    for to, about in ((key, expert), (expert, key)):
        token = letters.token(introduction, town.people[to])
        town.things[f"letter to {to} about {about}"] = {"token": token}
    return introduction


def unanswered(town: Town) -> None:
    ask(town, "gwen", words=MARK)
    silent = ask(town, "frank", by="bob")
    Introduction.objects.filter(pk=silent.pk).update(asked_at=timezone.now() - dt.timedelta(days=11))
    silent.note_silence()
    introduce(town, "pia")


# What becomes of them.


def offers(town: Town) -> None:
    """Something free, somebody better; and Harry agreed to meet her."""
    ask(town, "ivan").offer_guide(a_guide(town.expert("alice"), by=town.people["dana"]), words=f"Read this. {HIDDEN}")
    for key in ("tess", "harry"):
        offered = ask(town, key)
        offered.offer_better(town.expert("erin"), words=f"She is better for it. {HIDDEN}")
    named(town, offered.meet_better(), "harry", "erin")


def a_guide(author: Expert, *, by: User) -> Paper:
    """One of hers in print, made if there is none."""
    if paper := author.papers.in_print().first():
        return paper
    categories = [author.categories[0].pk]
    words = {"title": f"Nobody listens {MARK}", "summary": "", "body": f"Cut it. {MARK}", "link": ""}
    paper = Paper.objects.write(author=author, words={**words, "categories": categories})
    paper.submit()
    paper.print(by=by)
    return paper


def ends(town: Town) -> None:
    alice = town.people["alice"]
    later = timezone.localdate() + dt.timedelta(days=60)
    uma = ask(town, "uma")
    Refusal.objects.refuse(prospect=uma.prospect, expert=uma.expert, kind="not-now", until=later)
    ask(town, "wim").expert_says_no()
    lou = ask(town, "lou")
    lou.say_yes(by=alice)
    Outcome.objects.report(introduction=lou, by=lou.prospect, kind="not-needed")
    for key in ("yara", "zoe"):
        made = introduce(town, key)
        made.say_yes(by=made.prospect)
        made.say_yes(by=alice)
        if key == "yara":
            made.withdraw(by=made.prospect)
        else:
            Refusal.objects.refuse(prospect=made.prospect, expert=made.expert, kind="never")
    town.things["refused introduction"] = {"pk": made.pk}


def introduced(town: Town) -> Introduction:
    """Kim and Alice, who came apart once and back again."""
    met = ask(town, "kim", by="bob")
    met.say_yes(by=met.expert.member)
    Refusal.objects.refuse(prospect=met.prospect, expert=met.expert, kind="no")
    met.reopen()
    met.ask_how_it_went()
    return met


# What is said in one of them.


def said(town: Town, met: Introduction) -> None:
    alice, kim = met.expert.member, met.prospect
    first = Touch.objects.write(introduction=met, author=alice, body=f"You said: nobody listens. {HIDDEN}")
    answer = Touch.objects.write(introduction=met, author=kim, body=f"Yes, that is it. {HIDDEN}")
    pushed = Touch.objects.write(introduction=met, author=alice, body=f"Buy my course https://alice.test/ {HIDDEN}")
    today = timezone.localdate()
    Touch.objects.note(introduction=met, author=alice, channel="phone", on=today, body=f"She rang. {HIDDEN}")
    for person in (alice, kim, town.people["bob"]):
        PrivateNote.objects.create(introduction=met, author=person, text=f"Ask again in May. {HIDDEN}")
    gwen = Introduction.objects.get(**town.things["introduction of gwen and alice"])
    PrivateNote.objects.create(introduction=gwen, author=alice, text=f"Too early. {HIDDEN}")
    Outcome.objects.report(introduction=met, by=kim, kind="engaged")
    Outcome.objects.report(introduction=met, by=alice, kind="engaged")
    for person in (alice, kim):
        Thanks.objects.say(introduction=met, by=person, text=f"Thank you, Bob. {HIDDEN}")
    for name, touch in (("message of alice", first), ("message of kim", answer), ("reported message of alice", pushed)):
        town.things[name] = {"pk": touch.pk}
    town.things["message of alice to kim"] = {"pk": met.pk, "touch": first.pk}


def reports(town: Town, met: Introduction) -> None:
    """One waits, one was dismissed, one upheld: Alice paid the house."""
    dana = town.people["dana"]
    pushed = Touch.objects.get(**town.things["reported message of alice"])
    waiting = Report.objects.report(touch=pushed, by=met.prospect, kind="pitched", words=f"She sells. {HIDDEN}")
    town.things["report of kim"] = {"pk": waiting.pk}
    another = Touch.objects.write(introduction=met, author=met.expert.member, body=f"And a discount. {HIDDEN}")
    worse = Report.objects.report(touch=another, by=met.prospect, kind="after-no", words=f"Again. {HIDDEN}")
    worse.decide(by=dana, upheld=True, reason=f"Twice is enough. {HIDDEN}")
    lou = Introduction.objects.get(**town.things["introduction of lou and alice"])
    Touch.objects.write(introduction=lou, author=lou.prospect, body=f"One question more. {HIDDEN}")
    reply = Touch.objects.write(introduction=lou, author=lou.expert.member, body=f"Ask me. {HIDDEN}")
    mistaken = Report.objects.report(touch=reply, by=lou.prospect, kind="other", words=f"Odd. {HIDDEN}")
    mistaken.decide(by=dana, upheld=False, reason=f"It answers a question. {HIDDEN}")
    Outcome.objects.report(introduction=lou, by=lou.prospect, kind="did-not-happen")
    town.things["decided report"] = {"pk": mistaken.pk}


def at_the_bank(town: Town, met: Introduction) -> None:
    """Lines to ask about, one asked about, one corrected; a line of credit; a notice."""
    alice, bob, dana = town.people["alice"], town.people["bob"], town.people["dana"]
    accepted, thanks = (
        Entry.objects.get(idempotency_key=f"introduction:{met.pk}:{name}") for name in ("accepted", "thanks")
    )
    town.things["line of bob"] = {"pk": accepted.pk}
    town.things["other line of bob"] = {"pk": thanks.pk}
    waiting = Correction.objects.ask(entry=thanks, by=alice, words=f"I meant another. {HIDDEN}")
    town.things["correction of alice"] = {"pk": waiting.pk}
    yara = town.things["introduction of yara and alice"]["pk"]
    wrong = Entry.objects.get(idempotency_key=f"introduction:{yara}:accepted")
    decided = Correction.objects.ask(entry=wrong, by=bob, words=f"It was Frank who sent her. {HIDDEN}")
    decided.decide(by=dana, reverse=True, reason=f"Both say so. {HIDDEN}", giver=town.people["frank"])
    town.things["decided correction"] = {"pk": decided.pk}
    line = Account.objects.of(town.people["kim"])
    line.set_credit_line(600, by=dana, reason=f"Much asked for. {HIDDEN}")
    town.things["credit line of kim"] = {"handle": "kim"}
    letters.on_notice(alice, balance="-3.20", day=timezone.localdate().isoformat())
