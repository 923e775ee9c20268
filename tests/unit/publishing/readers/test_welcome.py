from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.publishing.readers.welcome import MAX_BYTES, Welcome, parse_welcome

PATH = Path("welcome.md")


def test_parse_welcome_takes_the_first_line_as_the_subject() -> None:
    expected = Welcome(subject="Welcome to the Five", text="Hello,\n\nfive stories each Friday.")

    for start in ("# Welcome", "Welcome", "\ufeff# Welcome"):
        text = f"{start} to the Five\r\n\r\nHello,\r\n\r\nfive stories each Friday.\r\n"
        assert expected == parse_welcome(text.encode(), PATH), start


@pytest.mark.parametrize(
    "octets", [b"", b"# Only a subject\n", b"#\n\ntext", b"\xff\xfe\n\nx", b"a\n" * MAX_BYTES]
)
def test_parse_welcome_refuses_what_is_no_letter(octets: bytes) -> None:
    with pytest.raises(SettingsError) as raised:
        parse_welcome(octets, PATH)

    assert "welcome.md" == raised.value.where
    assert raised.value.next_step
