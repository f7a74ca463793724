from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


def book(request: HttpRequest | None) -> dict[str, str]:
    """The name and address of the book and the reader's theme, for every template. It asks no database."""
    theme = request.COOKIES.get("theme", "") if request else ""
    return {
        "book_name": settings.BOOK_NAME,
        "site_url": settings.SITE_URL,
        "site_origin": settings.SITE_ORIGIN,
        "source_url": settings.SOURCE_URL,
        "theme": theme if theme in THEMES else "",
    }
