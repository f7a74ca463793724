"""Faces of people who do not exist: drawn by dicebear in the style "notionists" (Zoish, CC0 1.0)."""

from __future__ import annotations

import functools
import io
import json
import random
from importlib.resources import files

import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from directory import portraits

SIZE = 320  # pixels; drawing takes most of the time
SHEETS = ["e9e4d8", "dfe6e2", "e3e1ea", "ece0da", "dde5ec", "e8e8df"]  # paper, tinted
LONG_HAIR = "02 04 08 10 11 20 23 28 29 30 36 39 41 43 45 46 47 48 57 58 62 63".split()
SHORT_HAIR = "01 03 05 06 07 09 12 13 15 16 18 19 21 22 24 25 26 27 31 32 34 35 38 44 49 53 54 55 60".split()
MOUTHS = "03 05 08 14 17 22 25 30".split()
CLOTHES = "05 07 10 11 12 13 14 15 16 17 19 20 21 22 23 24 25".split()
GLASSES = "03 08 11".split()
BROWS = "04 05 06 07 09 10 11 13".split()
BEARDS = "02 03 04 07 10 12".split()


def hang(*, name: str, she: bool) -> None:
    """Draw a face and store it under this name."""
    portraits.store(portraits.square(draw(seed=name, she=she)), name=name)


@functools.cache
def _style() -> Style:
    return Style(json.loads(files("dicebear_styles").joinpath("notionists.json").read_text("utf-8")))


def draw(*, seed: str, she: bool) -> Image.Image:
    """The same face for the same seed."""
    chance = random.Random(seed)

    def one_of(numbers: list[str]) -> str:
        return f"variant{chance.choice(numbers)}"

    options = {
        "seed": seed,
        "backgroundColor": chance.choice(SHEETS),
        "hairVariant": one_of(LONG_HAIR if she else SHORT_HAIR),
        "mouthVariant": one_of(MOUTHS),
        "clothesVariant": one_of(CLOTHES),
        "glassesVariant": one_of(GLASSES),
        "eyebrowsVariant": one_of(BROWS),
        "beardVariant": one_of(BEARDS),
        "glassesProbability": 35,
        "beardProbability": 0 if she else 35,
        "gestureProbability": 0,
        "scale": 1.15,
    }
    svg = Avatar(_style(), options).to_string()
    png = resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, skip_system_fonts=True)
    return Image.open(io.BytesIO(png))
