"""One table of newsletter.toml, read key by key; every fault is noted, none stops the reading."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar
from urllib.parse import urlsplit

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import AddressError, NewsletterError

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile(r"[\r\n\x85\u2028\u2029]")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key that TOML takes without quotes."""


class Table:
    """Reads values of one `[name]`; what is at fault goes to the list that all tables share."""

    def __init__(self, name: str, values: object, faults: list[str]) -> None:
        self._name = name
        self._faults = faults
        self._read: set[str] = set()
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            self._faults.append(f"[{name}] is not a table")

    @property
    def is_empty(self) -> bool:
        return not self._values

    def has(self, key: str) -> bool:
        return key in self._values

    def items(self) -> Iterable[tuple[str, Any]]:
        """Every key with its value, for a table whose keys are the reader's own."""
        return self._values.items()

    def is_table(self, key: str) -> bool:
        return isinstance(self._values.get(key), Mapping)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fault(key, "a text in quotes")
            return default or ""
        if found := _CONTROL.search(value):
            self.fault(key, f"a text; U+{ord(found[0]):04X} is none")
            return default or ""
        return value

    def line(self, key: str, default: str | None = None) -> str:
        """A text on one line: it goes into a header, or a link."""
        value = self.text(key, default)
        if _LINE_END.search(value):
            self.fault(key, "a text on one line")
            return default or ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, 'a list of texts, ["like", "this"]')
            return ()
        return tuple(value)

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        value = self._get(key)
        if value is None:
            return default
        if not _is_number(value) or not least <= value <= most:
            self.fault(key, f"a whole number from {least:,} to {most:,}")
            return default
        return int(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self.fault(key, "true or false, without quotes")
        return default

    def numbers(
        self, key: str, default: Sequence[int], *, least: int, most: int
    ) -> tuple[int, ...]:
        value = self._get(key)
        if value is None:
            return tuple(default)
        good = (
            isinstance(value, list)
            and value
            and all(_is_number(item) and least <= item <= most for item in value)
        )
        if not good:
            self.fault(key, f"a list of whole numbers from {least:,} to {most:,}")
            return tuple(default)
        return tuple(value)

    def pair(self, key: str, default: tuple[int, int]) -> tuple[int, int]:
        """The least and the most, as a list of two."""
        found = self.numbers(key, default, least=1, most=10_000)
        if len(found) == 2 and found[0] <= found[1]:
            return found[0], found[1]
        self.fault(key, "the least and the most, such as [30, 60]")
        return default

    def addresses(self, key: str) -> tuple[AddrSpec, ...]:
        """A list of addresses, each once; every one that is none is a fault of its own."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, 'a list of addresses, ["desk@example.com"]')
            return ()
        found: dict[str, AddrSpec] = {}
        for item in value:
            try:
                spec = parse_addr_spec(item)
            except AddressError as error:
                self._faults.append(f"[{self._name}] {key}: {error}")
            else:
                found[spec.key] = spec
        return tuple(found.values())

    def inner(self, key: str) -> "Table":
        """The table inside this one; an empty one where there is none."""
        shown = key if _BARE.fullmatch(key) else f'"{key}"'
        return Table(f"{self._name}.{shown}", self._get(key) or {}, self._faults)

    def parsed(self, key: str, parse: Callable[[Any], T], allowed: str) -> T | None:
        """`parse` of the value, or None where the key is missing or `parse` refuses it."""
        value = self._get(key)
        if value is None or value == "":
            return None
        try:
            return parse(value)
        except (AttributeError, ValueError, TypeError, KeyError, NewsletterError):
            self.fault(key, allowed)
            return None

    def required(self, key: str, parse: Callable[[Any], T], allowed: str) -> T | None:
        if not self._values.get(key):
            self._read.add(key)
            self.fault(key, allowed)
            return None
        return self.parsed(key, parse, allowed)

    def made(self, make: Callable[[], T]) -> T | None:
        """What `make` makes of values read; its refusal is a fault of this table."""
        try:
            return make()
        except NewsletterError as error:
            self._faults.append(f"[{self._name}] {error}")
            return None

    def fault(self, key: str, allowed: str) -> None:
        if key in self._values:
            shown = json.dumps(self._values[key], ensure_ascii=False, default=str)
            self._faults.append(f"[{self._name}] {key} = {shown}: must be {allowed}")
        else:
            self._faults.append(f"[{self._name}] {key} is missing: must be {allowed}")

    def note(self, what: str) -> None:
        """A fault of the table in words of the caller's own."""
        self._faults.append(f"[{self._name}] {what}")

    def no_other(self, also: Iterable[str] = ()) -> None:
        """Note every key that nobody read."""
        known = sorted({*self._read, *also})
        for key in self._values:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                step = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
                self._faults.append(f"[{self._name}] {key} means nothing; {step}")

    def _get(self, key: str) -> Any:
        self._read.add(key)
        return self._values.get(key)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def https_address(value: str) -> str:
    """For `Table.parsed`: an https address without a name or a password in it."""
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise ValueError
    return value
