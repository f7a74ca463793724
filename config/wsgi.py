"""The web server's way in."""

import multiprocessing
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.processes import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that keeps the database busy for longer is a mistake; commands and the worker may take their time.
os.environ.setdefault("STATEMENT_TIMEOUT", "3")
if multiprocessing.parent_process():
    follow_parent()  # else the workers of a killed server would keep its port

pages = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The pages, below the path of SITE_URL: whether or not the proxy has taken that path away."""
    path = environ.get("PATH_INFO", "")
    if settings.SITE.path and f"{path}/".startswith(f"{settings.SITE.path}/"):
        environ["PATH_INFO"] = path[len(settings.SITE.path) :]
    kind = environ.get("CONTENT_TYPE", "").lower()
    if "charset" in kind and "utf-8" not in kind:
        # Django decodes by any codec that Python knows, before a middleware could refuse; rot13 makes it fail.
        environ["CONTENT_TYPE"] = "text/plain; charset=refused"
    return pages(environ, start_response)
