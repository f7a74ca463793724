"""What holds for every request: who asks, that its bytes are readable, and the headers of the answer."""

import ipaddress
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from config.errors import plain_page

Handler = Callable[[HttpRequest], HttpResponse]
METHODS = ("GET", "HEAD", "POST")


def proxies(get_response: Handler) -> Handler:
    """The visitor's address, read from the right past the proxies we trust; the scheme of SITE_URL."""
    networks = [ipaddress.ip_network(entry) for entry in settings.TRUSTED_PROXIES]

    def trusted(address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in networks)
        except ValueError:
            return False

    def middleware(request: HttpRequest) -> HttpResponse:
        hops = request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        while trusted(request.META.get("REMOTE_ADDR", "")) and hops and hops[-1].strip():
            request.META["REMOTE_ADDR"] = hops.pop().strip()
        # SITE_URL is the truth about http or https: no header has to be trusted for it.
        request.META["wsgi.url_scheme"] = settings.SITE.scheme
        return get_response(request)

    return middleware


def headers(get_response: Handler) -> Handler:
    """Cache rules, resource policy and the page for a wrong method, on every response."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = plain_page(405).content
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not response.has_header("Cache-Control"):
            patch_vary_headers(response, ["Cookie", "HX-Request"])
            response.headers["Cache-Control"] = cache_rule(request, response)
        return response

    return middleware


def cache_rule(request: HttpRequest, response: HttpResponse) -> str:
    """Only a good page for somebody without a session may be kept, and only for a minute."""
    personal = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
    if personal or request.method not in ("GET", "HEAD") or response.status_code != 200:
        return "private, no-store"
    return "public, max-age=60"


def readable_input(get_response: Handler) -> Handler:
    """Refuse what no form of ours sends: other methods, NUL, bytes that are no UTF-8, huge bodies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.REQUEST_MAX_BYTES:
            return plain_page(413)
        if not (readable_address(request) and readable_body(request)):
            return plain_page(400)
        return get_response(request)

    return middleware


def clean(text: bytes) -> bool:
    """True for UTF-8 without NUL."""
    try:
        return "\0" not in text.decode()
    except UnicodeDecodeError:
        return False


def readable_address(request: HttpRequest) -> bool:
    """Path, query, cookies, and the charset by which Django would read them."""
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    return (
        "\0" not in request.path_info  # Django has already escaped what was no UTF-8 there
        and clean(unquote_to_bytes(query))
        and charset in ("utf-8", "utf8")
        and not any("\0" in value for value in request.COOKIES.values())
    )


def readable_body(request: HttpRequest) -> bool:
    """Form fields and the names of files; what is in a file is judged by the form that takes it."""
    if request.content_type == "application/x-www-form-urlencoded":
        return clean(unquote_to_bytes(request.body))
    texts = [text for name, values in request.POST.lists() for text in (name, *values)]
    names = [str(file) for _, files in request.FILES.lists() for file in files]
    return not any("\0" in text for text in [*texts, *names])
