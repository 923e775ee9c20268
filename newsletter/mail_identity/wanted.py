"""A record that ought to stand in the DNS, ready to be copied into a form or a zone file."""

from dataclasses import dataclass

MAX_STRING = 255
"""Octets of one string in a TXT record (RFC 1035, 3.3)."""

_NAMING = ("MX", "PTR")
"""Their values end in a name, which a zone file has with its dot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """One record: `name` without the dot at its end, `value` as a provider's form takes it.

    `is_example` says that a part of the value is a guess: whoever writes it knows better.
    """

    name: str
    kind: str
    value: str
    is_example: bool = False

    @property
    def strings(self) -> tuple[str, ...]:
        """The value as the strings of a TXT record; a resolver joins them without a space."""
        return cut(self.value) if self.kind == "TXT" else (self.value,)

    @property
    def zone_line(self) -> str:
        """As a zone file has it.

        >>> Wanted(name="_dmarc.example.com", kind="TXT", value="v=DMARC1; p=none").zone_line
        '_dmarc.example.com. IN TXT "v=DMARC1; p=none"'
        """
        if self.kind != "TXT":
            end = "." if self.kind in _NAMING else ""
            return f"{self.name}. IN {self.kind} {self.value}{end}"
        quoted = [f'"{_escaped(each)}"' for each in self.strings]
        value = quoted[0] if len(quoted) == 1 else f"( {' '.join(quoted)} )"
        return f"{self.name}. IN TXT {value}"


def cut(value: str) -> tuple[str, ...]:
    """A text in pieces of at most 255 octets; records are ASCII."""
    return tuple(value[at : at + MAX_STRING] for at in range(0, len(value), MAX_STRING)) or ("",)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
