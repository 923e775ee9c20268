"""One small publication and one reader, from which each test departs by `replace`."""

from datetime import UTC, datetime

import pytest

from newsletter.addresses import parse_addr_spec, parse_mailbox
from newsletter.issue import Placeholder
from newsletter.message import Reader, RenderedIssue, Sender


@pytest.fixture(scope="session")
def sender() -> Sender:
    return Sender(
        mailbox=parse_mailbox("Friday Five <editor@news.example.com>"),
        reply_to=None,
        reverse_path=parse_addr_spec("bounce@news.example.com"),
        list_id="friday-five.news.example.com",
        list_name="Friday Five",
        base_url="https://news.example.com",
        unsubscribe_mailbox=parse_addr_spec("leave@news.example.com"),
        help_url=None,
        archive_url=None,
        feedback_id=None,
    )


@pytest.fixture(scope="session")
def rendered() -> RenderedIssue:
    return RenderedIssue(
        name="2021-11-26",
        subject="The week in retail tech",
        html='<p>Hello zzSLOT1zz,</p>\n<a href="https://news.example.com/u/zzSLOT2zz">leave</a>\n',
        text="Hello zzSLOT1zz,\nleave: https://news.example.com/u/zzSLOT2zz\n",
        placeholders=(
            Placeholder(mark="zzSLOT1zz", field="first_name", default="there"),
            Placeholder(mark="zzSLOT2zz", field="unsubscribe_token", default=None),
        ),
        date=datetime(2021, 11, 26, 7, 0, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader(
        address=parse_addr_spec("ada@example.org"),
        display_name="Ada Lovelace",
        fields={"first_name": "Ada", "unsubscribe_token": "k1.Zm9vYmFy"},
        message_id_mac="9f86d081884c7d65",
    )
