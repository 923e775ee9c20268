"""Subject and preheader as lists of messages cut them."""

from newsletter.web.studio.inbox import Line, cut, inbox
from newsletter.web.studio.letter_widths import width_of

SUBJECT = "A palm for a purse, shelves that count, and an app that quits"
PREHEADER = "Northfold reads hands, Parcelwise drops its aisles, and Quillon goes back to the web"


def test_width_of_letters_follows_the_metrics_of_the_font() -> None:
    assert 22.78 == round(width_of("Hello", 10), 2)
    assert width_of("Hello", 10) < width_of("Hello", 10, is_bold=True)


def test_width_of_an_accented_letter_is_that_of_the_letter() -> None:
    assert width_of("café", 10) == width_of("cafe", 10) == width_of("cafe\u0301", 10)


def test_width_of_chinese_is_a_square_each() -> None:
    assert 20 == width_of("新聞", 10)


def test_cut_leaves_whole_what_has_room() -> None:
    assert "" == cut("Short", Line(room=200, size=14)).rest


def test_cut_loses_nothing_and_leaves_room_for_the_dots() -> None:
    line = Line(room=120, size=14)

    found = cut(SUBJECT, line)

    assert SUBJECT == found.shown + found.rest
    assert width_of(f"{found.shown}…", line.size) <= line.room
    assert width_of(f"{found.shown}{found.rest[0]}…", line.size) > line.room


def test_inbox_says_what_each_program_does() -> None:
    rows = {row["program"]: row for row in inbox(SUBJECT, PREHEADER)["rows"]}

    assert "subject cut at 40" == rows["Gmail, phone"]["said"]
    assert "" == rows["Apple Mail, phone"]["preheader"]["rest"]
    assert "preheader cut at 42" == rows["Gmail, web"]["said"]


def test_inbox_knows_the_beginning_that_all_show() -> None:
    assert "A palm for a purse, shelves that count, " == inbox(SUBJECT, PREHEADER)["all_show"]
    assert inbox("Short", PREHEADER)["all_show"] is None


def test_inbox_leaves_no_room_for_a_preheader_beside_a_long_subject() -> None:
    rows = {row["program"]: row for row in inbox(SUBJECT + SUBJECT, PREHEADER)["rows"]}

    assert "" == rows["Gmail, web"]["preheader"]["shown"]
