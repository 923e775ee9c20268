"""The words of a run: one table for every state, and numbers that balance or say so aloud."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.books import Balance, DeliveryState, RateCount
from newsletter.render import Theme
from newsletter.reports import (
    balance_lines,
    balance_sentence,
    counts_text,
    json_report,
    mail_report,
    page_report,
    state_word,
    text_report,
    why,
)
from newsletter.reports.text import MAX_PEOPLE
from newsletter.reports.words import REPORTED, state_meaning
from tests.unit.reports.samples import BEGAN, failure, report_of


def test_report_shows_every_state_that_somebody_is_in() -> None:
    balance = Balance(
        frozen=1_200,
        counts={
            DeliveryState.ACCEPTED: 1_190,
            DeliveryState.DEFERRED: 7,
            DeliveryState.REFUSED: 2,
            DeliveryState.IN_DOUBT: 1,
        },
    )

    assert [
        "  1,200  in the audience",
        "  1,190  accepted by the relay",
        "      7  deferred, to be tried again",
        "      2  refused for good",
        "      1  in doubt: sent, and no reply came",
        "  The books balance: 1,200 = 1,200. 7 to be sent.",
    ] == balance_lines(balance)


def test_report_says_aloud_that_the_books_do_not_balance() -> None:
    balance = Balance(frozen=3, counts={DeliveryState.ACCEPTED: 2})

    assert "THE BOOKS DO NOT BALANCE: 3 frozen, 2 accounted for" == balance_sentence(balance)


def test_every_state_has_its_words() -> None:
    assert set(DeliveryState) == set(REPORTED)
    assert "in doubt" == state_word(DeliveryState.IN_DOUBT)
    assert "sent, and no reply came" == state_meaning(DeliveryState.IN_DOUBT)


def test_counts_are_said_in_the_order_of_the_states() -> None:
    counts = {DeliveryState.REFUSED: 2, DeliveryState.IN_DOUBT: 1_190, DeliveryState.FAILED: 0}

    assert "1,190 in doubt, 2 refused" == counts_text(counts)


def test_reason_says_the_reply_then_ours_then_the_next_try() -> None:
    deferred = replace(
        failure(1, "deferred too often"),
        state=DeliveryState.DEFERRED,
        next_attempt_at=BEGAN + timedelta(minutes=5),
    )
    doubt = replace(
        failure(1), state=DeliveryState.IN_DOUBT, reply_code=None, enhanced_code="", reply_text=""
    )

    assert (
        "550 5.1.1 no such mailbox; deferred too often; next try from 2026-11-27 07:05 UTC"
        == why(deferred)
    )
    assert "sent, and no reply came" == why(doubt)


def test_text_and_page_name_what_shows_all_the_names_and_only_if_told() -> None:
    report = report_of(refused=MAX_PEOPLE + 2)
    people = [failure(number) for number in range(MAX_PEOPLE + 2)]
    text = list(text_report(report, people, more="report <all>"))
    page = "".join(page_report(report, people, Theme(), more="report <all>"))

    assert "  … and 2 more: `report <all>`" == text[-1]
    assert "… and 2 more: <code>report &lt;all&gt;</code></p>" in page
    assert "  … and 2 more" == list(text_report(report, people))[-1]
    assert "… and 2 more.</p>" in "".join(page_report(report, people, Theme()))


def test_every_form_says_when_the_run_was() -> None:
    report = report_of()
    times = "egan 2026-11-27 07:00 UTC, ended 2026-11-27 07:02 UTC"

    assert any(times in line for line in text_report(report, []))
    assert times in "".join(page_report(report, [], Theme()))


@pytest.mark.parametrize(
    ("counts", "span"),
    [([12, *[0] * 59], timedelta(milliseconds=17)), ([1] * 3, timedelta(minutes=40))],
)
def test_chart_that_says_nothing_is_left_out(counts: list[int], span: timedelta) -> None:
    """Twelve messages within a second, or three in two hours."""
    rate = RateCount(start=BEGAN, span=span, counts=counts)
    report = replace(report_of(), rate=rate)
    forms = (
        "".join(text_report(report, [])),
        "".join(page_report(report, [], Theme())),
        mail_report(report, [], Theme()),
    )

    assert not any("Accepted over time" in form for form in forms)
    assert counts == json.loads("".join(json_report(report, [])))["rate"]["accepted"]


def test_domains_are_read_in_their_own_letters_by_people_alone() -> None:
    report = report_of()
    report = replace(report, domains=[replace(report.domains[0], domain="xn--bcher-kva.example")])
    forms = (
        "".join(text_report(report, [])),
        "".join(page_report(report, [], Theme())),
        mail_report(report, [], Theme()),
    )

    assert all("bücher.example" in form for form in forms)
    assert (
        "xn--bcher-kva.example"
        == json.loads("".join(json_report(report, [])))["domains"][0]["domain"]
    )
