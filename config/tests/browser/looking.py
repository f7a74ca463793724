"""Looking at a page the way its readers do: in both colours and widths, with the rules of WCAG and of HTML in hand."""

from __future__ import annotations

from urllib.parse import urlsplit

from justhtml import JustHTML
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
VIEWS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")]
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1);
  return [`scrolls sideways: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(' | ')}`];
}"""


class Eavesdropper:
    """What a browser complains of, and where it goes for more, while its pages are open."""

    def __init__(self, context: BrowserContext, *, host: str) -> None:
        self.heard: list[str] = []
        self.host = host
        context.on("console", self.said)
        context.on("weberror", lambda error: self.heard.append(f"script: {error.error}"))
        context.on("request", lambda request: self.asked(request.url))

    def said(self, message: ConsoleMessage) -> None:
        # The browser also says that a page was refused: that is tested by its status.
        refused = "Failed to load resource" in message.text and message.page and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not refused:
            self.heard.append(f"console: {message.text}")

    def asked(self, address: str) -> None:
        if urlsplit(address).scheme not in ("data", "blob") and urlsplit(address).netloc != self.host:
            self.heard.append(f"asked another host: {address}")


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds in the page as it is now."""
    if not page.evaluate("typeof axe == 'object'"):
        page.evaluate(axe)
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][:250]}" for rule in found for node in rule["nodes"]]


def problems_in_views(page: Page, axe: str) -> list[str]:
    """In each width and colour: what axe finds, and whatever does not fit."""
    wrong = []
    for size, colours in VIEWS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        found = violations(page, axe) + page.evaluate(TOO_WIDE)
        wrong += [f"{size['width']} {colours}: {problem}" for problem in found]
    return wrong


def problems_in_markup(source: str) -> list[str]:
    """Errors of HTML, and anything but one heading of the first rank."""
    tree = JustHTML(source, sanitize=False, collect_errors=True)
    wrong = [f"line {error.line}: {error.code}" for error in tree.errors]
    if len(tree.query("h1")) != 1:
        wrong.append(f"{len(tree.query('h1'))} h1")
    ids = [element.attrs["id"] for element in tree.query("[id]")]
    return wrong + [f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
