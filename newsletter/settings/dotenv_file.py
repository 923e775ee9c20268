"""The file `.env`: lines of `NAME=value`, read so that none is lost in silence.

python-dotenv splits it; what that cannot read it passes over, and of a name that stands there twice
it keeps the last. Here each is a fault with its line, and without its value. Nothing in a value is
expanded. What the names mean is left to `environment`.
"""

import io
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OURS_WITHIN = re.compile(r"^\s*(?:export\s+)?newsletter_\w+\s*=", re.IGNORECASE | re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True, slots=True)
class DotEnv:
    """What the file says, and what is wrong with it, by line; `values` has only names that have
    one.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    mode: int = 0

    @property
    def is_seen_by_others(self) -> bool:
        return bool(self.mode & _OTHERS)


class _Line(NamedTuple):
    """`name` is None where the line cannot be read, `value` where there is no equals sign."""

    number: int
    name: str | None
    value: str | None


def read_dotenv(path: Path) -> DotEnv:
    """A file that is not there says nothing."""
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return DotEnv()
    except (OSError, UnicodeDecodeError) as error:
        return DotEnv(faults=(f"cannot be read: {error}",))
    lines = list(_lines(text))
    found = [*_faults(lines), *_doubled(lines)]
    spoilt = {number for number, _ in found}
    return DotEnv(
        values={
            line.name: line.value
            for line in lines
            if line.name and line.value and line.number not in spoilt
        },
        faults=tuple(f"line {number}: {what}" for number, what in sorted(found)),
        mode=mode,
    )


def _lines(text: str) -> Iterator[_Line]:
    """Blank lines and comments are left out."""
    from dotenv.parser import parse_stream  # only where a command needs the environment

    for binding in parse_stream(io.StringIO(text)):
        raw = binding.original.string
        blank = raw[: len(raw) - len(raw.lstrip())]
        number = binding.original.line + blank.count("\n")
        if binding.error or binding.key is not None:
            yield _Line(number, binding.key, binding.value)


def _faults(lines: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    for line in lines:
        what = _fault(line)
        if what:
            yield line.number, what


def _fault(line: _Line) -> str:
    if line.name is None or _NAME.fullmatch(line.name) is None:
        return "cannot be read: a line is NAME=value; a quote that is opened must be closed"
    if line.value is None:
        return "cannot be read: there is no = in it"
    if _CONTROL.search(line.value):
        return f"cannot be read: the value of {line.name} holds a control character"
    if _OURS_WITHIN.search(line.value):
        return f"cannot be read: the value of {line.name} goes on over another name of ours"
    return ""


def _doubled(lines: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    """A name that says two things. One that was empty, as in the example, may be filled below."""
    said: dict[str, _Line] = {}
    for line in lines:
        if line.name is None or line.value is None:
            continue
        before = said.setdefault(line.name, line)
        if before.value and before.value != line.value:
            yield line.number, f"sets {line.name} anew, which line {before.number} has set"
        elif not before.value:
            said[line.name] = line
