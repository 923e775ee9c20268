"""The text of newsletter.toml with values put into it, each in its place, comments and all.

Which values a publication has is left to whoever writes one; what they mean, to the sections.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Values = Mapping[str, Mapping[str, Any]]
"""By section, such as `house.words`, and key: texts, numbers, true or false, lists and tables."""

_SECTION = re.compile(r"\[(?P<name>[\w.]+)\]\s*\Z")
_SETTING = re.compile(
    r"(?P<sign>(?:# )?)(?P<key>\w+) = "
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|[\w.+:-]+)(?P<after>\s*#.*)?\Z"""
)
_LISTED_AT_MOST = 8
"""Words of a long list that are shown, but for those that a calendar must have whole."""
_WHOLE = ("weekdays", "months")
_COMMENTS_AT = 52
"""Columns from the left, as in the text of ours."""


def with_values(text: str, values: Values, shown: Values) -> str:
    """The settings of `text` with `values` set, and `shown` in comments, to be changed.

    A key that the text does not have comes first in its section. Raises KeyError for a section that
    it does not have.
    """
    lines = _joined(text).split("\n")
    heads = {head["name"] for line in lines if (head := _SECTION.match(line))}
    for section in values.keys() - heads:
        raise KeyError(section)
    return "\n".join(_lines(lines, values, shown))


def _joined(text: str) -> str:
    """With each list on one line, as the lines of a file are gone through."""
    return re.sub(r"(?m)^(\w+ = )\[( *#.*)?\n((?:.*\n)*?)\]", _one_line, text)


def _one_line(found: re.Match[str]) -> str:
    return f"{found[1]}[{' '.join(found[3].split()).rstrip(',')}]{found[2] or ''}"


def _lines(lines: Sequence[str], values: Values, shown: Values) -> Iterator[str]:
    section = ""
    keys = _keys(lines)
    for line in lines:
        setting = _SETTING.match(line)
        if head := _SECTION.match(line):
            section = head["name"]
            yield line
            for key, value in values.get(section, {}).items():
                if key not in keys[section]:
                    yield f"{key} = {_toml(value)}"
        elif setting and setting["key"] in values.get(section, {}):
            yield _line("", setting, _toml(values[section][setting["key"]]))
        elif setting and setting["key"] in shown.get(section, {}):
            yield _line("# ", setting, _example(setting["key"], shown[section][setting["key"]]))
        else:
            yield line


def _keys(lines: Sequence[str]) -> Mapping[str, set[str]]:
    """The keys that each section has a line for, set or shown."""
    section, found = "", {"": set[str]()}
    for line in lines:
        if head := _SECTION.match(line):
            section = head["name"]
            found[section] = set()
        elif setting := _SETTING.match(line):
            found[section].add(setting["key"])
    return found


def _line(sign: str, setting: re.Match[str], value: str) -> str:
    comment = (setting["after"] or "").strip()
    return f"{sign + setting['key'] + ' = ' + value:<{_COMMENTS_AT - 2}}  {comment}".rstrip()


def _example(key: str, value: Any) -> str:
    is_long = isinstance(value, Sequence) and not isinstance(value, str) and key not in _WHOLE
    return _toml(value[:_LISTED_AT_MOST] if is_long else value)


def _toml(value: Any) -> str:
    """A value as TOML 1.0 has it. What JSON escapes in a text, TOML reads the same way.

    TOML wants DEL escaped as well.
    """
    if isinstance(value, str):
        is_pattern = "\\" in value and "'" not in value and value.isprintable()
        quoted = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        return f"'{value}'" if is_pattern else quoted
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)
