"""The table of commands that the help is made of: `newsletter.cli.commands`."""

from newsletter.cli.commands import COMMANDS, GROUPS


def test_every_command_has_a_line_that_fits_a_terminal_beside_its_name() -> None:
    widest = max(map(len, COMMANDS))
    for name, line in COMMANDS.items():
        assert line.endswith("."), name
        assert 80 >= widest + len(line) + 4, name


def test_no_command_stands_in_two_groups() -> None:
    assert len(COMMANDS) == sum(len(group) for group in GROUPS.values())
