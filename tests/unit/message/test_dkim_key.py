"""Keys as files: made, read, and refused where they would not do."""

import base64
import hashlib
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)

from newsletter.errors import Act, Remedy, SettingsError
from newsletter.message import (
    Algorithm,
    DkimKey,
    new_key,
    parse_key,
    read_key,
    record_strings,
)
from newsletter.message.dkim_key import GOOD_BITS, LEAST_BITS, MAX_STRING, MOST_BITS


def write(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def read(path: Path, algorithm: Algorithm = Algorithm.RSA) -> DkimKey:
    return read_key(path, selector="s", algorithm=algorithm)


def fault(path: Path, algorithm: Algorithm = Algorithm.RSA) -> str:
    with pytest.raises(SettingsError) as caught:
        read(path, algorithm)
    assert str(path) == caught.value.where
    return caught.value.faults[0]


def test_key_sizes_are_those_of_rfc_8301() -> None:
    assert (1024, 2048, 4096) == (LEAST_BITS, GOOD_BITS, MOST_BITS)


def test_read_key_gives_an_rsa_key_whose_record_holds_its_public_half(tmp_path: Path) -> None:
    key = read(write(tmp_path / "key.pem", new_key(Algorithm.RSA)))
    digest = hashlib.sha256(b"message").digest()
    public = load_der_public_key(base64.b64decode(key.record.removeprefix("v=DKIM1; k=rsa; p=")))
    signature = key.sign(digest)

    assert (2048, False) == (key.bits, key.is_weak)
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(signature, digest, padding.PKCS1v15(), Prehashed(SHA256()))
    assert signature == key.sign(digest)


def test_read_key_gives_an_ed25519_key_whose_record_is_32_octets(tmp_path: Path) -> None:
    path = write(tmp_path / "key.pem", new_key(Algorithm.ED25519))
    key = read(path, Algorithm.ED25519)
    public = base64.b64decode(key.record.removeprefix("v=DKIM1; k=ed25519; p="))

    assert 32 == len(public)
    assert not key.is_weak


def test_read_key_takes_what_openssl_writes(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    command = ["openssl", "genrsa", "-out", str(path), "2048"]
    subprocess.run(command, check=True, capture_output=True)
    path.chmod(0o600)

    assert 2048 == read(path).bits


def test_read_key_calls_1024_bits_weak(tmp_path: Path) -> None:
    """C18: allowed, with a warning."""
    key = read(write(tmp_path / "key.pem", pem(rsa.generate_private_key(65537, 1024))))

    assert (1024, True) == (key.bits, key.is_weak)


NOBODY, THEIR_GROUP, STRANGE_GROUP = 65534, 54321, 54322


@pytest.fixture
def as_nobody() -> Iterator[Callable[[int, int, int], Path]]:
    """Makes a key of an owner, a group and a mode; then this process is nobody, in one group."""
    if os.geteuid() != 0:
        pytest.skip("root alone can be somebody else")
    groups = os.getgroups()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)

        def make(owner: int, group: int, mode: int) -> Path:
            path = write(Path(folder) / "key.pem", new_key(Algorithm.ED25519), mode)
            os.chown(path, owner, group)
            os.setgroups([THEIR_GROUP])
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
            return path

        yield make
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.mark.parametrize("mode", [0o640, 0o440, 0o400, 0o600])
def test_read_key_takes_one_that_a_group_of_ours_may_read(tmp_path: Path, mode: int) -> None:
    """As Kubernetes mounts secrets with an fsGroup, and as `root:friday` of a daemon's key."""
    path = write(tmp_path / "key.pem", new_key(Algorithm.ED25519), mode)

    assert 256 == read(path, Algorithm.ED25519).bits


@pytest.mark.parametrize("mode", [0o640, 0o440])
def test_read_key_takes_roots_key_that_a_group_of_ours_may_read(
    as_nobody: Callable[[int, int, int], Path], mode: int
) -> None:
    path = as_nobody(0, THEIR_GROUP, mode)

    assert 256 == read(path, Algorithm.ED25519).bits


@pytest.mark.parametrize(("group", "mode"), [(THEIR_GROUP, 0o644), (STRANGE_GROUP, 0o640)])
def test_read_key_refuses_one_that_a_strange_group_may_read(
    as_nobody: Callable[[int, int, int], Path], group: int, mode: int
) -> None:
    path = as_nobody(NOBODY, group, mode)

    assert f"may be read by others (mode {mode:o})" in fault(path, Algorithm.ED25519)


def test_read_key_leaves_the_mode_of_a_credential_to_systemd(tmp_path: Path) -> None:
    path = write(tmp_path / "key.pem", new_key(Algorithm.ED25519), 0o444)
    key = read_key(path, selector="s", algorithm=Algorithm.ED25519, is_credential=True)

    assert 256 == key.bits
    with pytest.raises(SettingsError) as caught:
        read_key(tmp_path / "x", selector="s", algorithm=Algorithm.RSA, is_credential=True)
    assert "LoadCredential=" in caught.value.faults[0]


def test_parse_key_reads_what_a_variable_holds() -> None:
    pem = new_key(Algorithm.ED25519)
    key = parse_key(pem, where="NAME", selector="s", algorithm=Algorithm.ED25519)

    assert 256 == key.bits
    with pytest.raises(SettingsError) as caught:
        parse_key(b"s3cret", where="NAME", selector="s", algorithm=Algorithm.RSA)
    assert "NAME" == caught.value.where
    assert "s3cret" not in " ".join(caught.value.faults)


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o660, 0o620, 0o642])
def test_read_key_refuses_a_file_that_others_may_read(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path / "key.pem", new_key(Algorithm.ED25519), mode)

    assert f"(mode {mode:o}): `chmod 600 {path}`" in fault(path, Algorithm.ED25519)


def test_read_key_refuses_a_size_that_no_receiver_takes(tmp_path: Path) -> None:
    """C18. OpenSSL makes the short key, for the library makes none."""
    path = tmp_path / "key.pem"
    command = ["openssl", "genrsa", "-out", str(path), "768"]
    subprocess.run(command, check=True, capture_output=True)
    path.chmod(0o600)

    assert "768 bits" in fault(path)


@pytest.mark.parametrize(
    ("expected", "content"),
    [
        ("is not a private key in PEM", b""),
        ("is not a private key in PEM", b"-----BEGIN PRIVATE KEY-----\nnot\n"),
        ("is not a key for rsa-sha256", pem(ec.generate_private_key(ec.SECP256R1()))),
        ("is not a key for rsa-sha256", new_key(Algorithm.ED25519)),
    ],
)
def test_read_key_refuses_what_is_no_key_of_its_kind(
    tmp_path: Path, expected: str, content: bytes
) -> None:
    assert expected in fault(write(tmp_path / "key.pem", content))


def test_read_key_refuses_an_encrypted_key(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    encryption = BestAvailableEncryption(b"secret")
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)

    assert "is encrypted" in fault(write(tmp_path / "key.pem", content))


def test_read_key_says_how_to_make_one_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path / "key.pem")

    assert ("the DKIM key is not there",) == caught.value.faults
    assert Remedy(Act.MAKE_DKIM_KEY) == caught.value.remedy
    assert "cannot be read: Is a directory" in fault(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_read_key_says_so_when_it_may_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "key.pem", b"", 0o000)

    assert "Permission denied" in fault(path)
    assert 0 == stat.S_IMODE(path.stat().st_mode)


def test_key_shows_nothing_of_itself(tmp_path: Path) -> None:
    key = read(write(tmp_path / "key.pem", new_key(Algorithm.RSA)))

    assert "DkimKey(selector='s', algorithm=<Algorithm.RSA: 'rsa-sha256'>, bits=2048)" == repr(key)


def test_record_strings_join_to_the_record_and_are_short(tmp_path: Path) -> None:
    """RFC 1035, 3.3, and RFC 6376, 3.6.2.2."""
    key = read(write(tmp_path / "key.pem", new_key(Algorithm.RSA, bits=4096)))
    strings = record_strings(key.record)

    assert 255 == MAX_STRING
    assert key.record == "".join(strings)
    assert 3 == len(strings)
    assert all(len(string) <= 255 for string in strings)


def test_message_room_needs_no_cryptography_until_there_is_a_key() -> None:
    """The extra is named when it is missing, and nothing is paid for when it is not used."""
    program = """
import sys
from pathlib import Path
import newsletter.message
assert "cryptography" not in sys.modules
sys.modules["cryptography"] = None
from newsletter.errors import MissingExtraError
for call in (
    lambda: newsletter.message.new_key(newsletter.message.Algorithm.RSA),
    lambda: newsletter.message.read_key(Path("x"), selector="s", algorithm="rsa-sha256"),
):
    try:
        call()
    except MissingExtraError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert 2 == done.stdout.count("the extra “dkim”")
