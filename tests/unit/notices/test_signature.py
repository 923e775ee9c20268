"""The signature of a webhook against those that the specification's own libraries test with."""

import base64

import pytest

from newsletter.errors import SettingsError
from newsletter.notices.signature import read_secret, sign


@pytest.mark.parametrize(
    ("expected", "secret", "message_id", "timestamp", "body"),
    [
        (
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1649367553,
            b'{"email":"test@example.com","username":"test_user"}',
        ),
        (
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        ),
    ],
)
def test_signature_is_the_one_that_receivers_expect(
    expected: str, secret: str, message_id: str, timestamp: int, body: bytes
) -> None:
    assert expected == sign(read_secret(secret), message_id, timestamp, body)


def test_secret_of_base64_needs_no_padding() -> None:
    key = bytes(range(32))
    padded = f"whsec_{base64.b64encode(key).decode()}"

    assert key == read_secret(padded) == read_secret(padded.rstrip("="))


def test_secret_without_a_prefix_is_the_key_as_it_is() -> None:
    assert b"ab" * 16 == read_secret("ab" * 16)


@pytest.mark.parametrize(
    ("why", "secret"),
    [
        ("it has 23 octets, and needs at least 24", "s" * 23),
        ("it has 18 octets, and needs at least 24", "whsec_" + "s" * 24),
        ("what follows its whsec_ is not base64", "whsec_not a base64 text, of many signs"),
        ("it has 0 octets, and needs at least 24", "whsec_"),
    ],
)
def test_secret_that_is_none_is_refused_without_being_shown(why: str, secret: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_secret(secret)
    said = f"{caught.value} {caught.value.faults}"

    assert why in said
    assert secret == "whsec_" or secret not in said
