"""What pages say of themselves in the words of schema.org. Plain dictionaries; the template tag json_ld prints them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from directory import portraits
from directory.models import Category, Expert, Paper, Part, Placement


def absolute(path: str) -> str:
    """SITE_ORIGIN holds no path: reverse() has already put the one of SITE_URL in front."""
    return settings.SITE_ORIGIN + path


def breadcrumbs(*steps: tuple[str, str]) -> dict[str, Any]:
    """(name, path) of each step from the contents to the page itself."""
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
        for position, (name, path) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def website() -> dict[str, Any]:
    """The book itself, and the search that stands on its first page."""
    home = absolute(reverse("directory:home"))
    search = {
        "@type": "SearchAction",
        "target": absolute(reverse("directory:search")) + "?q={search_term_string}",
        "query-input": "required name=search_term_string",
    }
    book = {"@type": "WebSite", "name": settings.BOOK_NAME, "url": home, "potentialAction": search}
    return {"@graph": [book, {"@type": "Organization", "name": settings.BOOK_NAME, "url": home}]}


def contents(categories: Iterable[Category]) -> dict[str, Any]:
    path = reverse("directory:contents")
    return _collection("Contents", path, (category.get_absolute_url() for category in categories))


def category(category: Category, *, entries: Iterable[Placement]) -> dict[str, Any]:
    """The list of a category: addresses in the order of the page."""
    paths = (entry.expert.get_absolute_url() for entry in entries)
    return _collection(category.name, category.get_absolute_url(), paths, about=category.description)


def _collection(name: str, path: str, paths: Iterable[str], *, about: str = "") -> dict[str, Any]:
    items = [
        {"@type": "ListItem", "position": position, "url": absolute(item)}
        for position, item in enumerate(paths, start=1)
    ]
    contents = reverse("directory:contents")
    steps = [("Contents", contents)] + ([(name, path)] if path != contents else [])
    page = {
        "@type": "CollectionPage",
        "name": name,
        "url": absolute(path),
        "breadcrumb": breadcrumbs(*steps),
        "mainEntity": {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items},
    }
    return page | ({"description": about} if about else {})


def expert_page(expert: Expert, *, categories: list[Category], letters: Iterable[Any]) -> dict[str, Any]:
    """A ProfilePage about a Person. Letters are Reviews by named authors; there is no rating, since nobody rates."""
    url = absolute(expert.get_absolute_url())
    person: dict[str, Any] = {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": expert.name,
        "description": expert.headline,
        "url": url,
        "knowsAbout": [category.name for category in categories],
        "review": [letter_review(letter) for letter in letters],
    }
    if expert.portrait:
        person["image"] = picture(expert)
    if expert.links:
        person["sameAs"] = expert.links
    return {
        "@type": "ProfilePage",
        "url": url,
        "dateCreated": expert.listed_at.isoformat() if expert.listed_at else None,
        "dateModified": expert.changed_at.isoformat(),
        "mainEntity": person,
        "breadcrumb": breadcrumbs(
            *[(category.name, category.get_absolute_url()) for category in categories[:1]],
            (expert.name, expert.get_absolute_url()),
        ),
    }


def guide(paper: Paper, *, categories: list[Category]) -> dict[str, Any]:
    """An Article by the person of the expert's page, about the categories."""
    url, author = absolute(paper.get_absolute_url()), absolute(paper.author.get_absolute_url())
    steps = [(category.name, category.get_absolute_url()) for category in categories[:1]]
    return {
        "@type": "Article",
        "url": url,
        "mainEntityOfPage": url,
        "headline": paper.title,
        "description": paper.summary,
        "author": {"@type": "Person", "@id": f"{author}#person", "name": paper.author.name, "url": author},
        "publisher": {"@type": "Organization", "name": settings.BOOK_NAME, "url": absolute(reverse("directory:home"))},
        "about": [
            {"@type": "Thing", "name": category.name, "url": absolute(category.get_absolute_url())}
            for category in categories
        ],
        "datePublished": paper.printed_at.isoformat() if paper.printed_at else None,
        "dateModified": paper.changed_at.isoformat(),
        "isAccessibleForFree": True,
        "breadcrumb": breadcrumbs(*steps, (paper.title, paper.get_absolute_url())),
    }


def letter_review(letter: Any) -> dict[str, Any]:
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": letter.author.name},
        "datePublished": letter.signed_at.date().isoformat(),
        "reviewBody": " ".join((letter.how_i_know, letter.what_i_like, letter.why_i_trust)),
    }


def plate(part: Part | None = None) -> str:
    """The picture that a link to a part of the book shows; parts that were added later show the book's own."""
    if part:
        with contextlib.suppress(ValueError):  # not among the files that were built
            return absolute(static(f"img/og-{part.slug}.png"))
    return absolute(static("img/og-book.png"))


def picture(expert: Expert) -> str:
    """The JPEG of the approved portrait, for link previews; empty without one."""
    if not expert.portrait:
        return ""
    return absolute(f"{settings.MEDIA_URL}{portraits.path(expert.portrait, portraits.SHARED, 'jpg')}")
