"""A rate as somebody writes it."""

import pytest

from newsletter.rates import parse_rate, rate_words


@pytest.mark.parametrize(
    ("expected", "text"),
    [(20.0, "20"), (20.0, "20/s"), (5.0, "300/m"), (0.5, "0.5"), (1 / 3600, "1/h")],
)
def test_a_rate_is_in_messages_per_second(expected: float, text: str) -> None:
    assert expected == parse_rate(text)


@pytest.mark.parametrize("text", ["", "0", "0/s", "-1", "20/d", "20 /s", "1e3", "9" * 400])
def test_what_is_no_rate_is_none(text: str) -> None:
    assert parse_rate(text) is None


@pytest.mark.parametrize("text", ["20/s", "1.5/s", "30/m", "1/h", "200/s"])
def test_a_rate_is_said_as_it_is_written(text: str) -> None:
    found = parse_rate(text)

    assert found is not None
    assert text == rate_words(found)
