"""Who must say yes, to which bytes, and what voids it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import Approval
from newsletter.schedule import ApprovalRule, changed_inputs, is_same_person, judge

NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)


def yes(
    approved_by: str,
    digest: str = "d1",
    approved_at: datetime = NOW,
    author: str | None = "Bob",
    override_reason: str | None = None,
    inputs: Mapping[str, str] | None = None,
) -> Approval:
    return Approval(
        issue="2026-11-27",
        digest=digest,
        approved_by=approved_by,
        approved_at=approved_at,
        author=author,
        override_reason=override_reason,
        inputs=inputs or {},
    )


ADA, EVE = yes("Ada"), yes("Eve", approved_at=NOW + timedelta(hours=1))
BOB = yes("Bob")
OLD = yes("Ada", digest="d0", approved_at=NOW - timedelta(days=1))
OLDER = yes("Ada", digest="d-", approved_at=NOW - timedelta(days=2))
TWO = ApprovalRule(required=2)


@pytest.mark.parametrize(
    ("is_given", "count", "missing", "reason", "approvals", "rule"),
    [
        (True, 1, 0, "approved by Ada", [ADA], ApprovalRule()),
        (True, 2, 0, "approved by Ada and Eve", [EVE, ADA], TWO),
        (True, 0, 0, "no approval is required", [], ApprovalRule(required=0)),
        (False, 0, 1, "0 of 1 approvals: nobody has approved it", [], ApprovalRule()),
        (False, 1, 1, "1 of 2 approvals: by Ada", [ADA], TWO),
        (False, 0, 1, "0 of 1 approvals: Bob is its author", [BOB], ApprovalRule()),
        (True, 1, 0, "approved by Bob", [BOB], ApprovalRule(author_may_approve=True)),
        (
            False,
            0,
            1,
            "0 of 1 approvals: Ada approved other bytes than these",
            [OLD],
            ApprovalRule(),
        ),
    ],
)
def test_judge_counts_people_who_approved_these_bytes(
    is_given: bool,
    count: int,
    missing: int,
    reason: str,
    approvals: list[Approval],
    rule: ApprovalRule,
) -> None:
    verdict = judge(approvals, "d1", rule)

    found = (verdict.is_given, len(verdict.names), verdict.missing, verdict.reason)
    assert (is_given, count, missing, reason) == found


@pytest.mark.parametrize("name", ["Ada", "ada", " ADA ", "Ａｄａ"])
def test_judge_counts_a_person_once_however_they_are_spelt(name: str) -> None:
    verdict = judge([ADA, yes(name)], "d1", TWO)

    assert (False, 1) == (verdict.is_given, len(verdict.names))


@pytest.mark.parametrize("name", ["bob", "BOB", "Bob ", "Ｂob"])
def test_judge_knows_the_author_however_they_are_spelt(name: str) -> None:
    assert not judge([yes(name)], "d1", ApprovalRule()).is_given


def test_judge_shows_the_newest_approval_that_a_change_has_voided() -> None:
    verdict = judge([OLDER, OLD], "d1", ApprovalRule())

    assert OLD is verdict.voided
    assert None is judge([OLDER, OLD, ADA], "d1", ApprovalRule()).voided


def test_judge_counts_an_approval_again_when_the_bytes_are_as_they_were() -> None:
    assert judge([OLDER, OLD], "d-", ApprovalRule()).is_given


def test_judge_lets_an_override_stand_for_all_approvals_of_these_bytes_alone() -> None:
    forced = yes("Bob", override_reason="the others are ill")

    verdict = judge([BOB, forced], "d1", TWO)

    assert (True, 0) == (verdict.is_given, verdict.missing)
    assert "overridden by Bob: the others are ill" == verdict.reason
    assert not judge([forced], "d2", TWO).is_given


def test_judge_rests_on_the_override_or_on_those_who_approved() -> None:
    forced = yes("Bob", override_reason="the others are ill")

    assert ("Bob",) == judge([ADA, forced], "d1", TWO).names
    assert ("Ada", "Eve") == judge([EVE, ADA], "d1", TWO).names


def test_judge_counts_nothing_that_was_taken_back() -> None:
    gone = replace(ADA, withdrawn_at=NOW + timedelta(hours=2))

    verdict = judge([gone], "d1", ApprovalRule())

    assert "0 of 1 approvals: Ada has withdrawn theirs" == verdict.reason
    assert (False, None) == (verdict.is_given, verdict.voided)
    assert "1 of 2 approvals: by Eve" == judge([gone, EVE], "d1", TWO).reason
    assert judge([gone, ADA], "d1", ApprovalRule()).is_given
    assert None is judge([replace(OLD, withdrawn_at=NOW)], "d1", ApprovalRule()).voided


@pytest.mark.parametrize(
    ("binds", "is_correction", "rule"),
    [
        (False, False, ApprovalRule()),
        (True, True, ApprovalRule()),
        (True, False, ApprovalRule(send_too=True)),
        (False, True, ApprovalRule(send_too=True, corrections_too=False)),
    ],
)
def test_rule_binds_corrections_and_what_is_sent_by_hand_apart(
    binds: bool, is_correction: bool, rule: ApprovalRule
) -> None:
    assert binds is rule.binds_by_hand(is_correction=is_correction)


NAMES = st.sampled_from(["Ada", "Bob", "Eve", "Zoe"])
GIVEN = st.lists(st.builds(yes, approved_by=NAMES, digest=st.sampled_from(["d0", "d1"])))


@given(GIVEN, st.integers(0, 4))
def test_judge_gives_nothing_without_enough_people_who_may(
    approvals: list[Approval], required: int
) -> None:
    people = {each.approved_by for each in approvals if each.digest == "d1"} - {"Bob"}

    verdict = judge(approvals, "d1", ApprovalRule(required=required))

    assert (len(people) >= required) == verdict.is_given
    assert (len(people), max(required - len(people), 0)) == (len(verdict.names), verdict.missing)


def test_changes_names_what_changed_was_added_or_taken_away() -> None:
    before = yes("Ada", inputs={"issue.md": "1", "sender": "2", "old.j2": "3"})

    assert ("issue.md", "new.j2", "old.j2") == changed_inputs(
        before, {"issue.md": "9", "sender": "2", "new.j2": "4"}
    )
    assert () == changed_inputs(before, dict(before.inputs))


def test_person_is_one_however_they_are_spelt() -> None:
    """Full-width letters, ligatures, capitals and spaces make nobody another person."""
    assert is_same_person("Ada Lovelace", "ＡＤＡ   lovelace")
    assert is_same_person("Steﬃ Groß", "steffi gross")
    assert not is_same_person("Ada Lovelace", "Bob Lovelace")
