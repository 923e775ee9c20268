"""Webhooks posted to a real server that takes, refuses, redirects, stalls and drips."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsletter.errors import SettingsError
from newsletter.notices import Outcome, Webhook, post_patiently
from tests.pace import passing, patience

SECONDS = passing(1.0)

pytestmark = pytest.mark.slow

SECRET = b"twenty-four octets or more"
NOW = datetime(2026, 11, 27, 7, 0, 5, tzinfo=UTC)
EVENT = {"type": "issue.finished", "data": {"issue": "2026-11-27", "subject": "Grüße, “heute”"}}

Make = Callable[..., Webhook]
Receiver = Any


def test_webhook_posts_json_with_a_signature_that_verifies(
    receiver: Receiver, webhook_to: Make
) -> None:
    answer = webhook_to(receiver.url("/a/b?key=1&x=ü")).post(EVENT, "finished 2026-11-27", NOW)
    ((path, headers, body),) = receiver.asked
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()

    assert (204, Outcome.TAKEN) == (answer.status, answer.outcome)
    assert "/a/b?key=1&x=%C3%BC" == path
    assert EVENT == json.loads(body)
    assert "application/json; charset=utf-8" == headers["content-type"]
    assert f"localhost:{receiver.port}" == headers["host"]
    assert str(int(NOW.timestamp())) == headers["webhook-timestamp"]
    assert f"v1,{mac}" == headers["webhook-signature"]


def test_event_has_one_id_for_every_attempt(receiver: Receiver, webhook_to: Make) -> None:
    webhook = webhook_to(receiver.url())
    for event_id in ("a: 1", "a: 1", "a: 2"):
        webhook.post(EVENT, event_id, NOW)
    first, again, other = (headers["webhook-id"] for _, headers, _ in receiver.asked)

    assert first == again != other
    assert first.removeprefix("msg_").isalnum()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, Outcome.TAKEN), (202, Outcome.TAKEN)),
        *((400, Outcome.REFUSED), (401, Outcome.REFUSED), (404, Outcome.REFUSED)),
        *((410, Outcome.REFUSED), (408, Outcome.AGAIN), (425, Outcome.AGAIN)),
        *((429, Outcome.AGAIN), (500, Outcome.AGAIN), (503, Outcome.AGAIN)),
    ],
)
def test_status_says_what_became_of_the_event(
    receiver: Receiver, webhook_to: Make, status: int, outcome: Outcome
) -> None:
    receiver.statuses = (status,)
    answer = webhook_to(receiver.url()).post(EVENT, "a", NOW)

    assert (status, outcome) == (answer.status, answer.outcome)
    assert answer.words.startswith(f"webhook localhost: the server says {status}")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_an_answer_and_is_not_followed(
    receiver: Receiver, webhook_to: Make, status: int
) -> None:
    receiver.statuses, receiver.location = (status,), receiver.url("/elsewhere")
    answer = webhook_to(receiver.url()).post(EVENT, "a", NOW)

    assert (status, Outcome.REFUSED) == (answer.status, answer.outcome)
    assert ["/hook"] == [path for path, _, _ in receiver.asked]


def waits(pauses: list[float]) -> Callable[[float], Awaitable[None]]:
    """A sleep that only writes down for how long."""

    async def sleep(pause: float) -> None:
        pauses.append(pause)

    return sleep


def test_webhook_is_posted_again_until_it_is_taken(receiver: Receiver, webhook_to: Make) -> None:
    """After the pauses that were given, each time signed for its own moment."""
    receiver.statuses = (500, 429, 200, 500)
    pauses: list[float] = []
    moments = iter(NOW + timedelta(seconds=at) for at in range(9))
    answer = asyncio.run(
        post_patiently(
            webhook_to(receiver.url()),
            EVENT,
            "a",
            now=lambda: next(moments),
            sleep=waits(pauses),
            pauses=(5, 30, 120),
        )
    )

    assert (200, Outcome.TAKEN) == (answer.status, answer.outcome)
    assert [5, 30] == pauses
    assert 3 == len({headers["webhook-timestamp"] for _, headers, _ in receiver.asked})
    assert 3 == len({headers["webhook-signature"] for _, headers, _ in receiver.asked})


def test_webhook_gives_up_when_the_pauses_are_used_up(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses = (503,)
    pauses: list[float] = []
    answer = asyncio.run(
        post_patiently(
            webhook_to(receiver.url()),
            EVENT,
            "a",
            now=lambda: NOW,
            sleep=waits(pauses),
            pauses=(1, 2),
        )
    )

    assert Outcome.AGAIN is answer.outcome
    assert 3 == len(receiver.asked)
    assert [1, 2] == pauses


def test_webhook_that_is_refused_is_not_posted_again(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses = (410, 200)
    pauses: list[float] = []
    answer = asyncio.run(
        post_patiently(webhook_to(receiver.url()), EVENT, "a", now=lambda: NOW, sleep=waits(pauses))
    )

    assert Outcome.REFUSED is answer.outcome
    assert [] == pauses
    assert 1 == len(receiver.asked)


def test_posting_leaves_the_event_loop_to_others(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses = (0,)  # no answer before the receiver's end
    webhook = webhook_to(receiver.url(), timeout=patience())

    async def post() -> bool:
        posting = asyncio.create_task(
            post_patiently(webhook, EVENT, "a", now=lambda: NOW, pauses=())
        )
        await asyncio.sleep(0)
        is_under_way = not posting.done()
        receiver.over.set()
        await posting
        return is_under_way

    assert asyncio.run(post())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_webhook_connects_to_public_addresses_alone(host: str) -> None:
    """With the opinion that it has by itself; 169.254.169.254 tells a cloud machine's secrets."""
    answer = Webhook(url=f"https://{host}:1/hook", secret=SECRET).post(EVENT, "a", NOW)

    assert (None, Outcome.REFUSED) == (answer.status, answer.outcome)
    assert "it leads to an address that is not public" in answer.words


def test_webhook_connects_to_the_address_that_was_looked_at(
    receiver: Receiver, webhook_to: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that gives another answer a moment later has nothing to say any more."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *args: Any, **options: Any) -> Any:
        looked_up.append(host)
        where = "127.0.0.1" if host == "127.0.0.1" or len(looked_up) == 1 else "127.0.0.99"
        return real(where, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    seen: list[str] = []

    def may_ask(address: str) -> bool:
        seen.append(address)
        return True

    answer = webhook_to(receiver.url(), may_ask=may_ask).post(EVENT, "a", NOW)

    assert 204 == answer.status
    assert ["127.0.0.1"] == seen
    assert 1 == looked_up.count("localhost")


def test_webhook_asks_no_proxy(
    receiver: Receiver, webhook_to: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert 204 == webhook_to(receiver.url()).post(EVENT, "a", NOW).status


def test_webhook_believes_no_certificate_of_a_stranger(
    receiver: Receiver, webhook_to: Make
) -> None:
    webhook = webhook_to(receiver.url(), tls=ssl.create_default_context())
    answer = webhook.post(EVENT, "a", NOW)

    assert (None, Outcome.AGAIN) == (answer.status, answer.outcome)
    assert "its certificate is not valid" in answer.words
    assert [] == receiver.asked


def test_webhook_believes_no_certificate_of_another_name(
    receiver: Receiver, webhook_to: Make
) -> None:
    answer = webhook_to(f"https://127.0.0.1:{receiver.port}/").post(EVENT, "a", NOW)

    assert "its certificate is not valid" in answer.words
    assert [] == receiver.asked


def test_server_that_never_answers_is_given_up(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses = (0,)
    answer = webhook_to(receiver.url(), timeout=SECONDS).post(EVENT, "a", NOW)

    assert (None, Outcome.AGAIN) == (answer.status, answer.outcome)
    assert answer.words.endswith(f"there was no answer within {SECONDS:g} seconds")


def test_server_that_drips_its_answer_has_answered(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses, receiver.trickle = (200,), b"x"
    answer = webhook_to(receiver.url(), timeout=SECONDS).post(EVENT, "a", NOW)

    assert Outcome.TAKEN is answer.outcome


def test_answer_is_read_so_far_and_no_further(receiver: Receiver, webhook_to: Make) -> None:
    receiver.statuses, receiver.trickle = (200,), b"x" * 65536

    assert Outcome.TAKEN is webhook_to(receiver.url()).post(EVENT, "a", NOW).outcome


def test_server_that_is_not_there_is_asked_again(webhook_to: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = webhook_to(f"https://localhost:{port}/hook").post(EVENT, "a", NOW)

    assert Outcome.AGAIN is answer.outcome
    assert "it cannot be reached: Connection refused" in answer.words


def test_webhook_shows_neither_its_secret_nor_its_path(
    receiver: Receiver, webhook_to: Make
) -> None:
    receiver.statuses = (404,)
    webhook = webhook_to(receiver.url("/services/T0KEN?key=S3CRET"))
    shown = f"{webhook!r} {webhook} {webhook.post(EVENT, 'a', NOW)}"

    assert SECRET.decode() not in shown
    assert "T0KEN" not in shown
    assert "S3CRET" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/S3CRET",
        "https:///S3CRET",
        "https://user:S3CRET@hooks.example.com/",
        "https://hooks.example.com:99999/S3CRET",
        "https://hooks.example.com/S3CRET\r\nX: y",
        "https://[::1/S3CRET",
        "file:///S3CRET",
        "S3CRET",
    ],
)
def test_webhook_with_an_impossible_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Webhook(url=url, secret=SECRET)

    assert "S3CRET" not in f"{caught.value} {caught.value.faults}"
