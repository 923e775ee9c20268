"""docs/reference/settings.md: every key, made of what the settings say of themselves.

Which keys a section has, and what each may be, is asked of the program that reads them: told a key
that it does not know it lists those that it does, and told a wrong value it says what is allowed.
What a key is for stands in the shipped newsletter.toml, beside it; defaults are the records' own.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsletter.errors import SettingsError
from newsletter.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = (ROOT / "newsletter.toml").read_text(encoding="utf-8")
VARIABLES = (ROOT / ".env.example").read_text(encoding="utf-8")

_LINE = re.compile(r"(?:# )?([\w-]+|\"[^\"]+\") = (.+?)(?: +# (.*))?")
_UNKNOWN = "no_such_key"
_WRONG: tuple[object, ...] = ([[]], -1, {}, "\u0007")
_HEAD = """# Settings

Made from the program by `make reference`: every key that `newsletter.toml` may have, and every
variable. A key left out keeps its default; faults are told all at once, each with its key. The
`newsletter.toml` that `newsletter init` writes has a line for nearly all of them.
"""
_OWN_ROOM: Mapping[str, str] = {
    "publication": "publication",
    "words": "publication.words",
    "test": "tests",
    "theme.light": "theme.light",
    "theme.dark": "theme.dark",
}
"""Where the settings have a section, if not under its own name."""
_FREE = ("limits.domains",)
"""Sections whose keys are the publication's own words: those of the shipped file stand for all."""


@dataclass(frozen=True, kw_only=True)
class Section:
    name: str
    introduction: str
    told: Mapping[str, tuple[str, str]]
    """Of each key that has a line: its value there, and what it is for."""


def settings_page() -> str:
    parts = [_HEAD]
    sections = {section.name: section for section in shipped_sections()}
    default = load(_text({}))
    assert isinstance(default, Settings)
    for section in sections.values():
        keys = sorted({*keys_of(section.name), *section.told})
        rows = [
            _row(section, key, default) for key in keys if f"{section.name}.{key}" not in sections
        ]
        parts += [f"## `[{section.name}]`\n", f"{section.introduction}\n", _table(rows)]
    return "\n".join(parts) + "\n" + _variables()


def shipped_sections() -> Iterator[Section]:
    """The sections of the shipped file, each with the comment above it."""
    for block in SHIPPED.split("\n\n"):
        above, found, lines = block.partition("\n[")
        if not found:
            above, lines = "", block.removeprefix("[")
        name, _, lines = lines.partition("]")
        told = filter(None, map(_LINE.fullmatch, lines.splitlines()))
        if re.fullmatch(r"[\w.]+", name):
            words = " ".join(line.removeprefix("# ") for line in above.splitlines())
            own = {one[1]: (one[2], one[3] or "") for one in told}
            yield Section(name=name, introduction=_linked(words), told=own)


def keys_of(section: str) -> list[str]:
    if section in _FREE:
        return []
    faults = _faults({section: {_UNKNOWN: 1}})
    [fault] = [each for each in faults if f" {_UNKNOWN} means nothing" in each]
    return fault.partition("the keys are ")[2].split(", ")


def allowed_in(section: str, key: str) -> str:
    """What a key may be, as the program says it of a value that is none."""
    for wrong in _WRONG:
        for fault in _faults({section: {key: wrong}}):
            if found := re.match(rf"\[{re.escape(section)}\] {key} = .*?: must be (.*)", fault):
                return found[1]
    return ""


def _faults(own: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    found = load(_text(own))
    return found.faults if isinstance(found, SettingsError) else ()


def load(text: str) -> Settings | SettingsError:
    with TemporaryDirectory() as folder:
        Path(folder, "newsletter.toml").write_text(text, encoding="utf-8")
        try:
            return load_settings(Path(folder), {}, with_environment=False)
        except SettingsError as error:
            return error


def _text(own: Mapping[str, Mapping[str, object]]) -> str:
    """Settings with what must be there, and keys of one's own in its place."""
    shipped = tomllib.loads(SHIPPED)
    values: dict[str, dict[str, Any]] = {
        name: {key: value for key, value in shipped[name].items() if not isinstance(value, dict)}
        for name in ("publication", "sender")
    }
    for name, keys in own.items():
        values[name] = {**values.get(name, {}), **keys}
    lines = []
    for name, keys in values.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


def _row(section: Section, key: str, default: Settings) -> tuple[str, str, str, str]:
    value, words = section.told.get(key, ("", ""))
    usual = _default(section.name, key, default)
    if value and not usual and not value.endswith("["):
        words = f"{words and words[0].upper() + words[1:] + '. '}Such as `{value}`."
    return f"`{key}`", _kind(allowed_in(section.name, key)), usual, words


def _kind(allowed: str) -> str:
    """`a text in quotes` is a text, for who is told no fault."""
    return (
        allowed.removesuffix(" in quotes")
        .partition(", without quotes")[0]
        .replace('a list of texts, ["like", "this"]', "a list of texts")
    )


def _default(section: str, key: str, default: Settings) -> str:
    """As one would write it; nothing where it is no plain value, or has to be given."""
    if section in ("publication", "sender"):
        return ""
    found: Any = default
    for name in (*_OWN_ROOM.get(section, section).split("."), key):
        found = getattr(found, name, None)
    if isinstance(found, tuple) and all(isinstance(each, str | int) for each in found):
        found = list(found)
    if not isinstance(found, str | int | list) or found in ("", []):
        return ""
    text = json.dumps(str(found) if isinstance(found, str) else found, ensure_ascii=False)
    return f"`{text}`" if len(text) <= 60 else "as the language has it"


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = ["| key | may be | default | what it is |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*:", "\\*:")


def _linked(words: str) -> str:
    """A page that a comment names, as a link to it; what is a link in a setting is none here."""
    words = re.sub(r"\[[^\]]*\]\(\w+\)", r"`\g<0>`", words)
    return re.sub(r"docs/([\w-]+)\.md", r"[\1](../\1.md)", words)


def _variables() -> str:
    lines = ["## The environment, and `.env`", "", "| variable | what it is for |", "|---|---|"]
    words: list[str] = []
    for line in VARIABLES.partition("\n\n")[2].splitlines():
        if found := re.fullmatch(r"(?:# )?(NEWSLETTER_\w+)=(.*)", line):
            value = f" As shipped: `{found[2]}`" if found[2] else ""
            lines.append(f"| `{found[1]}` | {_cell(_linked(' '.join(words)))}{value} |")
            words = ["As the one above."]
        elif not line:
            words = []
        elif re.match(r"# (?! |Options)", line):
            words = [each for each in words if each != "As the one above."]
            words.append(line.removeprefix("# "))
    return "\n".join(lines) + "\n"
