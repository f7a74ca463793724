"""Portraits are served by the app, so that a small installation needs nothing else; a proxy may do it instead."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from directory import portraits

KINDS = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}


@login_not_required
@require_safe
def portrait(request: HttpRequest, name: str, size: int, ending: str) -> HttpResponse:
    """One size of a portrait. Its random name changes with the picture, so it may be kept for a year."""
    where = portraits.path(name, size, ending)
    if ending not in KINDS or not default_storage.exists(where):
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Security-Policy": "default-src 'none'"}
    with default_storage.open(where) as file:  # a few kilobytes: nothing to stream
        return HttpResponse(file.read(), content_type=KINDS[ending], headers=headers)
