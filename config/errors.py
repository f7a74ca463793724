"""The pages for requests that cannot be answered. They work when the database does not."""

import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from config.context import book

logger = logging.getLogger(__name__)


def plain_page(status: int, template: str = "", **headers: str) -> HttpResponse:
    """The page for a status, rendered without the request: it asks for no session and no person."""
    content = loader.get_template(template or f"{status}.html").render(book(None))
    return HttpResponse(content, status=status, headers={"Cache-Control": "no-store", **headers})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when there was more than we take."""
    return plain_page(413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without the right."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is missing and what is not to be seen."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After while the database is away or too slow."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return plain_page(503, **{"Retry-After": "10"})
    return plain_page(500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a good token; the log tells the operator what to change."""
    logger.warning(
        "Form refused (%s). The request came to %s://%s while SITE_URL is %s: "
        "if they differ, set SITE_URL or let the proxy hand on the Host header.",
        reason,
        request.scheme,
        request.META.get("HTTP_HOST", ""),
        settings.SITE_URL,
    )
    return plain_page(403, "403_csrf.html")
