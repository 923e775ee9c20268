"""docs/schemas has a schema for each command that writes JSON, in the program's own words."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newsletter.books import DeliveryState, ReturnEffect, ReturnKind, RunState, SlotState
from newsletter.check import Severity
from newsletter.cli.exit_status import ExitStatus
from newsletter.cli.reference import all_commands
from newsletter.publishing.agenda import Kind, Urgency
from newsletter.publishing.doctoring.finding import Found, Group, Level, Provider, SenderRule
from newsletter.publishing.health import Probe
from newsletter.publishing.health import Verdict as HealthVerdict
from newsletter.publishing.templates import TemplateState
from newsletter.subscribers import SubscriberState, SuppressionKind
from newsletter.transports import Verdict

FOLDER = Path(__file__).parents[3] / "docs" / "schemas"
FILES = sorted(FOLDER.glob("*.json"))
COMMON = "common.json"

STATES: tuple[type[StrEnum], ...] = (
    DeliveryState,
    Found,
    Group,
    HealthVerdict,
    Kind,
    Level,
    Probe,
    Provider,
    ReturnEffect,
    ReturnKind,
    RunState,
    SenderRule,
    Severity,
    SlotState,
    SubscriberState,
    SuppressionKind,
    Urgency,
    Verdict,
)
WORDS: list[list[Any]] = [
    *([state.value for state in states] for states in STATES),
    [state.name.lower() for state in TemplateState],
    list(ExitStatus),
]


def test_every_command_that_writes_json_has_a_schema_and_every_schema_a_command() -> None:
    """A new one: docs/schemas/NAME.json, and a line in tests/acceptance/test_programs.py."""
    written = [
        command.name
        for command in all_commands()
        for option in command.options
        if "--format" in option.names and "json" in option.choices
    ]

    assert sorted(f"{name.replace(' ', '-')}.json" for name in written) == [
        file.name for file in FILES if file.name != COMMON
    ]


def test_the_page_for_programs_leads_to_every_schema() -> None:
    page = (FOLDER.parent / "programs.md").read_text()

    assert not [file.name for file in FILES if f"(schemas/{file.name})" not in page]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_schema_is_one_and_what_it_refers_to_is_there(file: Path) -> None:
    schema = json.loads(file.read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    for found in every(schema):
        if "$ref" in found:
            name, _, pointer = found["$ref"].partition("#/")
            place = json.loads((FOLDER / (name or file.name)).read_text())
            for step in pointer.split("/"):
                assert step in place, found
                place = place[step]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_words_of_a_schema_are_the_programs_own_and_all_of_them(file: Path) -> None:
    for found in every(json.loads(file.read_text())):
        if "enum" in found:
            assert found["enum"] in WORDS


def every(schema: Any) -> Iterator[dict[str, Any]]:
    """Each object in a schema, itself first."""
    if isinstance(schema, dict):
        yield schema
    inside = schema.values() if isinstance(schema, dict) else schema
    for each in inside if isinstance(schema, dict | list) else ():
        yield from every(each)
