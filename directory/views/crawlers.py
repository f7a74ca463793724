"""What search engines are told: where they may look and what is there. All addresses come from SITE_URL."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.contrib.sitemaps.views import sitemap as section_view
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.jsonld import absolute
from directory.models import Category, Expert, Paper

XML = "application/xml; charset=utf-8"
CLOSED = ("search/", "join/", "desk/", "nominations/", "mail/")


class Section(Sitemap[Any]):
    """One of our sitemaps, whichever host name the crawler used."""

    limit = 10_000

    def get_protocol(self, protocol: str | None = None) -> str:
        return str(settings.SITE.scheme)

    def get_domain(self, site: Any = None) -> str:
        return str(settings.SITE_ORIGIN.split("://", 1)[1])


class Categories(Section):
    """Those with somebody in print; an empty page has nothing to be found by."""

    def items(self) -> QuerySet[Category]:
        return Category.objects.current().filter(experts_count__gt=0).order_by("slug").annotate(
            printed_at=Max("placements__newest_voice_at")
        )  # fmt: skip

    def lastmod(self, item: Any) -> dt.datetime | None:
        return item.printed_at


class Experts(Section):
    """In print, and willing to be found by search engines."""

    def items(self) -> QuerySet[Expert]:
        return Expert.objects.listed().filter(indexable=True).select_related("member").order_by("pk")

    def lastmod(self, item: Expert) -> dt.datetime:
        return item.changed_at


class Guides(Section):
    """In print, by experts who are willing to be found by search engines."""

    def items(self) -> QuerySet[Paper]:
        return Paper.objects.in_print().filter(author__indexable=True).only("slug", "changed_at").order_by("pk")

    def lastmod(self, item: Paper) -> dt.datetime:
        return item.changed_at


class Pages(Section):
    def items(self) -> list[str]:
        own = ("home", "contents", "chosen", "promise", "help", "privacy", "accessibility")
        return [*(f"directory:{name}" for name in own), "referrals:how_the_bank_works"]

    def location(self, item: str) -> str:
        return reverse(item)


SECTIONS: dict[str, Section] = {
    "categories": Categories(),
    "experts": Experts(),
    "guides": Guides(),
    "pages": Pages(),
}


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the sitemaps: each section, and its further pages where it has more than one."""
    found = []
    for name, section in SECTIONS.items():
        path = absolute(reverse("directory:sitemap_section", args=[name]))
        pages = section.paginator.num_pages
        found += [SitemapIndexItem(path if number == 1 else f"{path}?p={number}") for number in range(1, pages + 1)]
    return render(request, "sitemap_index.xml", {"sitemaps": found}, content_type=XML)


@login_not_required
@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return section_view(request, dict(SECTIONS), section=section, content_type=XML)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    root = reverse("directory:home")
    lines = ["User-agent: *", *(f"Disallow: {root}{path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {absolute(reverse('directory:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
