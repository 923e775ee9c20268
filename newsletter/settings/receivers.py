"""Receivers by name, read from `receivers.toml`: which domains are one receiver's.

A table, because the DNS would be asked for each domain of a list while a run is frozen, and a
name that does not answer would keep it from its group.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path


@cache
def receiver_domains() -> Mapping[str, Sequence[str]]:
    """The domains of each receiver, in A-labels; its best known one first."""
    text = Path(__file__).with_name("receivers.toml").read_text("utf-8")
    return {name: tuple(row["domains"]) for name, row in tomllib.loads(text).items()}
