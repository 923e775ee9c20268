"""The door of the languages: the words and marks that a publication has without writing them."""

from newsletter.languages.language import LAID_OUT, Language, is_language_tag, language_of
from newsletter.languages.marks import Marks, leading_apostrophes, marks_of

__all__ = [
    "LAID_OUT",
    "Language",
    "Marks",
    "is_language_tag",
    "language_of",
    "leading_apostrophes",
    "marks_of",
]
