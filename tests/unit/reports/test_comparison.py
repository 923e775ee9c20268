"""A run beside the last ones of its kind, from real books; and how that is said in each form."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.addresses import AddrSpec
from newsletter.books import DeliveryState, NewRun, Outcome, Run
from newsletter.render import Theme
from newsletter.reports import gather, json_report, mail_report, page_report, text_report
from newsletter.reports.comparison import LAST, Comparison, Figures, compare
from newsletter.reports.comparison_words import comparison_table, share_words
from newsletter.store import Database
from newsletter.subscribers import AudienceMember
from tests.new_database import open_new
from tests.people import bring
from tests.turns import begin, settle
from tests.unit.reports.samples import report_of

BEGAN = datetime(2026, 9, 4, 7, 0, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
ACCEPTED, REFUSED = DeliveryState.ACCEPTED, DeliveryState.REFUSED


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_new(tmp_path / "n.db") as database:
        people = "email\n" + "".join(f"r{at}@example.com\n" for at in range(30))
        bring(database, people, BEGAN - WEEK)
        yield database


def sent(
    database: Database,
    week: int,
    *,
    states: tuple[DeliveryState, ...] = (ACCEPTED, ACCEPTED),
    took: timedelta = timedelta(seconds=10),
    segment: str = "",
    corrects: str | None = None,
) -> Run:
    """A complete run of that week, to as many people as there are states."""
    now = BEGAN + week * WEEK
    audience = [
        AudienceMember(subscriber_id=None, address=AddrSpec(f"r{at}", "example.com"), first_name="")
        for at in range(len(states))
    ]
    new = NewRun(
        issue=f"week-{week}{segment or corrects or ''}",
        digest="d",
        subject="s",
        message_date=now,
        segment=segment,
        corrects=corrects,
    )
    run = database.runs.open(new, audience, now, by="ada")
    claims = database.journal.claim(run.id, "me", now, HOUR, len(states))
    begin(database, claims, now)
    outcomes = zip(claims, states, strict=False)
    settle(database, [Outcome(delivery=claim, state=state) for claim, state in outcomes], now)
    database.journal.release(run.id, "me", now)
    database.runs.finish(run.id, "ada", now + took)
    found = database.runs.find(run.issue)
    assert found is not None
    return found


def test_first_issue_is_compared_with_nothing(database: Database) -> None:
    assert compare(database, sent(database, 0), BEGAN + WEEK) is None


def test_run_is_held_against_the_last_eight_before_it_and_none_after(database: Database) -> None:
    runs = [sent(database, week) for week in range(12)]

    found = compare(database, runs[10], BEGAN + 12 * WEEK)

    assert found is not None
    assert [run.issue for run in runs[10 - LAST : 10]] == [each.issue for each in found.before]


def test_only_complete_runs_to_the_same_people_are_of_its_kind(database: Database) -> None:
    sent(database, 0)
    sent(database, 1, segment="tag:uk")
    correction = sent(database, 2, corrects="week-0")
    database.runs.open(
        NewRun(issue="week-3", digest="d", subject="s", message_date=BEGAN),
        [AudienceMember(subscriber_id=None, address=AddrSpec("a", "b.example"), first_name="")],
        BEGAN + 3 * WEEK,
        by="ada",
    )
    unfinished = database.runs.find("week-3")
    run = sent(database, 4)

    found = compare(database, run, BEGAN + 5 * WEEK)

    assert unfinished is not None
    assert found is not None
    assert ["week-0"] == [each.issue for each in found.before]
    assert compare(database, correction, BEGAN + 5 * WEEK) is None
    assert compare(database, unfinished, BEGAN + 5 * WEEK) is None


def test_those_who_left_are_counted_over_the_same_time_after_each(database: Database) -> None:
    """The second left one issue after three days: an issue of two days ago says nothing of that."""
    sent(database, 0)
    database.membership.leave("r1@example.com", BEGAN + HOUR)
    database.membership.leave("r2@example.com", BEGAN + 72 * HOUR)
    run = sent(database, 1)
    database.membership.leave("r3@example.com", run.started_at + HOUR)

    early = compare(database, run, run.started_at + HOUR / 2)
    after_two_days = compare(database, run, run.started_at + 48 * HOUR)
    after_weeks = compare(database, run, run.started_at + 5 * WEEK)

    assert early is not None
    assert after_two_days is not None
    assert after_weeks is not None
    assert (None, None) == (early.this.left, early.before[0].left)
    assert (1, 1) == (after_two_days.this.left, after_two_days.before[0].left)
    assert (1, 2, WEEK) == (
        after_weeks.this.left,
        after_weeks.before[0].left,
        after_weeks.window,
    )


def test_suppressed_people_are_no_recipients(database: Database) -> None:
    database.suppressions.add("r0@example.com", "wrote", BEGAN - WEEK)
    sent(database, 0)
    run = sent(database, 1, states=(ACCEPTED, REFUSED, ACCEPTED, ACCEPTED))

    found = gather(database, run, BEGAN + 2 * WEEK).comparison

    assert found is not None
    assert (3, 2, 1 / 3) == (
        found.this.recipients,
        found.this.accepted,
        found.this.refused_share,
    )


def figures(issue: str, accepted: int, left: int, seconds: float = 62) -> Figures:
    return Figures(
        issue=issue,
        recipients=1_000,
        accepted=accepted,
        refused=1_000 - accepted,
        in_doubt=0,
        left=left,
        took=timedelta(seconds=seconds),
    )


PAST = [figures(f"week-{at}", 997 + at % 3, 2 + at % 4) for at in range(8)]
COMPARISON = Comparison(this=figures("now", 990, 4), before=PAST, window=48 * HOUR)


def test_text_says_each_number_with_its_median_and_range_within_80_columns() -> None:
    lines = list(text_report(replace(report_of(), comparison=COMPARISON), []))
    start = lines.index("Compared with the last eight issues")

    assert [
        "                  this issue     median  least to most",
        "  Recipients           1,000      1,000  1,000",
        "  Accepted            99.0 %     99.8 %  99.7 to 99.9 %  lowest of 9",
        "  Refused              1.0 %      0.2 %  0.1 to 0.3 %    highest of 9",
        "  Left in 2 days       0.4 %      0.4 %  0.2 to 0.5 %",
        "  Time taken       1 min 2 s  1 min 2 s  1 min 2 s",
        "  Per second              16         16  16",
    ] == lines[start + 1 : start + 8]
    assert 80 >= max(map(len, lines[start : start + 8]))


def test_one_issue_before_needs_no_median() -> None:
    table = comparison_table(replace(COMPARISON, before=PAST[:1]))

    assert "Compared with the issue before, week-0" == table.title
    assert ("", "this issue", "the one before") == table.headings
    assert ("Accepted", "99.0 %", "99.7 %") in table.rows


def test_what_differs_by_less_than_its_words_is_not_remarked() -> None:
    past = [figures(f"week-{at}", 990, 4, seconds=62.2) for at in range(3)]

    assert {""} == {row[-1] for row in comparison_table(replace(COMPARISON, before=past)).rows}


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (1, "100 %"), (0.99999, "99.9 %"), (0.00001, "0.1 %"), (0.125, "12.5 %")],
)
def test_all_and_none_are_said_of_all_and_none_alone(share: float, words: str) -> None:
    assert words == share_words(share)


def test_page_mail_and_json_have_the_same_comparison_and_only_where_there_is_one() -> None:
    report = replace(report_of(), comparison=COMPARISON)
    page = "".join(page_report(report, [], Theme()))
    mail = mail_report(report, [], Theme())
    (found, none) = (
        json.loads("".join(json_report(each, [])))["comparison"] for each in (report, report_of())
    )

    assert "Compared with the last eight issues</h2>" in page
    assert '<th scope="row">Refused</th><td class="n">1.0 %</td>' in page
    assert "Refused: median 0.2 %, 0.1 to 0.3 %; <b>highest of 9</b>" in mail
    assert (0.01, 8, 172_800) == (
        found["this"]["refused_share"],
        len(found["before"]),
        found["left_within_seconds"],
    )
    assert none is None
    assert "Compared" not in "".join(page_report(report_of(), [], Theme()))
