"""A mail program's side of RFC 3676: a flowed text as the paragraphs it means.

Written from the RFC's section 4 and from nothing of ours, for the tests to ask.
"""

import re

SIGNATURE = "-- "


def read_flowed(text: str) -> list[tuple[int, str]]:
    """Quotation depth and words of every paragraph and every fixed line (`delsp=no`)."""
    found: list[tuple[int, str]] = []
    is_open = False
    for raw in re.split(r"\r?\n", text):
        unquoted = raw.lstrip(">")  # 4.5: quote marks are counted and deleted first
        depth = len(raw) - len(unquoted)
        line = unquoted.removeprefix(" ")  # 4.4: then one stuffing space
        goes_on = is_open and line != SIGNATURE and found[-1][0] == depth  # 4.3 and 4.5
        if goes_on:
            found[-1] = (depth, found[-1][1] + line)
        else:
            found.append((depth, line))
        is_open = line.endswith(" ") and line != SIGNATURE  # 4.1: a space at the end is a soft end
    return found
