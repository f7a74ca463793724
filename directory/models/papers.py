"""Guides: what experts give away for free. On screen a paper is called a guide, titled with the problem it solves.

Its words are the author's own. A curator reads them before they are printed, and again whenever they change; until then
the old ones stay in print."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import IntegrityError, models, transaction
from django.db.models import Func, Q
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from accounts.names import plain

from .categories import Category
from .decisions import Decision
from .experts import Expert
from .paper_questions import PaperQuerySet, PaperState

SHORTEST_TITLE, TITLE = 10, 120  # characters
SUMMARY = 300
BODY = 12_000
LINK = 300
CATEGORIES = 3
AT_MOST = 12  # guides of one expert, those that were withdrawn not counted
SLUG = 80
WORDS = ("title", "summary", "body", "link")

models.CharField.register_lookup(Length)


PAPER_MOVES: dict[str, tuple[str, ...]] = {
    PaperState.DRAFT: (PaperState.SUBMITTED, PaperState.WITHDRAWN),
    PaperState.SUBMITTED: (PaperState.DRAFT, PaperState.IN_PRINT, PaperState.WITHDRAWN),
    PaperState.IN_PRINT: (PaperState.WITHDRAWN,),
    PaperState.WITHDRAWN: (PaperState.DRAFT,),
}


class WrongPaperMove(Exception):
    """The guide is no longer where the act expected it, or its author's page is out of print."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(paper.state)
        self.paper = paper


class TooManyPapers(Exception):
    """An expert has AT_MOST guides already."""


class PaperVector(Func):
    """The weighted search vector of a guide: the problem, then the quick answer, then the text."""

    output_field = SearchVectorField()
    template = (
        "(setweight(to_tsvector('book'::regconfig, \"title\"), 'A')"
        " || setweight(to_tsvector('book'::regconfig, \"summary\"), 'B')"
        " || setweight(to_tsvector('book'::regconfig, \"body\"), 'C'))"
    )


class PaperManager(models.Manager.from_queryset(PaperQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def write(self, *, author: Expert, words: dict[str, Any]) -> Paper:
        """Begin a guide: title, summary, body and link by name, categories by primary keys. Raises TooManyPapers."""
        author = author.locked()
        _leave_room(author)
        _check_categories(author, words["categories"])
        unnamed = f"guide-{get_random_string(20).lower()}"
        paper = self.create(author=author, title=words["title"], slug=unnamed, body=words["body"], link=words["link"])
        paper._take_slug()
        paper._put(words)
        return paper


def _leave_room(author: Expert) -> None:
    """Counted while the author's row is locked, so that two at once are not one too many."""
    if author.papers.exclude(state=PaperState.WITHDRAWN).count() >= AT_MOST:
        raise TooManyPapers


def _check_categories(author: Expert, pks: list[int]) -> None:
    if not 1 <= len(set(pks)) <= CATEGORIES or author.chosen.filter(category__in=pks).count() != len(pks):
        raise ValueError("One to three of the author's own categories.")


class Paper(models.Model):
    author = models.ForeignKey(Expert, models.CASCADE, related_name="papers")
    title = models.CharField(max_length=TITLE)  # the problem, as the reader would say it
    slug = models.SlugField(max_length=SLUG, unique=True, editable=False)
    summary = models.CharField(max_length=SUMMARY, blank=True)  # the quick answer
    body = models.TextField(max_length=BODY, blank=True)
    link = models.URLField(max_length=LINK, blank=True)
    categories = models.ManyToManyField(Category, related_name="papers")
    # What the author wants printed instead: the same words, and categories by primary keys.
    new_words = models.JSONField(null=True, blank=True, editable=False)

    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.DRAFT, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # of the words above
    submitted_at = models.DateTimeField(null=True, editable=False)  # since when it waits at the desk; else empty
    sent_back_at = models.DateTimeField(null=True, editable=False)  # until it is sent to the desk again
    note = models.TextField(max_length=1000, blank=True, editable=False)  # why it was sent back or taken out of print
    printed_at = models.DateTimeField(null=True, editable=False)  # first in print
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="papers_printed", editable=False
    )  # who read the words that are in print
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    vector = models.GeneratedField(expression=PaperVector(), output_field=SearchVectorField(), db_persist=True)

    objects = PaperManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="paper_state_is_known"),
            models.CheckConstraint(condition=Q(title__length__gte=SHORTEST_TITLE), name="paper_title_is_a_problem"),
            models.CheckConstraint(condition=~Q(body="") | ~Q(link=""), name="paper_has_a_text_or_a_link"),
            models.CheckConstraint(condition=Q(body__length__lte=BODY), name="paper_text_is_bounded"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="http://") | Q(link__startswith="https://"),
                name="paper_link_leads_to_a_page",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.IN_PRINT) | Q(printed_at__isnull=False), name="paper_in_print_since"
            ),
            models.CheckConstraint(
                condition=~Q(state=PaperState.WITHDRAWN) | Q(withdrawn_at__isnull=False), name="paper_withdrawn_since"
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.SUBMITTED, submitted_at__isnull=False)
                | Q(state=PaperState.IN_PRINT, new_words__isnull=False)
                | (~Q(state=PaperState.SUBMITTED) & Q(submitted_at__isnull=True)),
                name="paper_waits_with_words",
            ),
            models.CheckConstraint(
                condition=Q(new_words__isnull=True) | Q(state__in=(PaperState.IN_PRINT, PaperState.WITHDRAWN)),
                name="paper_new_words_beside_printed_ones",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at", "id"], name="paper_waiting", condition=Q(submitted_at__isnull=False)),
            models.Index(fields=["author", "-printed_at", "-id"], name="paper_by_author"),
            # Only what is printed can be found at all.
            GinIndex(fields=["vector"], name="paper_vector", fastupdate=False, condition=Q(state=PaperState.IN_PRINT)),
        ]
        triggers = [
            pgtrigger.FSM(
                name="paper_moves",
                field="state",
                transitions=[(before, after) for before, afters in PAPER_MOVES.items() for after in afters],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("directory:guide", args=[self.slug])

    @property
    def in_print(self) -> bool:
        """As PaperQuerySet.in_print."""
        return self.state == PaperState.IN_PRINT and self.author.in_print

    @property
    def waits(self) -> bool:
        return self.submitted_at is not None

    @property
    def editable(self) -> bool:
        """What lies on the desk is taken back first, and what was withdrawn is taken up again."""
        return not self.waits and self.state != PaperState.WITHDRAWN

    @property
    def standing(self) -> str:
        """Where it stands, in words for its author."""
        if self.state == PaperState.IN_PRINT and self.new_words is not None:
            return "In print, and new words are on the desk" if self.waits else "In print, with new words not sent yet"
        return PaperState(self.state).label

    @property
    def printed_as_written(self) -> bool:
        """Whether a curator has nothing new to read in it."""
        return self.state == PaperState.IN_PRINT and self.new_words is None

    @property
    def latest_words(self) -> dict[str, Any]:
        """As its author last wrote them, printed or not."""
        return self.printed_words if self.new_words is None else self.new_words

    @property
    def printed_words(self) -> dict[str, Any]:
        """As they are or would be printed, in the form in which new ones are kept."""
        pks = self.categories.values_list("pk", flat=True).order_by("pk")
        return {name: getattr(self, name) for name in WORDS} | {"categories": list(pks)}

    @property
    def shelves(self) -> list[Category]:
        """The categories of the guide in which its author is still listed."""
        return list(self.categories.filter(chosen_by__expert=self.author_id).select_related("part").order_by("name"))

    @property
    def known_to_the_desk(self) -> bool:
        """Whether curators have to do with the words as they are now."""
        return self.waits or (self.printed_at is not None and self.state != PaperState.DRAFT)

    def may_be_read_by(self, reader: object) -> bool:
        """Everybody reads what is in print; a proof is read by its author, and by curators unless it is a draft."""
        if self.in_print:
            return True
        if not isinstance(reader, User):
            return False
        return reader.pk == self.author_id or (reader.is_curator and self.known_to_the_desk)

    def locked(self) -> Paper:
        """This guide as it is now. The author's row is locked first, as everywhere: it carries the counts."""
        author = self.author.locked()
        paper = Paper.objects.select_for_update(no_key=True, of=("self",)).defer("vector").get(pk=self.pk)
        paper.author = author
        return paper

    # What its author does.

    @transaction.atomic
    def rewrite(self, words: dict[str, Any]) -> Paper:
        """Change a draft; or keep new words beside the printed ones, which stay until a curator has read the new."""
        paper = self.locked()
        if paper.waits or paper.state == PaperState.WITHDRAWN:
            raise WrongPaperMove(paper)
        _check_categories(paper.author, words["categories"])
        if paper.state == PaperState.IN_PRINT:
            words = {**words, "categories": sorted(words["categories"])}
            paper.new_words = None if words == paper.printed_words else words
            paper.save(update_fields=["new_words"])
        else:
            paper._put(words)
        return paper

    @transaction.atomic
    def submit(self) -> None:
        """To the desk. The words must be new, and the author in print."""
        paper = self.locked()
        new = paper.state == PaperState.DRAFT or (paper.state == PaperState.IN_PRINT and paper.new_words is not None)
        if paper.waits or not new or not paper.author.in_print:
            raise WrongPaperMove(paper)
        if paper.state == PaperState.DRAFT:
            paper.state = PaperState.SUBMITTED
        paper.submitted_at, paper.sent_back_at, paper.note = timezone.now(), None, ""
        paper.save(update_fields=["state", "submitted_at", "sent_back_at", "note"])

    @transaction.atomic
    def take_back(self) -> None:
        """Back to one's own draft, from the desk or from what was withdrawn. Raises TooManyPapers."""
        paper = self.locked()
        if paper.state == PaperState.WITHDRAWN:
            _leave_room(paper.author)
            words, paper.new_words = paper.new_words, None
            paper.state = PaperState.DRAFT
            paper.save(update_fields=["state", "new_words"])
            if words is not None:
                paper._put(words)
        elif paper.waits:
            if paper.state == PaperState.SUBMITTED:
                paper.state = PaperState.DRAFT
            paper.submitted_at = None
            paper.save(update_fields=["state", "submitted_at"])
        else:
            raise WrongPaperMove(paper)

    @transaction.atomic
    def withdraw(self, *, by: User, reason: str = "") -> None:
        """By its author at any time; by a curator once it is in print, with a reason. May raise Conflict."""
        paper = self.locked()
        own = by.pk == paper.author_id
        if paper.state == PaperState.WITHDRAWN or not (own or paper.state == PaperState.IN_PRINT):
            raise WrongPaperMove(paper)
        conflicted = not own and paper.author.conflicts_with(by)
        paper.state, paper.withdrawn_at = PaperState.WITHDRAWN, timezone.now()
        paper.submitted_at, paper.note = None, "" if own else reason
        paper.save(update_fields=["state", "withdrawn_at", "submitted_at", "note"])
        paper._decided("guide-withdrawn", by=by, reason=reason, conflicted=conflicted)

    # What a curator decides.

    @transaction.atomic
    def print(self, *, by: User, reason: str = "") -> None:
        """Put what waits in print: the guide, or its new words instead of the old ones. May raise Conflict."""
        paper = self._on_the_desk()
        if not paper.author.in_print:
            raise WrongPaperMove(paper)
        conflicted = paper.author.conflicts_with(by)
        words, paper.new_words = paper.new_words, None
        paper.state, paper.submitted_at = PaperState.IN_PRINT, None
        paper.printed_by, paper.printed_at = by, paper.printed_at or timezone.now()
        paper.save(update_fields=["state", "submitted_at", "new_words", "printed_by", "printed_at"])
        if words is not None:
            paper._put(words)
        paper._decided("guide-printed", by=by, reason=reason, conflicted=conflicted)

    @transaction.atomic
    def send_back(self, *, by: User, reason: str) -> None:
        """Back to its author with a note; what is in print stays. May raise Conflict."""
        paper = self._on_the_desk()
        conflicted = paper.author.conflicts_with(by)
        if paper.state == PaperState.SUBMITTED:
            paper.state = PaperState.DRAFT
        paper.submitted_at, paper.sent_back_at, paper.note = None, timezone.now(), reason
        paper.save(update_fields=["state", "submitted_at", "sent_back_at", "note"])
        paper._decided("guide-sent-back", by=by, reason=reason, conflicted=conflicted)

    def _on_the_desk(self) -> Paper:
        paper = self.locked()
        if not paper.waits:
            raise WrongPaperMove(paper)
        return paper

    def _decided(self, act: str, *, by: User, reason: str, conflicted: bool) -> None:
        state = self.author.state
        Decision.objects.create(
            expert=self.author, paper=self, by=by, act=act, before=state, after=state,
            reason=reason, conflicted=conflicted,
        )  # fmt: skip

    # The words and the address.

    def _put(self, words: dict[str, Any]) -> None:
        """Let these be the words of the guide, and its address follow the title."""
        retitled = self.title != words["title"]
        for name in WORDS:
            setattr(self, name, words[name])
        self.changed_at = timezone.now()
        self.save(update_fields=[*WORDS, "changed_at"])
        if retitled:
            self._take_slug()
        # The author may have left a category while the words waited.
        self.categories.set(Category.objects.filter(pk__in=words["categories"], chosen_by__expert=self.author_id))

    def _take_slug(self) -> None:
        """An address made from the title, counted on when another guide has it or had it."""
        base = slugify(plain(self.title))[: SLUG - 5].strip("-") or "guide"
        for number in range(1, 1000):
            if self._move_to(base if number == 1 else f"{base}-{number}"):
                return
        raise ValueError("No address is left for this title.")

    def _move_to(self, slug: str) -> bool:
        """Move to this address. One at which the guide was in print redirects. False when another has it or had it."""
        before = self.slug
        if slug == before:
            return True
        try:
            with transaction.atomic():
                self.slug = slug
                self.save(update_fields=["slug"])
                # Asked after the write, when the unique index has waited for whoever was just leaving this address.
                if FormerPaperSlug.objects.filter(slug=slug).exclude(paper=self).exists():
                    raise IntegrityError("another guide once had this address")
                self.former_slugs.filter(slug=slug).delete()
                if before and self.printed_at:
                    self.former_slugs.create(slug=before)
        except IntegrityError:
            self.slug = before
            return False
        return True


class FormerPaperSlug(models.Model):
    """An address at which a guide was once in print."""

    slug = models.SlugField(max_length=SLUG, primary_key=True)
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug
