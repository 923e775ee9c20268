"""Where the files stand that a publication is laid out of, or does without having: templates, pages
of the rules, and the settings and subscribers of the repository's own example.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_PACKED = _PACKAGE / "_starter"


def starter_folder() -> Path:
    """In a wheel the files travel inside the package; in a checkout they stand beside it."""
    return _PACKED if _PACKED.is_dir() else _PACKAGE.parent


def default_templates() -> Path:
    return starter_folder() / "templates"


def rules_folder() -> Path:
    """The pages of the check's rules, `<slug>.md` each."""
    packed = _PACKED / "rules"
    return packed if packed.is_dir() else _PACKAGE.parent / "docs" / "rules"
