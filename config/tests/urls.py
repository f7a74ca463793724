"""The book's addresses and a few that misbehave."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
@csrf_exempt
def echo(request: HttpRequest, word: str = "") -> HttpResponse:
    """Says what arrived."""
    address = request.META["REMOTE_ADDR"]
    return HttpResponse(f"{word} {request.GET.get('q')} {request.POST.get('q')} {address}")


@login_not_required
def slow(request: HttpRequest) -> HttpResponse:
    """Asks the database for longer than a page may."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Has a mistake in it."""
    raise ValueError("secret detail")


@login_not_required
@require_POST
def button(request: HttpRequest) -> HttpResponse:
    """An act."""
    return HttpResponse("done")


def closed(request: HttpRequest) -> HttpResponse:
    """Not named as public."""
    return HttpResponse("members only")


urlpatterns = [
    path("test/echo/", echo),
    path("test/echo/<str:word>/", echo),
    path("test/slow/", slow),
    path("test/broken/", broken),
    path("test/button/", button),
    path("test/closed/", closed),
    *urlpatterns,
]
