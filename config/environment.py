"""What the environment says about this installation, read once by the settings."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

LOOPBACK = ("localhost", "127.0.0.1", "::1")

# Every variable may also be given as NAME_FILE, the path of a file that holds the value.
env = FileAwareEnv()


@dataclass(frozen=True)
class Site:
    """The public address of the book, from which hosts, cookies and links are derived."""

    scheme: str
    host: str
    netloc: str
    path: str

    @property
    def origin(self) -> str:
        """Scheme and host, as browsers send it: https://book.example."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The whole address without a slash at its end."""
        return self.origin + self.path

    @property
    def local(self) -> bool:
        """True on a loopback address: the book then runs in local mode."""
        return self.host in LOOPBACK

    @property
    def secure(self) -> bool:
        """True when visitors come by https."""
        return self.scheme == "https"

    @property
    def cookie_prefix(self) -> str:
        """The strictest cookie name prefix that browsers accept for this address."""
        if not self.secure:
            return ""
        return "__Secure-" if self.path else "__Host-"


def read_site(address: str) -> Site:
    """Split SITE_URL; raises ImproperlyConfigured when it is no http(s) address."""
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"SITE_URL must look like https://book.example, not {address!r}.")
    if parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"SITE_URL must be scheme, host and path only, not {address!r}.")
    return Site(parts.scheme, parts.hostname, parts.netloc.lower(), parts.path.rstrip("/"))


def require_in_production(site: Site, names: tuple[str, ...]) -> None:
    """Refuse to run in public without these variables, naming each that is missing."""
    missing = [name for name in names if not env.str(name, "")]
    if missing and not site.local:
        raise ImproperlyConfigured(
            f"SITE_URL is {site.url}, so this is production, and it needs {', '.join(missing)} "
            f"in the environment. For a try on this machine leave SITE_URL out."
        )


def kept_secret(path: Path) -> str:
    """The generated secret key in the data folder; several processes starting at once agree on one."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)  # atomic, and it refuses when another process was first
    except FileExistsError:
        return path.read_text().strip()
    finally:
        draft.unlink()
    return path.read_text().strip()
