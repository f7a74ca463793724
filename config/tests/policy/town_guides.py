"""The town's guides: one at each stage. Alice's are a printed one with new words on the desk, one that waits, a draft,
one that was sent back and one that was taken out of print; Rex has one in print, and his page rests."""

from __future__ import annotations

from directory.models import Expert, Paper

from .town import HIDDEN, MARK, Town

ACTS = {  # "thing": (whose, hidden, the acts)
    "guide of alice": ("alice", False, "submit print"),
    "submitted guide of alice": ("alice", True, "submit"),
    "draft of alice": ("alice", True, ""),
    "sent back guide of alice": ("alice", True, "submit send_back"),
    "withdrawn guide of alice": ("alice", True, "submit print withdraw"),
    "guide of rex": ("rex", True, "submit print"),
}


def guides(town: Town) -> None:
    dana = town.people["dana"]
    for thing, (key, hidden, acts) in ACTS.items():
        author = town.expert(key)
        rests = not author.in_print
        if rests:
            author.come_back()
        paper = Paper.objects.write(author=author, words=guide_written(author, HIDDEN if hidden else MARK))
        for act in acts.split():
            {
                "submit": paper.submit,
                "print": lambda paper=paper: paper.print(by=dana, reason=HIDDEN),
                "send_back": lambda paper=paper: paper.send_back(by=dana, reason=HIDDEN),
                "withdraw": lambda paper=paper: paper.withdraw(by=dana, reason=HIDDEN),
            }[act]()
        if rests:
            author.rest(by=author.member)
        paper.refresh_from_db()
        town.things[thing] = {"slug": paper.slug}
        town.things[f"row of the {thing}"] = {"pk": paper.pk}
    printed = Paper.objects.get(slug=town.things["guide of alice"]["slug"])
    town.things["former guide"] = {"slug": printed.slug}
    printed.rewrite(guide_written(printed.author, MARK) | {"title": f"A better title {MARK}"})
    printed.submit()
    printed.print(by=dana, reason=HIDDEN)
    printed.rewrite(guide_written(printed.author, HIDDEN))
    printed.submit()
    town.things["guide of alice"] = {"slug": Paper.objects.values_list("slug", flat=True).get(pk=printed.pk)}


def guide_written(author: Expert, words: str) -> dict[str, object]:
    return {
        "title": f"My problem {words}",
        "summary": f"The quick answer {words}",
        "body": f"First this.\n\nThen that. {words}",
        "link": "https://guide.example/?q=1",
        "categories": [author.categories[0].pk],
    }
