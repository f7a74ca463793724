"""Looking at a page the way its readers do: in both colours and widths, with the rules of WCAG and of HTML in hand."""

from __future__ import annotations

from urllib.parse import urlsplit

from justhtml import JustHTML
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
OPEN_ALL = "for (const fold of document.querySelectorAll('details')) fold.open = true"
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1);
  return [`scrolls sideways: ${wide.slice(0, 3).map(e => e.outerHTML.slice(0, 80)).join(' | ')}`];
}"""


class Eavesdropper:
    """What a browser complains of, and where it goes for more."""

    def __init__(self, page: Page) -> None:
        self.heard: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self.said)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def said(self, message: ConsoleMessage) -> None:
        # The browser also says when a whole page is a refusal: that is as it should be.
        about_page = message.page is not None and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not (about_page and "status of 4" in message.text):
            self.heard.append(f"console: {message.text}")


def violations(page: Page, axe: str, *rules: str) -> list[str]:
    """What axe finds in the page as it is now, by all rules or by those named."""
    if not page.evaluate("typeof axe == 'object'"):
        page.evaluate(axe)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [
        f"{rule['id']}: {node['html'][:150]} {node['failureSummary'][:300]}" for rule in found for node in rule["nodes"]
    ]


def problems_in_views(page: Page, axe: str) -> list[str]:
    """At 1280 and 320 pixels, light and dark: what axe finds, and what does not fit. On the small screen all folds
    are open. Colours are all that changes with the colours, so that the other rules are asked once for each width."""
    wrong = []
    for size, colours in ((WIDE, "light"), (NARROW, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        if size == NARROW:
            page.evaluate(OPEN_ALL)
        found = page.evaluate(TOO_WIDE) + violations(page, axe)
        page.emulate_media(color_scheme="dark" if colours == "light" else "light")
        found += violations(page, axe, "color-contrast", "link-in-text-block")
        wrong += [f"{size['width']} px: {problem}" for problem in found]
    return wrong


def problems_in_markup(source: str) -> list[str]:
    """Errors of HTML, and anything but one heading of the first rank."""
    tree = JustHTML(source, sanitize=False, collect_errors=True)
    wrong = [f"line {error.line}: {error.code}" for error in tree.errors]
    if len(tree.query("h1")) != 1:
        wrong.append(f"{len(tree.query('h1'))} h1")
    ids = [element.attrs["id"] for element in tree.query("[id]")]
    return wrong + [f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
