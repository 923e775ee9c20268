"""Signatures, judged by two strangers: dkimpy, and OpenDKIM in its integration test."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from dkim.canonicalization import CanonicalizationPolicy  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import AddrSpec, parse_mailbox
from newsletter.errors import MessageError
from newsletter.issue import Placeholder
from newsletter.message import (
    Algorithm,
    Composer,
    DkimKey,
    Letter,
    Reader,
    RenderedIssue,
    Sender,
    Signer,
    check_alignment,
    compose_letter,
    is_selector,
    new_key,
    read_key,
    scan_message,
)
from newsletter.message.dkim import GUARDED, relaxed
from newsletter.message.encoding import quoted_printable

DOMAIN = "news.example.com"
NOW = datetime(2021, 11, 26, 7, tzinfo=UTC)
RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[Algorithm, DkimKey]:
    folder = tmp_path_factory.mktemp("keys")
    found = {}
    for algorithm, selector in ((Algorithm.RSA, "r1"), (Algorithm.ED25519, "e1")):
        path = folder / f"{selector}.pem"
        path.touch(0o600)
        path.write_bytes(new_key(algorithm))
        found[algorithm] = read_key(path, selector=selector, algorithm=algorithm)
    return found


@pytest.fixture(scope="module")
def signer(keys: dict[Algorithm, DkimKey]) -> Signer:
    return Signer(DOMAIN, [keys[Algorithm.RSA], keys[Algorithm.ED25519]])


@pytest.fixture(scope="module")
def full(sender: Sender) -> Sender:
    """A sender with every header field there may be."""
    return replace(
        sender,
        reply_to=parse_mailbox("Editors <editors@news.example.com>"),
        help_url="https://news.example.com/help",
        archive_url="https://news.example.com/issues",
        feedback_id="friday-five:weekly:news:examplemed",
    )


@pytest.fixture(scope="module")
def message(rendered: RenderedIssue, full: Sender, reader: Reader, signer: Signer) -> bytes:
    return Composer(rendered, full, signer=signer).compose(reader)


@pytest.fixture(scope="module")
def is_verified(signer: Signer) -> Callable[[bytes], bool]:
    """Whether dkimpy verifies every signature of a message, with the records of the signer."""
    records = {f"{key.selector}._domainkey.{DOMAIN}.": key.record for key in signer.keys}

    def look_up(name: bytes, timeout: int = 0) -> bytes:
        return records[name.decode()].encode()

    def verify(data: bytes) -> bool:
        count = data.partition(b"\r\n\r\n")[0].lower().count(b"dkim-signature:")
        try:
            return count > 0 and all(
                dkim.DKIM(data).verify(idx=number, dnsfunc=look_up) for number in range(count)
            )
        except dkim.DKIMException:
            return False

    return verify


def tags(message: bytes, number: int = 0) -> dict[str, str]:
    """The tags of one signature, unfolded."""
    unfolded = message.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ").split("\r\n")
    value = unfolded[number].removeprefix("DKIM-Signature: ")
    pairs = [tag.strip().partition("=") for tag in value.split(";")]
    return {name: text.replace(" ", "") for name, _, text in pairs}


def test_signer_signs_so_that_another_verifies(
    message: bytes, is_verified: Callable[[bytes], bool]
) -> None:
    assert 2 == message.count(b"DKIM-Signature:")
    assert is_verified(message)


@pytest.mark.parametrize("html", ["", "<p>two  spaces \n\tand a tab\n\n"])
def test_signer_signs_letters_too(
    sender: Sender, signer: Signer, is_verified: Callable[[bytes], bool], html: str
) -> None:
    letter = Letter(
        key="refused 2021-11-26",
        sender=sender.mailbox,
        to=[AddrSpec("desk", "example.org"), AddrSpec("ada", "example.org")],
        subject="Zu spät",
        text="two  spaces \n\tand a tab\n\n",
        html=html,
        date=NOW,
    )
    content = compose_letter(letter, signer)

    assert 2 == content.count(b"DKIM-Signature:")
    assert content.endswith(compose_letter(letter))
    assert is_verified(content)
    assert not is_verified(content.replace(b"Auto-Submitted: auto", b"Auto-Submitted: no; auto"))
    assert not is_verified(content.replace(b"two", b"six"))
    with pytest.raises(MessageError, match="does not cover From"):
        compose_letter(letter, Signer("example.net", signer.keys))


def test_signer_says_how_it_signed(message: bytes) -> None:
    """C18, C19, C20, C22: SHA-256, Ed25519 second, relaxed, no l=; t= is the message's date."""
    first, second = tags(message), tags(message, 1)

    assert ("rsa-sha256", "r1") == (first["a"], first["s"])
    assert ("ed25519-sha256", "e1") == (second["a"], second["s"])
    for found in (first, second):
        assert ["v", "a", "c", "d", "s", "t", "h", "bh", "b"] == list(found)
        assert ("relaxed/relaxed", DOMAIN) == (found["c"], found["d"])
        assert "1637910000" == found["t"]


def test_signer_covers_every_field_and_once_more(message: bytes) -> None:
    """C06, C21 and C34: so that none can be changed, and none added."""
    head = message.partition(b"\r\n\r\n")[0].decode()
    there = [name.lower() for name in re.findall(r"^([A-Za-z-]+):", head, re.MULTILINE)][2:]
    listed = tags(message)["h"].split(":")

    assert dict.fromkeys(there, 1) == {name: there.count(name) for name in there}
    assert {"list-unsubscribe", "list-unsubscribe-post", "feedback-id", "reply-to"} < set(there)
    for name in {*there, *GUARDED}:
        assert there.count(name) + 1 == listed.count(name), name


@pytest.mark.parametrize(
    "name",
    [
        *("From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version"),
        *("Content-Type", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Post"),
        *("List-Help", "List-Archive", "List-Owner", "List-Subscribe", "Feedback-ID", "Sender"),
        *("In-Reply-To", "References", "Content-Transfer-Encoding", "Disposition-Notification-To"),
    ],
)
def test_signature_fails_when_a_field_is_changed_or_added(
    message: bytes, is_verified: Callable[[bytes], bool], name: str
) -> None:
    """On top, where most programs look, or at the bottom, where a verifier begins."""
    added = f"{name}: <https://evil.example/>\r\n".encode()
    found = re.search(rb"^%b: " % name.encode(), message, re.MULTILINE)

    assert not is_verified(added + message)
    assert not is_verified(message.replace(b"\r\n\r\n", b"\r\n" + added + b"\r\n", 1))
    if found:
        assert not is_verified(message[: found.end()] + b"x" + message[found.end() :])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Ada=", b"Eva="),
        (b"leave", b"stay"),
        (b"--\r\n", b"--\r\nmore\r\n"),
        (b"<p>", b"<p >"),
        (b"t=1637910000", b"t=1637910001"),
    ],
)
def test_signature_fails_when_the_body_or_itself_is_changed(
    message: bytes, is_verified: Callable[[bytes], bool], old: bytes, new: bytes
) -> None:
    assert old in message
    assert not is_verified(message.replace(old, new))


def test_signature_covers_a_long_body_to_its_end(
    rendered: RenderedIssue,
    sender: Sender,
    reader: Reader,
    signer: Signer,
    is_verified: Callable[[bytes], bool],
) -> None:
    long = replace(rendered, html=rendered.html + "<p>word</p>\n" * 10_000 + "<p>last</p>\n")
    message = Composer(long, sender, signer=signer).compose(reader)

    assert is_verified(message)
    assert not is_verified(message.replace(b"last", b"lost"))


def test_signature_holds_when_a_relay_adds_what_relays_add(
    message: bytes, is_verified: Callable[[bytes], bool]
) -> None:
    """Trace fields on top, other white space in a folded field, empty lines at the end."""
    refolded = message.replace(b"Subject: The week", b"Subject:  The\r\n\tweek")

    assert refolded != message
    assert is_verified(b"Received: from a by b; Fri, 26 Nov 2021 07:00:01 +0000\r\n" + refolded)
    assert is_verified(message + b"\r\n\r\n")


def test_signature_is_the_same_when_the_message_is_sent_again(
    rendered: RenderedIssue, sender: Sender, reader: Reader, signer: Signer
) -> None:
    """G5, in another composer."""
    first, again = (Composer(rendered, sender, signer=signer).compose(reader) for _ in range(2))

    assert first == again


def test_signature_ends_when_the_signer_says_so(
    rendered: RenderedIssue, sender: Sender, reader: Reader, keys: dict[Algorithm, DkimKey]
) -> None:
    """C23."""
    signer = Signer(DOMAIN, [keys[Algorithm.RSA]], expires_after=timedelta(days=7))
    found = tags(Composer(rendered, sender, signer=signer).compose(reader))

    assert 7 * 86_400 == int(found["x"]) - int(found["t"])


def test_signer_leaves_the_message_as_it_is_without_it(
    rendered: RenderedIssue, sender: Sender, reader: Reader, signer: Signer
) -> None:
    plain = Composer(rendered, sender)
    signed = Composer(rendered, sender, signer=signer)
    message = signed.compose(reader)

    assert message.endswith(b"\r\n" + plain.compose(reader))
    assert message == signed.headers(reader) + b"\r\n" + signed.body(reader)
    extra = len(message) - len(plain.compose(reader))
    assert extra == signed.size - plain.size
    assert extra == signed.part_sizes.headers - plain.part_sizes.headers


def test_signature_lines_are_short(message: bytes) -> None:
    """C02."""
    head = message.partition(b"From:")[0]

    assert 78 >= max(map(len, head.split(b"\r\n")))


VALUES = st.text(st.sampled_from("aZé =<&\t\r\n.>- \u00a0") | st.characters(), max_size=120)


@given(
    name=VALUES,
    display_name=VALUES.map(lambda text: " ".join(text.split()) if text.isprintable() else "A  b"),
    text=VALUES.filter(str.strip),
    local_part=st.sampled_from(["ada", "zoë", "a-" * 20 + "z"]),
)
def test_signature_is_verified_whatever_a_reader_is_called(
    sender: Sender,
    rendered: RenderedIssue,
    signer: Signer,
    is_verified: Callable[[bytes], bool],
    name: str,
    display_name: str,
    text: str,
    local_part: str,
) -> None:
    text = text.replace("{", "").encode("utf-8", "ignore").decode() or "x"
    placeholders = (Placeholder(mark="zzSLOT1zz", field="first_name", default="  a \t b  "),)
    body = f"zzSLOT1zz  {text}  \tzzSLOT1zz  \n  {text}zzSLOT1zz\n\n\n"
    composer = Composer(
        replace(rendered, text=body, html=body, placeholders=placeholders), sender, signer=signer
    )
    someone = Reader(
        address=AddrSpec(local_part, "example.org"),
        display_name=display_name,
        fields={"first_name": name, "unsubscribe_token": "k1.Zm9v"},
        message_id_mac="9f86d081884c7d65",
    )
    message = composer.compose(someone)
    sent = composer.body(someone)

    assert is_verified(message)
    assert RELAXED.canonicalize_body(sent) == sent
    scan_message(message, recipient=someone.address)


@given(st.text(st.sampled_from("ab =\t\r\n") | st.characters(exclude_categories=["Cs"])))
def test_quoted_printable_is_what_relaxed_canonicalisation_leaves_alone(text: str) -> None:
    """But for empty lines at the end, after which a message has its last boundary."""
    encoded = quoted_printable(text, soft_end=True) + b"=\r\n--end--\r\n"

    assert RELAXED.canonicalize_body(encoded) == encoded


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"X-Name", b"x-NAME \t"]),
            st.lists(st.sampled_from(["a", "é", " ", "\t", ":", "=", "\r\n ", "\r\n\t"])).map(
                lambda pieces: f" a{''.join(pieces)}\r\n".encode()
            ),
        ),
        min_size=1,
    )
)
def test_relaxed_fields_are_those_of_another(fields: list[tuple[bytes, bytes]]) -> None:
    expected = b"".join(b"%b:%b" % pair for pair in RELAXED.canonicalize_headers(fields))

    assert expected == relaxed(b"".join(b"%b:%b" % pair for pair in fields))


@pytest.mark.parametrize("domain", ["news.example.com", "example.com", "m.news.example.com"])
def test_check_alignment_passes_a_domain_of_the_sender(sender: Sender, domain: str) -> None:
    check_alignment(domain, sender.mailbox.addr_spec.domain)


@pytest.mark.parametrize(
    "domain", ["example.org", "ews.example.com", "xnews.example.com", "com", "", "a b.example.com"]
)
def test_check_alignment_refuses_any_other(sender: Sender, domain: str) -> None:
    """C03."""
    with pytest.raises(MessageError):
        check_alignment(domain, sender.mailbox.addr_spec.domain)


def test_composer_refuses_a_signer_of_another_domain(
    rendered: RenderedIssue, sender: Sender, keys: dict[Algorithm, DkimKey]
) -> None:
    with pytest.raises(MessageError, match="DMARC"):
        Composer(rendered, sender, signer=Signer("example.org", [keys[Algorithm.RSA]]))


def test_composer_refuses_a_signer_for_a_free_mail_sender(
    rendered: RenderedIssue, sender: Sender, signer: Signer
) -> None:
    """C03: nobody but Google has a key of gmail.com."""
    free = replace(sender, mailbox=parse_mailbox("friday.five@gmail.com"))

    with pytest.raises(MessageError, match=r"gmail\.com"):
        Composer(rendered, free, signer=signer)


def test_signer_refuses_ed25519_alone(keys: dict[Algorithm, DkimKey]) -> None:
    """C19."""
    with pytest.raises(MessageError, match="RSA"):
        Signer(DOMAIN, [keys[Algorithm.ED25519]])


@pytest.mark.parametrize(
    ("expected", "text"),
    [(True, "n202111"), (True, "a.b-c"), (False, ""), (False, "a b"), (False, "x;y"), (False, "-")],
)
def test_is_selector(expected: bool, text: str) -> None:
    assert expected == is_selector(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"rsa-sha256", b"rsa-sha1"),
        (b"c=relaxed/relaxed", b"c=simple/simple"),
        (b"; bh=", b"; l=100; bh="),
        (b"list-unsubscribe-post:", b"list-post:"),
        (b"list-unsubscribe:from:", b"list-unsubscribe:"),
        (b"<p>", b"<p>  "),
        (b"<p>", b"<p>\t"),
        (b"<p>", b"<p> \r\n"),
        (b"DKIM-Signature:", b"DKIM-Signature: v=1;\r\nDKIM-Signature:"),
    ],
)
def test_scan_message_refuses_a_signature_that_leaves_something_open(
    message: bytes, reader: Reader, old: bytes, new: bytes
) -> None:
    flat = re.sub(rb";\r\n ", b"; ", message).replace(b":\r\n ", b":")
    scan_message(flat, recipient=reader.address)

    with pytest.raises(MessageError):
        scan_message(flat.replace(old, new), recipient=reader.address)


def test_scan_message_refuses_a_third_signature(message: bytes, reader: Reader) -> None:
    one = message.partition(b"DKIM-Signature: v=1; a=ed")[0]

    with pytest.raises(MessageError, match="3 signatures"):
        scan_message(one + message, recipient=reader.address)


def test_signer_hashes_the_digest_that_rfc_8463_signs(
    message: bytes, keys: dict[Algorithm, DkimKey]
) -> None:
    """Ed25519 over the SHA-256 of the fields, worked out from the message alone."""
    head, _, body = message.partition(b"\r\n\r\n")
    canonical = relaxed(head + b"\r\n").splitlines(keepends=True)
    fields = {line.partition(b":")[0].decode(): line for line in canonical[2:]}
    found = tags(message, 1)
    signed = b"".join(fields.pop(name, b"") for name in found["h"].split(":"))
    own = re.sub(rb"; b=.*\r\n\Z", b"; b=", canonical[1], flags=re.DOTALL)
    digest = hashlib.sha256(signed + own).digest()

    assert found["bh"] == base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert found["b"] == base64.b64encode(keys[Algorithm.ED25519].sign(digest)).decode()


PROGRAM = """
import sys, threading, time
from pathlib import Path
from newsletter.message import Algorithm, read_key

key = read_key(Path(sys.argv[1]), selector="s", algorithm=Algorithm.RSA)
sys.setswitchinterval(1000)  # from here on, a thread that keeps the lock keeps it to its end
done = threading.Event()

def sign():
    for _ in range(100):
        key.sign(bytes(32))
    done.set()

thread = threading.Thread(target=sign)
thread.start()
turns = 0
while not done.is_set():
    time.sleep(0)
    turns += 1
thread.join()
print(turns)
"""


def test_key_lets_other_threads_run_when_it_signs(tmp_path: Path) -> None:
    """Else signing in threads would be no faster than on the loop."""
    path = tmp_path / "rsa.pem"
    path.touch(0o600)
    path.write_bytes(new_key(Algorithm.RSA))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, path], capture_output=True, text=True, check=True
    )

    assert 20 < int(done.stdout)
