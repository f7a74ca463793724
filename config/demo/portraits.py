"""Faces of people who do not exist: drawn by dicebear in the style "notionists" (Zoish, CC0 1.0)."""

from __future__ import annotations

import functools
import io
import json
import random
from collections.abc import Sequence
from importlib.resources import files

import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from directory import portraits

SIZE = 320  # pixels; drawing takes most of the time
SHEETS = ["e9e4d8", "dfe6e2", "e3e1ea", "ece0da", "dde5ec", "e8e8df"]  # paper, tinted
LONG_HAIR = (2, 4, 8, 10, 11, 20, 23, 28, 29, 30, 36, 39, 41, 43, 45, 46, 47, 48, 57, 58, 62, 63)
SHORT_HAIR = (1, 3, 5, 6, 7, 9, 12, 13, 15, 16, 18, 19, 21, 22, 24, 25, 26, 27, 31, 32, 34, 35, 38, 44, 49, 54, 55, 60)
MOUTHS = (3, 5, 8, 14, 17, 22, 25, 30)
CLOTHES = (5, 7, *range(10, 18), *range(19, 26))
GLASSES = (3, 8, 11)
BROWS = (4, 5, 6, 7, 9, 10, 11, 13)
BEARDS = (2, 3, 4, 7, 10, 12)


def hang(*, name: str, she: bool) -> None:
    """Draw a face and store it under this name."""
    portraits.store(portraits.square(draw(seed=name, she=she)), name=name)


@functools.cache
def _style() -> Style:
    return Style(json.loads(files("dicebear_styles").joinpath("notionists.json").read_text("utf-8")))


def draw(*, seed: str, she: bool) -> Image.Image:
    """The same face for the same seed."""
    chance = random.Random(seed)

    def one_of(numbers: Sequence[int]) -> str:
        return f"variant{chance.choice(numbers):02}"

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
