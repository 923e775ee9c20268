"""The report as a mail: what every mail program shows, with all that was said made harmless."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lxml import etree

from newsletter.books import RateCount
from newsletter.render import Theme
from newsletter.reports import mail_report
from newsletter.reports.mail import MAX_PEOPLE, ROWS
from tests.unit.reports.samples import BEGAN, failure, report_of

HOSTILE = '</td><script>alert(1)</script><img src="https://x.example/" onerror="y">'


def tree_of(mail: str) -> Any:
    return etree.fromstring(mail, etree.HTMLParser())


def said(mail: str) -> str:
    return " ".join("".join(tree_of(mail).find("body").itertext()).split())


def test_mail_says_the_numbers_and_the_verdict() -> None:
    words = said(mail_report(report_of(), [failure(1), failure(2)], Theme()))

    assert "2026-11-27: complete" in words
    assert "Shelves & “tills”" in words
    assert "1,192in the audience" in words.replace(" in the", "in the")
    assert "The books balance: 1,192 = 1,192. The run is complete." in words
    assert "1,190 accepted, 2 refused" in words
    assert "reader-2@example.com refused 550 5.1.1 no such mailbox" in words


def test_chart_is_of_cells_and_says_its_numbers() -> None:
    """Mail programs drop SVG, and style sheets with it; the bars are grounds of table cells."""
    mail = mail_report(report_of(), [], Theme())
    bars = tree_of(mail).xpath("//td[@bgcolor=$colour][@height]", colour=Theme().light.accent)
    widths = [int(bar.get("width").removesuffix("%")) for bar in bars]

    assert "<svg" not in mail
    assert "var(" not in mail
    assert ROWS >= len(bars) > 8
    assert 80 == max(widths)
    assert "1,190 in all, 10.0 a second at most." in said(mail)


def test_mail_without_a_time_has_no_chart() -> None:
    mail = mail_report(replace(report_of(), rate=None), [], Theme())

    assert "Accepted over time" not in mail


def test_mail_loads_nothing_and_nothing_in_it_is_a_stranger_s() -> None:
    report = report_of(said=HOSTILE)
    report = replace(
        report,
        run=replace(report.run, subject=HOSTILE, issue=HOSTILE),
        domains=[replace(report.domains[0], domain=HOSTILE)],
    )
    mail = mail_report(report, [failure(1, HOSTILE)], Theme())

    assert [] == tree_of(mail).xpath("//script | //img | //@onerror | //link | //@href | //@src")
    assert 5 <= said(mail).count("<script>alert(1)</script>")


def test_mail_names_twenty_people_and_counts_the_others() -> None:
    mail = mail_report(report_of(refused=500), map(failure, range(500)), Theme())

    assert MAX_PEOPLE == len(re.findall(r"reader-\d+@", mail))
    assert "… and 480 more." in said(mail)


def test_mail_ends_with_what_shows_all_of_it_and_only_if_told() -> None:
    told = mail_report(report_of(), [], Theme(), more="report <all>")

    assert said(told).endswith("All of it: report <all>")
    assert "All of it" not in mail_report(report_of(), [], Theme())


def test_mail_of_a_great_run_is_not_clipped() -> None:
    """Gmail shows 102 kB."""
    report = report_of(refused=500, said="word " * 60)
    report = replace(
        report,
        replies=[*report.replies] * 60,
        domains=[*report.domains] * 20,
        rate=RateCount(start=BEGAN, span=timedelta(hours=1), counts=[10**6] * 60),
    )
    mail = mail_report(report, (failure(at, "x" * 400) for at in range(500)), Theme())

    assert len(mail.encode()) < 60_000


def test_mail_with_nobody_in_need_says_so() -> None:
    assert "Who needs a person Nobody." in said(mail_report(report_of(refused=0), [], Theme()))
