"""The error family: its tree is the one in the docstring, and its text is one line."""

import ast
import inspect
import re
from pathlib import Path

import pytest

from newsletter import errors
from newsletter.errors import (
    IssueFileError,
    MissingExtraError,
    NewsletterError,
    SettingsError,
    SubscriberFileError,
    reading,
)

PACKAGE = Path(errors.__file__).parent


def classes() -> list[type[NewsletterError]]:
    found = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
    return [value for value in found if issubclass(value, NewsletterError)]


def tree_in_docstring() -> dict[str, str]:
    """Each class's name, and its parent's, by the indentation of the drawn tree."""
    parents: list[tuple[int, str]] = []
    found: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"(    [│├└─ ]*)([A-Z]\w+)(?:\s{2,}|$)", line)
        if match is None:
            continue
        depth = len(match[1])
        while parents and parents[-1][0] >= depth:
            parents.pop()
        found[match[2]] = parents[-1][1] if parents else "Exception"
        parents.append((depth, match[2]))
    return found


def test_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    assert {error.__name__: error.__mro__[1].__name__ for error in classes()} == tree_in_docstring()


def test_every_error_says_what_it_is_in_a_sentence() -> None:
    for error in classes():
        assert error.__doc__
        assert error.__doc__.rstrip().endswith(".")


def test_no_other_module_defines_an_exception() -> None:
    family = {error.__name__ for error in classes()} | {"Exception", "BaseException", "ValueError"}
    found = [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in family for base in node.bases)
    ]

    assert [] == found


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NewsletterError("it broke"), "it broke"),
        (NewsletterError("it broke", where="week.md"), "week.md: it broke"),
        (NewsletterError("it broke", next_step="mend it"), "it broke; mend it"),
        (
            NewsletterError("it\n  broke", where="week.md:3", next_step="mend\r\nit"),
            "week.md:3: it broke; mend it",
        ),
        (
            SettingsError(["a", "b"], where="newsletter.toml"),
            "newsletter.toml: 2 faults in the settings",
        ),
        (SettingsError(["a"]), "1 fault in the settings"),
        (
            MissingExtraError("the local inbox", extra="inbox"),
            "the local inbox needs the extra “inbox”; add it",
        ),
    ],
)
def test_error_is_one_line(error: NewsletterError, text: str) -> None:
    assert text == str(error)


@pytest.mark.parametrize("kind", [IssueFileError, SubscriberFileError])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("none", "none: no such file; give the path of a list"),
        (".", ".: this is a folder; give the path of a list in it"),
        ("x" * 300, f"{'x' * 300}: cannot be read: File name too long; check its permissions"),
    ],
)
def test_reading_says_what_the_system_says(
    name: str,
    text: str,
    kind: type[NewsletterError],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(kind) as caught, reading(name, kind, wanted="a list"):
        Path(name).read_bytes()

    assert text == str(caught.value)
