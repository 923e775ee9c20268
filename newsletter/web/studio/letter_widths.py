"""How wide a text is in the letters of an inbox, without a browser.

The numbers are the advance widths of Helvetica, in thousandths of the size, from the font's metrics
(Adobe's AFM files); Arial and Liberation Sans share them, Roboto and Segoe UI are within a few
hundredths. A letter with an accent is as wide as the letter.
"""

import unicodedata

_FIRST = 32
_REGULAR = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556),
    *(556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722),
    *(722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722),
    *(667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556),
    *(556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500),
    *(500, 334, 260, 334, 584),
)
_BOLD = (
    *(278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556),
    *(556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722),
    *(722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722),
    *(667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611),
    *(611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556),
    *(500, 389, 280, 389, 584),
)
_OTHERS = {"‘": 222, "’": 222, "“": 333, "”": 333, "–": 556, "—": 1000, "…": 1000}
_USUAL, _FULL = 556, 1000


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """In pixels, at a size in pixels: `width_of("Hello", 10)` is 22.8."""
    widths = _BOLD if is_bold else _REGULAR
    return sum(_advance(letter, widths) for letter in text) * size / 1000


def _advance(letter: str, widths: tuple[int, ...]) -> int:
    if unicodedata.combining(letter):
        return 0
    plain = letter if letter.isascii() else unicodedata.normalize("NFD", letter)[0]
    at = ord(plain) - _FIRST
    if 0 <= at < len(widths):
        return widths[at]
    if unicodedata.east_asian_width(letter) in "WF":
        return _FULL
    return _OTHERS.get(letter, _USUAL)
