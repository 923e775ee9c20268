"""A file made into a picture that every mail program shows, by Pillow, which nobody else imports.

Turned upright, in sRGB, at most so wide, as JPEG or PNG, or GIF where it moves: and nothing in it
but the picture. Where it was taken, by whom and with what stays with the editor. The same file
gives the same octets. Who reads files, and what a fault stops, is left to others.
"""

import warnings
from io import BytesIO

from PIL import Image, ImageCms, UnidentifiedImageError, __version__

from newsletter.pictures.gif import bare_gif
from newsletter.pictures.picture import MAX_FILE, MAX_WIDTH, Outcome, Picture, PictureFault

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""What is read; Pillow knows dozens more, and each is code that a stranger's file could reach."""

MAX_PIXELS = 50_000_000
"""Of a file: more than a telephone takes, less than fills a memory."""
MAX_READY = 5_000_000
"""Octets of one made ready: no mail program would fetch more while somebody waits."""
MAX_MOVING = 2_000_000
MAX_MOVING_PIXELS = 200_000_000
"""Octets of an animation, which is not made smaller; and pixels of all its frames."""

_QUALITY = 82
"""Of a JPEG. Below 75 a face shows it, above 85 only the file grows."""
_ORIENTATION = 0x0112
_PLACE = 0x8825
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation of EXIF 2.32, 4.6.4 (tag 274)."""

_GREY = frozenset({"1", "L", "I", "F"})


def library() -> str:
    """What makes the octets, with its version: another one may make others."""
    return f"Pillow {__version__}"


def prepare_picture(file: bytes, *, source: str, most_width: int = MAX_WIDTH) -> Outcome:
    """The picture that readers get of a file; `most_width` is in pixels.

    What a file holds is never a reason to raise: a fault is given back as one.
    """
    if len(file) > MAX_FILE:
        return _fault(f"has more than {MAX_FILE // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(file), formats=FORMATS)
            return _prepared(image, file, source, most_width)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_many_pixels()
    except UnidentifiedImageError:
        return _fault("is no JPEG, PNG, GIF, WebP or AVIF", "save it as JPEG or PNG")
    except Exception:  # noqa: BLE001 - a damaged file makes Pillow raise nearly anything
        return _fault("is damaged, or no picture at all", "save it anew as JPEG or PNG")


def has_place(file: bytes) -> bool:
    """Whether a file tells where it was taken (EXIF 2.32, 4.6.6), which no reader gets."""
    try:
        with Image.open(BytesIO(file), formats=FORMATS) as image:
            return bool(image.getexif().get_ifd(_PLACE))
    except Exception:  # noqa: BLE001 - a damaged file makes Pillow raise nearly anything
        return False


def _prepared(image: Image.Image, file: bytes, source: str, most_width: int) -> Outcome:
    """Its size is known before a single pixel is unpacked."""
    if image.width * image.height > MAX_PIXELS:
        return _too_many_pixels()
    if image.format not in {"JPEG", "MPO"} and getattr(image, "is_animated", False):
        return _moving(image, file, source, most_width)
    image.load()
    was_jpeg = image.format in {"JPEG", "MPO"}
    still = _narrowed(_plain(_in_srgb(_upright(image))), most_width)
    octets, media_type = _encoded(still, was_jpeg=was_jpeg)
    if len(octets) > MAX_READY:
        return _fault(f"would have {len(octets) / 1e6:.1f} MB as readers get it")
    return Picture.of(octets, media_type, still.size, source=source, file=file)


def _moving(image: Image.Image, file: bytes, source: str, most_width: int) -> Outcome:
    """An animation goes as it is, without what is not its picture, or it does not go at all."""
    if image.format != "GIF":
        return _fault("moves, and mail programs show only GIFs move", "save a still picture of it")
    frames = getattr(image, "n_frames", 1)
    octets = bare_gif(file)
    if (
        image.width > most_width
        or len(octets) > MAX_MOVING
        or image.width * image.height * frames > MAX_MOVING_PIXELS
    ):
        return _fault(
            f"moves, and has more than {most_width:,} pixels across, "
            f"{MAX_MOVING // 1_000_000} MB or {MAX_MOVING_PIXELS // 1_000_000} million pixels",
            "make it smaller or shorter, or save a still picture of it",
        )
    for frame in range(frames):
        image.seek(frame)
        image.load()
    return Picture.of(octets, "image/gif", image.size, source=source, file=file)


def _upright(image: Image.Image) -> Image.Image:
    try:
        turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF is no reason to refuse the picture
        return image
    return image if turn is None else image.transpose(turn)


def _in_srgb(image: Image.Image) -> Image.Image:
    """By its colour profile; one that Little CMS cannot use is left out of account."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    mode = "RGBA" if image.has_transparency_data else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        image = image.convert(mode) if image.mode == "P" else image
        ours = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, ours, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _plain(image: Image.Image) -> Image.Image:
    """In one of three modes: with transparency, grey, or in colours."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            return image
    if image.mode.startswith("I;16"):  # sixteen bits of grey, of which a screen shows eight
        image = image.convert("I").point(lambda value: value / 256)
    mode = "L" if image.mode in _GREY else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _narrowed(image: Image.Image, most_width: int) -> Image.Image:
    if image.width <= most_width:
        return image
    height = max(round(image.height * most_width / image.width), 1)
    return image.resize((most_width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, *, was_jpeg: bool) -> tuple[bytes, str]:
    """As JPEG where it was one, or where that is less than half of a PNG: it is a photograph."""
    image.info = {}  # Pillow writes a comment, a profile and more from there
    if was_jpeg:
        return _jpeg(image), "image/jpeg"
    png = _saved(image, "PNG", optimize=True)
    if image.mode != "RGBA" and 2 * len(jpeg := _jpeg(image)) < len(png):
        return jpeg, "image/jpeg"
    return png, "image/png"


def _jpeg(image: Image.Image) -> bytes:
    image = image.convert("RGB") if image.mode == "RGBA" else image
    return _saved(image, "JPEG", quality=_QUALITY, optimize=True, progressive=True)


def _saved(image: Image.Image, name: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def _too_many_pixels() -> PictureFault:
    return _fault(f"has more than {MAX_PIXELS // 1_000_000} million pixels")


def _fault(what: str, next_step: str = "make it smaller") -> PictureFault:
    return PictureFault(what=what, next_step=next_step)
