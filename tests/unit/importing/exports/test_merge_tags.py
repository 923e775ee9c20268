"""Tags of the old system: gone from the words, and known where they are a reader's own link."""

import pytest

from newsletter.importing.exports import System
from newsletter.importing.exports.merge_tags import without_tags


@pytest.mark.parametrize(
    ("system", "text", "mended", "count"),
    [
        (System.MAILCHIMP, "Hi *|FNAME|*!", "Hi!", 1),
        (System.MAILCHIMP, '<a href="*|UNSUB|*">', '<a href="#unsubscribe">', 0),
        (System.MAILCHIMP, "2 *| 3", "2 *| 3", 0),
        (System.MAILCHIMP, '"?a=1&amp;mc_eid=*|UNIQID|*"', '"?a=1"', 1),
        (System.LISTMONK, "Hi {{ .Subscriber.FirstName }},", "Hi,", 1),
        (System.LISTMONK, '{{ TrackLink "https://a.example/x" . }}', "https://a.example/x", 0),
        (System.LISTMONK, '"https://a.example/x@TrackLink"', '"https://a.example/x"', 0),
        (System.LISTMONK, '<a href="{{ UnsubscribeURL }}">', '<a href="#unsubscribe">', 0),
        (System.BUTTONDOWN, "Hi {{ subscriber.email }}{% if medium == 'email' %}!", "Hi!", 2),
        (
            System.SUBSTACK,
            '<a href="%%checkout_url%%">50%% off</a>',
            '<a href="#unsubscribe">50%% off</a>',
            0,
        ),
        (System.GHOST, 'Hey {first_name, "there"}!', "Hey there!", 1),
        (System.GHOST, "Hey {first_name}{not a tag}", "Hey {not a tag}", 1),
    ],
)
def test_tag_is_gone(system: System, text: str, mended: str, count: int) -> None:
    assert (mended, count) == without_tags(text, system)
