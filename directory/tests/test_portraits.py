"""Pictures from strangers: decoded and encoded anew, or refused with a sentence that helps."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from directory import portraits

GPS = 0x8825


def upload(image: Image.Image, kind: str = "JPEG", **options: object) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out


def read(data: io.BytesIO) -> Image.Image:
    return portraits.read(data, size=len(data.getbuffer()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_square(kind):
    assert read(upload(Image.new("RGB", (900, 700), "teal"), kind)).size == (600, 600)


def test_a_small_picture_is_not_blown_up():
    assert read(upload(Image.new("RGB", (120, 90), "teal"))).size == (90, 90)


def test_transparency_is_laid_on_white():
    assert read(upload(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")).getpixel((10, 10)) == (255, 255, 255)


def test_it_is_turned_as_the_camera_was_held():
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    turned = read(upload(image, "PNG", exif=exif))
    assert turned.getpixel((18, 10))[1] < 100


def test_nothing_of_the_file_survives_in_any_stored_size():
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    exif.get_ifd(GPS)[1] = "N"
    name = portraits.store(read(upload(Image.new("RGB", (700, 700), "teal"), exif=exif, comment=b"canary")))
    for size, ending in [*((s, e) for s in portraits.SIZES for e in ("webp", "avif")), (portraits.SHARED, "jpg")]:
        with default_storage.open(portraits.path(name, size, ending)) as file:
            data = file.read()
        assert b"script" not in data
        assert b"canary" not in data
        assert b"Exif" not in data
        assert Image.open(io.BytesIO(data)).size == (size, size)


def test_only_the_first_frame_of_a_moving_picture():
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    data = upload(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert read(data).getpixel((30, 30)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PPM"])
def test_other_formats_are_refused_by_content(kind):
    with pytest.raises(portraits.NotAPortrait, match="JPEG, PNG or WebP"):
        read(upload(Image.new("RGB", (60, 60)), kind))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe EPSF",
        b"\xff\xd8\xff\xe0junk",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(portraits.NotAPortrait):
        read(io.BytesIO(data))


def test_a_cut_off_picture_is_refused():
    whole = upload(Image.effect_noise((600, 600), 80).convert("RGB")).getvalue()
    with pytest.raises(portraits.NotAPortrait):
        read(io.BytesIO(whole[: len(whole) // 2]))


def test_a_picture_of_too_many_pixels_is_refused_by_its_header():
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    bomb += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    with pytest.raises(portraits.NotAPortrait, match="24 million"):
        read(io.BytesIO(bomb))


def test_a_large_file_is_refused_with_its_size():
    with pytest.raises(portraits.NotAPortrait, match="14 MB"):
        portraits.read(io.BytesIO(b"x"), size=14 * portraits.MEGABYTE)


def test_removing_a_portrait_removes_every_file():
    name = portraits.store(Image.new("RGB", (100, 100)))
    portraits.remove(name)
    assert default_storage.listdir("portraits")[1] == []


def test_a_portrait_is_served_for_a_year_and_runs_nothing(client):
    name = portraits.store(Image.new("RGB", (100, 100)))
    response = client.get(f"/media/portraits/{name}-80.webp")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize(
    "path", ["nobody-80.webp", "../../secret-key-80.webp", "x-80.svg", "x-99999999999999999999.webp", "x-81.webp"]
)
def test_a_portrait_that_is_not_there_is_not_found(client, path):
    assert client.get(f"/media/portraits/{path}").status_code == 404


def test_a_portrait_takes_no_posts(client):
    assert client.post("/media/portraits/x-80.webp").status_code == 405
