"""Portraits: an upload is decoded, cut square and encoded anew, so that nothing of the file itself survives."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.crypto import get_random_string
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_PIXELS = 24_000_000
SIZES = (80, 160, 320)  # a card, a card on a fine screen and the head of a page, that head on a fine screen
SHARED = 600  # the one JPEG that link previews show
FORMATS = ("JPEG", "PNG", "WEBP")
TOO_MANY = "That picture has more than 24 million pixels. Choose a smaller one."
WRONG_KIND = "That file is not a picture we can read. Choose a JPEG, PNG or WebP."


class NotAPortrait(ValueError):
    """The upload cannot be used; the message tells its owner why."""


def read(upload: BinaryIO, *, size: int) -> Image.Image:
    """The square portrait in an upload of `size` bytes, at most 600 pixels wide. Raises NotAPortrait."""
    if size > MAX_BYTES:
        raise NotAPortrait(f"That picture is {size / MEGABYTE:.0f} MB. Choose one under 5 MB, JPEG, PNG or WebP.")
    try:
        picture = Image.open(upload, formats=FORMATS)  # reads the header only
        if picture.width * picture.height > MAX_PIXELS:
            raise NotAPortrait(TOO_MANY)
        picture.draft(
            "RGB", (SHARED * 2, SHARED * 2)
        )  # a JPEG of that many pixels is decoded at a fraction of its size
        picture.seek(0)
        return square(ImageOps.exif_transpose(picture))
    except NotAPortrait:
        raise
    except Image.DecompressionBombError as error:  # so many that Pillow itself gives up
        raise NotAPortrait(TOO_MANY) from error
    # Pillow raises whatever its decoders meet in a broken file.
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise NotAPortrait(WRONG_KIND) from error


def square(picture: Image.Image) -> Image.Image:
    """The middle of a picture on white, as plain pixels: a new image carries over neither metadata nor palette."""
    pixels = picture.convert("RGBA")
    flat = Image.new("RGB", pixels.size, "white")
    flat.paste(pixels, mask=pixels)
    side = min(flat.size[0], flat.size[1], SHARED)
    return ImageOps.fit(
        flat, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.35)
    )  # faces are above the middle


def store(image: Image.Image, *, name: str = "") -> str:
    """Write all sizes and formats and return the random name that they share."""
    name = name or get_random_string(20).lower()
    for size in SIZES:
        scaled = image.resize((size, size), Image.Resampling.LANCZOS)
        _save(scaled, path(name, size, "webp"), "WEBP", quality=80, method=4)
        _save(scaled, path(name, size, "avif"), "AVIF", quality=60, speed=8)
    _save(image, path(name, SHARED, "jpg"), "JPEG", quality=82, optimize=True)
    return name


def remove(name: str) -> None:
    for size in SIZES:
        default_storage.delete(path(name, size, "webp"))
        default_storage.delete(path(name, size, "avif"))
    default_storage.delete(path(name, SHARED, "jpg"))


def path(name: str, size: int, ending: str) -> str:
    return f"portraits/{name}-{size}.{ending}"


def _save(image: Image.Image, where: str, kind: str, **options: int | bool) -> None:
    out = io.BytesIO()
    image.save(out, kind, **options)
    default_storage.delete(where)  # a seeded name is written again, never beside itself
    default_storage.save(where, ContentFile(out.getvalue()))
