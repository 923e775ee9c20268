"""Pictures for tests, each made anew: of a size, in a mode, with what a camera writes beside it."""

from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageCms


def photo(width: int, height: int) -> Image.Image:
    """Soft colours with some grain, as a photograph has them; the upper side is the red one."""
    ramp = Image.linear_gradient("L")
    down, across = (one.resize((width, height)) for one in (ramp, ramp.rotate(90)))
    noise = Image.frombytes("L", (width, height), Random(width).randbytes(width * height))
    grain = noise.point(lambda value: 108 + value // 6)
    return Image.merge("RGB", (down.point(lambda value: 255 - value), across, grain))


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def opened(octets: bytes) -> Image.Image:
    image = Image.open(BytesIO(octets))
    image.load()
    return image


def camera_exif(orientation: int = 1) -> Image.Exif:
    """A place on the earth, a camera and a name, as a telephone writes them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif[0x013B] = "Ada Lovelace"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (51.0, 30.0, 26.0)
    gps[3], gps[4] = "W", (0.0, 7.0, 39.0)
    return exif


def swapped_profile() -> bytes:
    """An RGB profile in which red and green have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def moving_gif(frames: int = 3, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    first, *others = [Image.new("RGB", size, (80 * at % 256, 20, at)) for at in range(frames)]
    return saved(first, "GIF", save_all=True, append_images=others, duration=200, loop=0, **options)
