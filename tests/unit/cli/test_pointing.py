import pytest

from newsletter.cli.pointing import AROUND, pointed


@pytest.mark.parametrize(
    ("text", "at", "width", "lines"),
    [
        ("tag:uk adn", 7, 3, ["tag:uk adn", "       ^^^"]),
        ("tag:uk", 6, 1, ["tag:uk", "      ^"]),
        ("", 0, 1, ["", "^"]),
        ("tag:名前 x", 7, 1, ["tag:名前 x", "         ^"]),
        ("e\u0301 x", 3, 1, ["e\u0301 x", "  ^"]),
        ("a\tb\x1b[2J", 3, 1, ["a b [2J", "   ^"]),
    ],
)
def test_pointed_has_carets_below_the_place(
    text: str, at: int, width: int, lines: list[str]
) -> None:
    assert lines == list(pointed(text, at, width))


def test_pointed_shows_what_is_near_of_a_long_text() -> None:
    line, carets = pointed("a" * 900 + "HERE" + "b" * 900, 900, 4)

    assert f"…{'a' * AROUND}HERE{'b' * (AROUND - 4)}…" == line
    assert line.index("HERE") == carets.index("^")
    assert "^^^^" == carets.strip()
