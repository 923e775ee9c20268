"""Which page of the demo's site a letter leads to."""

import pytest

from newsletter.cli.demo_site import letter_link

HEAD = b"From: friday@news.example.com\r\nContent-Type: text/plain; charset=utf-8\r\n"
FOLDED = b"Content-Transfer-Encoding: quoted-printable\r\n\r\nOpen:\r\n\r\n"


@pytest.mark.parametrize(
    ("link", "content"),
    [
        (
            "/confirm/abcd-efgh",
            HEAD + FOLDED + b"https://news.example.com/con=\r\nfirm/abcd-efgh\r\n\r\nBye\r\n",
        ),
        (None, HEAD + FOLDED + b"https://news.example.org/confirm/abcd\r\n"),
        (None, HEAD + FOLDED + b"https://news.example.com/issues/abcd\r\n"),
        (None, b"Content-Type: image/png\r\n\r\nabc"),
        (None, b""),
    ],
)
def test_letter_link_is_that_of_a_confirmation(link: str | None, content: bytes) -> None:
    assert link == letter_link(content, "https://news.example.com")
