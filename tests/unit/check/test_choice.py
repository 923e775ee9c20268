"""Which rules run: named by code, slug or family, and what the house format switches off."""

import pytest

from newsletter.check import all_rules, switched_off
from newsletter.errors import CheckError

RULES = all_rules()
SLUGS = {rule.slug for rule in RULES}


def running(*, select: list[str] | None = None, ignore: list[str] | None = None) -> set[str]:
    off = switched_off(RULES, select=select or [], ignore=ignore or [], off=["story-count"])
    return SLUGS - off


def test_all_rules_run_but_those_that_the_house_switches_off() -> None:
    assert SLUGS - {"story-count"} == running()


@pytest.mark.parametrize("names", [["S008,blank-lines"], ["s008", "S014"], ["S008, blank-lines"]])
def test_selected_rules_run_alone(names: list[str]) -> None:
    assert {"story-numbering", "blank-lines"} == running(select=names)


def test_family_is_named_by_its_letter() -> None:
    structure = {rule.slug for rule in RULES if rule.code.startswith("S")}

    assert structure - {"story-count"} == running(select=["s"])
    assert SLUGS - structure == running(ignore=["S"])


def test_ignored_rule_does_not_run_though_selected() -> None:
    assert {"blank-lines"} == running(select=["S008", "S014"], ignore=["story-numbering"])


def test_rule_that_is_switched_off_runs_when_it_is_selected_by_its_own_name() -> None:
    assert {"story-count"} == running(select=["S007"])
    assert "story-count" not in running(select=["S"])


@pytest.mark.parametrize(
    ("name", "step"),
    [("story-cuont", "did you mean story-count?"), ("Q", "see which rules there are")],
)
def test_name_that_means_nothing_is_refused(name: str, step: str) -> None:
    with pytest.raises(CheckError, match=step.replace("?", r"\?")):
        running(select=[name])
    with pytest.raises(CheckError):
        running(ignore=[name])
