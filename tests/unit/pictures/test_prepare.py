"""What readers get of a file: nothing but the picture, upright, narrow, the same each time."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from newsletter.pictures import MAX_FILE, MAX_WIDTH, Picture, PictureFault, prepare_picture
from tests.pictures import camera_exif, moving_gif, opened, photo, saved, swapped_profile

SOURCE = "images/tram.jpg"
SECRETS = (b"Exif", b"CameraMaker", b"Ada Lovelace", b"xmp", b"http://ns.adobe.com", b"secret")


def ready(file: bytes, most_width: int = MAX_WIDTH) -> Picture:
    outcome = prepare_picture(file, source=SOURCE, most_width=most_width)
    assert isinstance(outcome, Picture), outcome
    return outcome


def fault(file: bytes) -> str:
    outcome = prepare_picture(file, source=SOURCE)
    assert isinstance(outcome, PictureFault), outcome
    return outcome.what


def with_secrets(name: str) -> bytes:
    """A picture with all that its format can hold beside it."""
    image, exif = photo(64, 48), camera_exif()
    xmp = b"<x:xmpmeta><secret/></x:xmpmeta>"
    if name == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "secret", zip=False)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        return saved(image, name, exif=exif, pnginfo=text, dpi=(300, 300))
    if name == "JPEG":
        return saved(image, name, exif=exif, comment=b"secret", xmp=xmp, dpi=(300, 300))
    if name == "GIF":
        return saved(image, name, comment=b"secret")
    return saved(image, name, exif=exif, xmp=xmp)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_picture_has_nothing_of_its_maker(name: str) -> None:
    file = with_secrets(name)

    picture = ready(file)
    image = opened(picture.octets)

    assert any(secret in file for secret in SECRETS)
    assert [] == [secret for secret in SECRETS if secret.lower() in picture.octets.lower()]
    assert {} == dict(image.getexif())
    assert {} == dict(image.getexif().get_ifd(0x8825))
    assert not image.info.keys() & {"exif", "xmp", "icc_profile", "comment", "Author", "photoshop"}


def test_what_follows_the_end_of_a_file_is_left_out() -> None:
    for file in (saved(photo(8, 8), "JPEG"), saved(photo(8, 8), "PNG"), moving_gif()):
        assert b"PK\x03\x04" not in ready(file + b"PK\x03\x04 an archive").octets


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_picture_stands_upright_whatever_the_camera_did(name: str, orientation: int) -> None:
    """The red side is above in all of them, once they are turned as EXIF says."""
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = photo(80, 40)
    as_taken = upright.transpose(undone[orientation]) if orientation > 1 else upright

    picture = ready(saved(as_taken, name, exif=camera_exif(orientation)))
    image = opened(picture.octets).convert("RGB")
    red_above, red_below = (image.getpixel((40, y)) for y in (1, 38))

    assert (80, 40) == (picture.width, picture.height) == image.size
    assert isinstance(red_above, tuple)
    assert isinstance(red_below, tuple)
    assert red_above[0] > 200 > 60 > red_below[0]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1119, 10), (1119, 10)),
        ((1120, 10), (1120, 10)),
        ((2240, 1000), (1120, 500)),
        ((3000, 1), (1120, 1)),
        ((1, 3000), (1, 3000)),
    ],
)
def test_picture_is_at_most_twice_as_wide_as_the_column(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = ready(saved(Image.new("RGB", size, "navy"), "PNG"))

    assert expected == (picture.width, picture.height) == opened(picture.octets).size


def test_picture_is_named_after_its_octets_and_always_the_same() -> None:
    file = saved(photo(1500, 700), "JPEG", exif=camera_exif(6))

    first, second = ready(file), ready(file)

    assert first == second
    assert f"{first.stem}.jpg" == first.name
    assert 32 == len(first.stem)
    assert "image/jpeg" == first.media_type
    assert "octets" not in repr(first)


def test_two_files_of_the_same_picture_make_one() -> None:
    """What a camera writes beside it makes no difference, but to where it came from."""
    one, other = (
        ready(saved(photo(30, 30).quantize(8), "PNG", exif=camera_exif(at))) for at in (1, 1)
    )
    bare = Image.new("RGB", (9, 9), "teal")
    named, unnamed = ready(saved(bare, "PNG", exif=camera_exif())), ready(saved(bare, "PNG"))

    assert one.media_type == other.media_type
    assert named.name == unnamed.name
    assert named.origin != unnamed.origin


def flat() -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    image.paste("navy", (20, 20, 380, 60))
    return image


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        pytest.param(saved(photo(400, 300), "PNG"), "image/jpeg", id="photograph as PNG"),
        pytest.param(saved(photo(400, 300), "WEBP"), "image/jpeg", id="photograph as WebP"),
        pytest.param(saved(photo(400, 300), "AVIF"), "image/jpeg", id="photograph as AVIF"),
        pytest.param(saved(photo(400, 300).convert("CMYK"), "JPEG"), "image/jpeg", id="for print"),
        pytest.param(saved(flat(), "JPEG"), "image/jpeg", id="drawing as JPEG"),
        pytest.param(saved(flat(), "PNG"), "image/png", id="drawing"),
        pytest.param(saved(flat(), "WEBP", lossless=True), "image/png", id="drawing as WebP"),
        pytest.param(saved(flat(), "GIF"), "image/png", id="drawing as GIF"),
        pytest.param(saved(flat().convert("1"), "PNG"), "image/png", id="black and white"),
        pytest.param(saved(Image.new("I;16", (9, 9), 40_000), "PNG"), "image/png", id="16 bits"),
        pytest.param(saved(Image.new("LA", (9, 9), (9, 50)), "PNG"), "image/png", id="see-through"),
        pytest.param(moving_gif(), "image/gif", id="animation"),
    ],
)
def test_picture_is_in_a_format_that_every_mail_program_shows(file: bytes, kind: str) -> None:
    picture = ready(file)

    assert kind == picture.media_type
    assert kind == f"image/{(opened(picture.octets).format or '').lower()}"


def test_sixteen_bits_of_grey_are_eight_of_the_same() -> None:
    image = opened(ready(saved(Image.new("I;16", (9, 9), 40_000), "PNG")).octets)

    assert 156 == image.getpixel((4, 4))


def test_transparency_is_kept_where_there_is_any() -> None:
    clear, opaque = (Image.new("RGBA", (2000, 20), (255, 0, 0, a)) for a in (128, 255))

    kept, gone = (opened(ready(saved(one, "PNG")).octets) for one in (clear, opaque))

    assert (255, 0, 0, 128) == kept.getpixel((500, 5))
    assert "RGB" == gone.mode


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_are_those_of_the_profile_in_srgb(mode: str) -> None:
    """By its profile the file's red is green; readers without profiles see green as well."""
    file = saved(
        Image.new("RGB", (20, 20), (255, 0, 0)).convert(mode), "PNG", icc_profile=swapped_profile()
    )

    pixel = opened(ready(file).octets).convert("RGB").getpixel((9, 9))

    assert isinstance(pixel, tuple)
    assert pixel[1] > 200 > 60 > pixel[0]


def test_profile_that_nobody_can_read_is_left_out_of_account() -> None:
    file = saved(Image.new("RGB", (9, 9), (255, 0, 0)), "PNG", icc_profile=b"no profile")

    assert (255, 0, 0) == opened(ready(file).octets).getpixel((4, 4))


def test_animation_keeps_its_frames_and_their_times_alone() -> None:
    picture = ready(moving_gif(5, comment=b"secret"))
    image = opened(picture.octets)

    assert b"secret" not in picture.octets
    assert (5, 200, 0) == (
        getattr(image, "n_frames", 1),
        image.info["duration"],
        image.info["loop"],
    )


def test_animation_that_is_too_much_is_refused() -> None:
    """What counts is the canvas, once for each frame: a frame may be a single pixel in the file."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    wide, few = moving_gif(2, (1200, 10)), moving_gif(2, (1000, 1000))
    long = few[:-1] + 200 * frame + few[-1:]

    assert "moves, and has more than 1,120 pixels across" in fault(wide)
    assert "200 million pixels" in fault(long)


@pytest.mark.parametrize("name", ["WEBP", "PNG", "AVIF"])
def test_animation_that_few_programs_show_is_refused(name: str) -> None:
    images = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    file = saved(images[0], name, save_all=True, append_images=images[1:], duration=100)

    assert "moves, and mail programs show only GIFs move" == fault(file)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min(width * height, 1_000_000)), 9)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_072, 10_000, 15_000, 60_000])
def test_bomb_is_refused_before_it_goes_off(side: int) -> None:
    """Above our own limit, above Pillow's warning, and above its error."""
    assert "has more than 50 million pixels" == fault(png_of(side, side))


def test_compressed_words_that_would_fill_a_memory_are_refused() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 20_000_000, zip=True)

    assert "is damaged, or no picture at all" == fault(
        saved(Image.new("L", (9, 9)), "PNG", pnginfo=text)
    )


def test_file_that_is_too_large_is_not_even_opened() -> None:
    assert "has more than 20 MB" == fault(saved(photo(8, 8), "JPEG").ljust(MAX_FILE + 1, b"\0"))


@pytest.mark.parametrize(
    ("file", "what"),
    [
        pytest.param(b"", "is no JPEG", id="empty"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is no JPEG", id="SVG"),
        pytest.param(b"SQLite format 3\0" + bytes(200), "is no JPEG", id="database"),
        pytest.param(b"SECRET_KEY=abc", "is no JPEG", id="secrets"),
        pytest.param(saved(photo(9, 9), "TIFF"), "is no JPEG", id="TIFF"),
        pytest.param(saved(photo(9, 9), "BMP"), "is no JPEG", id="BMP"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is no JPEG", id="EPS"),
        pytest.param(saved(photo(99, 99), "JPEG")[:900], "is damaged", id="half a JPEG"),
        pytest.param(saved(photo(99, 99), "PNG")[:900], "is damaged", id="half a PNG"),
        pytest.param(saved(photo(99, 99), "WEBP")[:300], "is", id="half a WebP"),
        pytest.param(moving_gif()[:-40], "is damaged", id="half a GIF"),
    ],
)
def test_what_is_no_picture_is_a_fault(file: bytes, what: str) -> None:
    assert fault(file).startswith(what)


@given(
    name=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]),
    at=st.integers(0, 400),
    new=st.binary(min_size=1, max_size=6),
)
@settings(max_examples=80, deadline=None)
def test_damaged_file_never_raises_and_never_tells(name: str, at: int, new: bytes) -> None:
    file = with_secrets(name)
    damaged = file[:at] + new + file[at + len(new) :]

    outcome = prepare_picture(damaged, source=SOURCE)

    if isinstance(outcome, Picture):
        Image.open(BytesIO(outcome.octets)).load()
        assert b"CameraMaker" not in outcome.octets
        assert outcome.width <= MAX_WIDTH
