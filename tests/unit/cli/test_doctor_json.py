"""`newsletter.cli.doctor_json` and the pages that describe it: every word in each of them."""

import json
from pathlib import Path
from typing import Any

import jsonschema

from newsletter.cli.doctor_json import json_of
from newsletter.cli.exit_status import ExitStatus
from newsletter.errors import Act, Remedy
from newsletter.mail_identity import Wanted
from newsletter.publishing.doctoring.finding import (
    Finding,
    Found,
    Level,
    Provider,
    SenderRule,
)

DOCS = Path(__file__).parents[3] / "docs"
SCHEMA: dict[str, Any] = json.loads((DOCS / "schemas/doctor.json").read_text(encoding="utf-8"))
PAGE = (DOCS / "dns.md").read_text(encoding="utf-8")


def test_the_page_explains_every_word_and_rule() -> None:
    for found in Found:
        assert f"| `{found}` |" in PAGE, found
    for rule in SenderRule:
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| {rule} |")]
        cells = [cell.strip() for cell in row.split("|")[2:4]]
        assert [Provider.GMAIL in rule.providers, Provider.YAHOO in rule.providers] == [
            bool(cell) for cell in cells
        ], rule


def test_a_finding_with_all_that_it_can_have() -> None:
    finding = Finding(
        name="dkim",
        level=Level.BAD,
        what="two\nlines, and \x1b[2J",
        step="make a key",
        remedy=Remedy(Act.MAKE_DKIM_KEY),
        found=Found.MISSING,
        record=Wanted(name="n1._domainkey.example.com", kind="TXT", value="k" * 300),
        rule=SenderRule.AUTHENTICATION,
    )

    text = json_of([finding], ExitStatus.COULD_NOT_RUN)

    told = json.loads(text)
    jsonschema.validate(told, SCHEMA)
    [said] = told["findings"]
    assert "two lines, and \x1b[2J" == said["what"]
    assert "\x1b" not in text
    assert "newsletter dkim new" == said["command"]
    assert [255, 45] == [len(each) for each in said["record"]["strings"]]
    assert {"ok": 0, "info": 0, "warn": 0, "bad": 1} == told["counts"]
