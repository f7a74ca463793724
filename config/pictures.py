"""The picture that a link to a part of the book shows in other people's windows: its plate, drawn once."""

import json
import re
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from config.fonts import ROMAN

SIZE = (1200, 630)
STYLES = settings.BASE_DIR / "static" / "css" / "book.css"
PARTS = settings.BASE_DIR / "directory" / "data" / "categories.json"


def build(target: Path) -> Path:
    """Write og-<part>.png for each part, and og-book.png, into `target`; those already there stay."""
    target.mkdir(parents=True, exist_ok=True)
    colours = light_colours()
    draw(
        target / "og-book.png",
        settings.BOOK_NAME,
        "Experts that people you trust would call",
        colours["cloth"],
    )
    for part in json.loads(PARTS.read_text())["groups"]:
        draw(target / f"og-{part['slug']}.png", part["name"], settings.BOOK_NAME, colours[f"g-{part['slug']}"])
    return target


def light_colours() -> dict[str, str]:
    """The light half of every colour in the stylesheet; a part's under its class name."""
    styles = STYLES.read_text()
    tokens = re.findall(r"--([\w-]+): light-dark\((#\w+),", styles)
    parts = re.findall(r"\.(g-[\w-]+) \{ --g: light-dark\((#\w+),", styles)
    return dict(tokens) | dict(parts)


def draw(path: Path, title: str, line: str, colour: str) -> None:
    """A bookplate: a double frame, the title, and a line under it."""
    if path.exists():
        return
    image = Image.new("RGB", SIZE, "#FAFAF7")
    pen = ImageDraw.Draw(image)
    middle = SIZE[0] // 2
    pen.rectangle((0, 0, SIZE[0], 24), fill=colour)
    pen.rectangle((70, 94, 1130, 560), outline="#7F868E", width=2)
    pen.rectangle((80, 104, 1120, 550), outline="#7F868E", width=2)
    size = 96
    while pen.textlength(title, font=serif(size, 600)) > 960:
        size -= 4
    pen.text((middle, 290), title, font=serif(size, 600), fill="#1B1E22", anchor="mm")
    pen.text((middle, 410), line, font=serif(40, 400), fill="#464C54", anchor="mm")
    image.quantize(32).save(path, optimize=True)


def serif(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Literata at a size in pixels and a weight."""
    font = ImageFont.truetype(ROMAN, size)
    font.set_variation_by_axes([min(size, 72), weight])
    return font
