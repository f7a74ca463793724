"""The serif of the book: Literata, cut down to the letters we print and the weights we use."""

import shutil
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = Path(str(files("fontpkg_literata")))
ROMAN = SOURCE / "files" / "Literata[opsz,wght].ttf"
WEIGHTS = (400, 700)
READING_SIZE = 14  # one optical size, between text and headings
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x131, 0x152, 0x153, 0x2013, 0x2014),
    *range(0x2018, 0x201B),
    *range(0x201C, 0x201F),
    *(0x2020, 0x2022, 0x2026, 0x2032, 0x2033, 0x20AC),
    *range(0x2190, 0x2194),
    0x2212,
]


def build(target: Path) -> Path:
    """Write literata.woff2 and its licence into `target`; do nothing when both are there."""
    font, licence = target / "literata.woff2", target / "OFL.txt"
    if font.exists() and licence.exists():
        return font
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target) as folder:
        # The subsetter needs the instance as a file of its own, and a half-written font must never be found.
        instance, subset = Path(folder, "instance.ttf"), Path(folder, "subset.woff2")
        one_size(instance)
        only_latin(instance, subset)
        subset.replace(font)
    shutil.copyfile(SOURCE / "LICENSE", licence)
    return font


def one_size(target: Path) -> None:
    """The family at one optical size, from regular to bold."""
    with TTFont(ROMAN) as font:
        instantiateVariableFont(font, {"opsz": READING_SIZE, "wght": WEIGHTS}, inplace=True)
        font.save(target)


def only_latin(source: Path, target: Path) -> None:
    """The glyphs of LATIN, with kerning, ligatures and figures of one width."""
    options = Options(flavor="woff2", layout_features=["kern", "liga", "mark", "ccmp", "locl", "tnum"], hinting=False)
    with TTFont(source) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=LATIN)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(target)
