"""The words by which messages are told from each other, in many languages: a table, as patterns.

`signs.toml` has them. What is made of a sign is for those who ask: one alone proves little, for
people write about bounces, absences and subscriptions too.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=32)
def sign(section: str, name: str) -> re.Pattern[str]:
    """One pattern of all those in a list of the table; it is meant for text in lower case."""
    return re.compile("|".join(f"(?:{each})" for each in _table()[section][name]))


def shows(section: str, name: str, text: str) -> bool:
    """Whether any pattern of a list is found in a text of any case and spacing."""
    return sign(section, name).search(" ".join(text.lower().split())) is not None


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = Path(__file__).with_name("signs.toml").read_text("utf-8")
    table: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(text)
    return table
