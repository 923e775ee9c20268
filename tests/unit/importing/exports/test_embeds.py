"""Frames as links: to the page where people watch, if it is known."""

import pytest

from newsletter.importing.exports.embeds import with_links


@pytest.mark.parametrize(
    ("frame", "address"),
    [
        (
            '<iframe width="1" src="https://www.youtube-nocookie.com/embed/abc-123?rel=0" loading>',
            "https://www.youtube.com/watch?v=abc-123",
        ),
        ("<IFRAME src='//player.vimeo.com/video/987654'></IFRAME>", "https://vimeo.com/987654"),
        (
            '<iframe src="https://radio.example/p?a=1&amp;b=2"></iframe>',
            "https://radio.example/p?a=1&amp;b=2",
        ),
    ],
)
def test_frame_is_a_link(frame: str, address: str) -> None:
    assert (f'a<p><a href="{address}">{address}</a></p>b', 1) == with_links(f"a{frame}b")


@pytest.mark.parametrize(
    "frame",
    [
        "<iframe></iframe>",
        '<iframe src="javascript:x">',
        '<iframe src="about:blank">',
        '<iframe src="http://[">',
    ],
)
def test_frame_that_leads_nowhere_stays_for_the_reader_of_pages(frame: str) -> None:
    assert (frame, 0) == with_links(frame)
