"""The registry: rules by name, and rules of other packages through real entry points."""

import sys
from pathlib import Path

import pytest

from newsletter.check import all_rules, find_rule
from newsletter.check.registry import built_in
from newsletter.errors import Act, CheckError, Remedy

BUILT_IN = tuple(built_in())

TWICE = "newsletter.rules: two rules are called"
RENAME = "rename one of them, or uninstall its package"
GOOD = """\
from newsletter.check import Rule, Severity

RULE = Rule(
    code={code!r}, slug={slug!r}, summary="Nobody says synergy.",
    severity=Severity.INFO, check=lambda issue, context: (),
)
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, text: str) -> None:
    """A package as pip would leave it: a module, and a dist-info folder that names its rule."""
    (folder / f"{module}.py").write_text(text, encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[newsletter.rules]\nown = {module}:RULE\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, module, raising=False)


def test_all_rules_are_the_built_in_ones_without_plug_ins() -> None:
    assert BUILT_IN == all_rules()


def test_all_rules_hold_the_rule_of_another_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "no_synergy", GOOD.format(code="N001", slug="synergy"))

    rules = all_rules()

    assert "synergy" == find_rule("N001", rules).slug
    assert len(BUILT_IN) + 1 == len(rules)


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        (
            "broken_import",
            "import newsletter_lacks_this",
            (
                "plug-in broken_import:RULE: the rule cannot be loaded: "
                "No module named 'newsletter_lacks_this'; "
                "mend the package it comes from, or uninstall it"
            ),
        ),
        (
            "broken_syntax",
            "RULE = (",
            (
                "plug-in broken_syntax:RULE: the rule cannot be loaded: '(' was never closed "
                "(broken_syntax.py, line 1); mend the package it comes from, or uninstall it"
            ),
        ),
        (
            "broken_name",
            "RULES = []",
            (
                "plug-in broken_name:RULE: the rule cannot be loaded: "
                "module 'broken_name' has no attribute 'RULE'; "
                "mend the package it comes from, or uninstall it"
            ),
        ),
        (
            "broken_kind",
            "RULE = print",
            "plug-in broken_kind:RULE: this is not a Rule; let the entry point name a Rule",
        ),
        (
            "broken_code",
            GOOD.format(code="S001", slug="synergy"),
            f"{TWICE} S001, of newsletter and broken_code; {RENAME}",
        ),
        (
            "broken_slug",
            GOOD.format(code="N001", slug="title-count"),
            f"{TWICE} title-count, of newsletter and broken_slug; {RENAME}",
        ),
    ],
)
def test_all_rules_name_a_broken_plug_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, text: str, said: str
) -> None:
    install(tmp_path, monkeypatch, module, text)

    with pytest.raises(CheckError) as caught:
        all_rules()

    assert said == str(caught.value)


@pytest.mark.parametrize("name", ["title-count", "Title-Count", "C001", "c001"])
def test_find_rule_knows_code_and_slug_in_any_case(name: str) -> None:
    assert "title-count" == find_rule(name, BUILT_IN).slug


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("title-cuont", "did you mean title-count?"),
        ("footer-mising", "did you mean footer-missing?"),
        ("zzz", "see which rules there are"),
    ],
)
def test_find_rule_names_the_nearest_for_an_unknown_name(name: str, step: str) -> None:
    with pytest.raises(CheckError) as caught:
        find_rule(name, BUILT_IN)

    assert f"there is no rule “{name}”; {step}" == str(caught.value)
    assert (Remedy(Act.LIST_RULES) if name == "zzz" else None) == caught.value.remedy
