"""Every act has its words on the command line, and each is a command that there is."""

import pytest

from newsletter.cli.commands import COMMANDS
from newsletter.cli.wording import command_for, line_of
from newsletter.errors import Act, NewsletterError, Remedy


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.ADD_EXTRA])
def test_every_act_is_a_command(act: Act) -> None:
    program, command, *_ = command_for(Remedy(act, "issues/2026-11-27.md")).split()

    assert "newsletter" == program
    assert command in COMMANDS


def test_extra_is_added_by_a_command_of_an_installer() -> None:
    assert "install" in command_for(Remedy(Act.ADD_EXTRA, "docx"))


def test_remedy_without_a_subject_leaves_no_gap() -> None:
    assert "newsletter status" == command_for(Remedy(Act.SEE_STATUS))


def test_command_is_the_next_step() -> None:
    remedy = Remedy(Act.UNSCHEDULE, "2026-11-27")
    plain = NewsletterError("it has a slot", where="2026-11-27", next_step="take it out first")
    with_remedy = NewsletterError(
        "it has a slot", where="2026-11-27", next_step="take it out first", remedy=remedy
    )

    assert "2026-11-27: it has a slot; take it out first" == line_of(plain)
    assert (
        "2026-11-27: it has a slot; take it out first: `newsletter unschedule 2026-11-27`"
        == line_of(with_remedy)
    )
    assert str(plain) == str(with_remedy)


def test_command_that_shows_something_is_to_be_seen() -> None:
    error = NewsletterError("it was sent", where="x", remedy=Remedy(Act.SEE_STATUS, "x"))

    assert "x: it was sent; see `newsletter status x`" == line_of(error)
