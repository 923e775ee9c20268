import pytest

from newsletter.clock import now
from newsletter.errors import MessageError
from newsletter.transports import Envelope, open_transport
from newsletter.transports.idempotent import with_key

ADA = Envelope(reverse_path="", recipient="ada@example.com")


@pytest.mark.parametrize(
    "message_id",
    [b"Message-ID: <k3y.mac@example.com>", b"message-id:\r\n <k3y.mac@example.com>"],
)
def test_with_key_puts_the_left_side_of_the_message_id_on_top(message_id: bytes) -> None:
    content = b"DKIM-Signature: x\r\n" + message_id + b"\r\n\r\nHello\r\n"

    assert b"X-Key: k3y.mac\r\n" + content == with_key("X-Key", content, ADA)


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\r\n\r\nMessage-ID: <in.the@body>\r\n",
        b"X-Message-ID: <a@b>\r\n\r\n",
        b"Message-ID: <" + b"x" * 257 + b"@example.com>\r\n\r\n",
        b"Message-ID: <@example.com>\r\n\r\n",
        b"no header\r\n",
    ],
)
def test_with_key_refuses_a_message_that_has_none(content: bytes) -> None:
    with pytest.raises(MessageError, match="no Message-ID to use as its X-Key"):
        with_key("X-Key", content, ADA)


@pytest.mark.parametrize(
    ("expected", "url"),
    [
        (True, "resend:"),
        (True, "smtp://relay?idempotency=X-EE-Idempotency-Key"),
        (False, "sendgrid:"),
        (False, "smtp://relay"),
        (False, "directory:outbox"),
        (False, "failover(resend: resend:resend:pw@)"),
    ],
)
def test_transport_is_idempotent_where_one_relay_honours_a_key(expected: bool, url: str) -> None:
    assert expected == open_transport(url, password="pw", clock=now).is_idempotent
