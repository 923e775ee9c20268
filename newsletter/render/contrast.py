"""Which colours of a palette meet, and whether they can be read there (WCAG 2.2, 1.4.3).

Only our templates are known; what a publication's own put on what is its own business.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from newsletter.render.theme import Palette

NORMAL, LARGE = 4.5, 3.0
"""The least contrast of words, and of large ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """Words of one colour on a ground of another; `pixels` is the size of the smallest of them."""

    words: str
    ground: str
    pixels: int
    is_bold: bool = False

    @property
    def least(self) -> float:
        """Large is 18 points, or 14 where bold (WCAG 2.2, "large scale"): 24 or 18.66 pixels."""
        return LARGE if self.pixels >= (18.66 if self.is_bold else 24) else NORMAL


MEETINGS = (
    Meeting(words="ink", ground="card", pixels=18),
    Meeting(words="ink", ground="panel", pixels=15),
    Meeting(words="ink", ground="sponsor", pixels=16),
    Meeting(words="text", ground="card", pixels=16),
    Meeting(words="text", ground="panel", pixels=14),
    Meeting(words="text", ground="sponsor", pixels=16),
    Meeting(words="muted", ground="card", pixels=13),
    Meeting(words="muted", ground="panel", pixels=13, is_bold=True),
    Meeting(words="muted", ground="page", pixels=13),
    Meeting(words="muted", ground="sponsor", pixels=13),
    Meeting(words="accent_text", ground="card", pixels=16),
    Meeting(words="accent_text", ground="panel", pixels=13, is_bold=True),
    Meeting(words="accent_text", ground="sponsor", pixels=16),
    Meeting(words="on_accent", ground="accent", pixels=16, is_bold=True),
    Meeting(words="on_masthead", ground="masthead", pixels=16),
    Meeting(words="on_masthead", ground="strip", pixels=13, is_bold=True),
    Meeting(words="on_masthead_soft", ground="masthead", pixels=16),
    Meeting(words="on_masthead_soft", ground="strip", pixels=13),
    Meeting(words="kicker", ground="masthead", pixels=13, is_bold=True),
)
"""Every pair that meets in the e-mail or on the web page; docs/design.md has them too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PoorContrast:
    """A colour whose words, or the words on it, are hard to read.

    `poor` has the other colours' keys with the contrast, of which `least` is needed. `nearest` is
    the colour nearest to this one that has enough wherever it meets another, "" where none has.
    """

    key: str
    colour: str
    poor: tuple[tuple[str, float], ...]
    least: float
    nearest: str

    @property
    def is_unreadable(self) -> bool:
        """Not even large words could be read."""
        return any(contrast < LARGE for _, contrast in self.poor)

    def __str__(self) -> str:
        found = ", ".join(f"{_shown(contrast)} with {key}" for key, contrast in self.poor)
        step = "no one colour has it with all that this one meets"
        if self.nearest:
            step = f"the nearest colour that has it is {self.nearest}"
        return f'{self.key} = "{self.colour}": contrast {found}; words need {self.least:g}; {step}'


def poor_contrasts(palette: Palette, default: Palette) -> tuple[PoorContrast, ...]:
    """What is hard to read; of two colours the one that is not the default is told.

    >>> [one.nearest for one in poor_contrasts(Palette(kicker="#1f5f5b"), Palette())]
    ['#80a4a2']
    """
    found = [
        (_culprit(one, palette, default), one)
        for one in MEETINGS
        if _meet(palette, one) < one.least
    ]
    found.sort(key=lambda pair: pair[0])
    return tuple(
        _poor(palette, key, [one for _, one in pairs])
        for key, pairs in groupby(found, key=lambda pair: pair[0])
    )


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _poor(palette: Palette, key: str, poor: Sequence[Meeting]) -> PoorContrast:
    colour = getattr(palette, key)
    every = [one for one in MEETINGS if key in (one.words, one.ground)]
    return PoorContrast(
        key=key,
        colour=colour,
        poor=tuple((_other(one, key), _meet(palette, one)) for one in poor),
        least=max(one.least for one in poor),
        nearest=_nearest(palette, key, every),
    )


def _culprit(one: Meeting, palette: Palette, default: Palette) -> str:
    is_ours = getattr(palette, one.words) == getattr(default, one.words)
    return one.ground if is_ours else one.words


def _other(one: Meeting, key: str) -> str:
    return one.ground if key == one.words else one.words


def _meet(palette: Palette, one: Meeting) -> float:
    return contrast(getattr(palette, one.words), getattr(palette, one.ground))


def _nearest(palette: Palette, key: str, meetings: Sequence[Meeting]) -> str:
    """Of the same hue, darker or lighter by as little as will do."""
    needs = [(getattr(palette, _other(one, key)), one.least) for one in meetings]
    colour = getattr(palette, key)
    fit = (
        (way, shade)
        for way, shade in _shades(colour)
        if all(contrast(shade, other) >= least for other, least in needs)
    )
    return min(fit, default=(0, ""))[1]


def _shades(colour: str) -> Iterator[tuple[int, str]]:
    """All shades of a colour down to black and up to white, each with how far it is away."""
    parts = _parts(colour)
    for end in (0, 255):
        for step in range(256):
            shade = [round(part + (end - part) * step / 255) for part in parts]
            way = sum((one - other) ** 2 for one, other in zip(shade, parts, strict=True))
            yield way, "#" + "".join(f"{part:02x}" for part in shade)


def _shown(ratio: float) -> str:
    """Never rounded up to what is needed."""
    return f"{int(ratio * 100) / 100:.2f}"


def _parts(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


@cache
def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
