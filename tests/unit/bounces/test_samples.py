"""A sample of every form and standard: what each is understood to say, and in any shape of it.

All samples are ours, with addresses at example domains. `samples.json` is what `explain` would say
of each; write it anew with UPDATE_GOLDEN=1 and read the difference.
"""

import json
import os
from pathlib import Path

import pytest

from newsletter.books import ReturnKind
from newsletter.bounces import Understanding, understand
from newsletter.bounces.forms import forms

HERE = Path(__file__).parent
GOLDEN = HERE / "samples.json"
SAMPLES = sorted((HERE / "samples").glob("*.eml"))
BY_NAME = {path.stem: path.read_bytes() for path in SAMPLES}
CUT = ("dsn-postfix", "dsn-several", "dsn-base64", "arf-yahoo", "form-exim", "form-qmail")


def told(found: Understanding) -> dict[str, object]:
    recipients = [
        {
            "address": each.address,
            "kind": each.kind.value,
            "code": each.code,
            "enhanced_code": each.enhanced_code,
            "reason": each.reason,
            "is_final": each.is_final,
        }
        for each in found.recipients
    ]
    clues = found.clues
    return {
        "kind": found.kind.value,
        "how": found.how,
        "recipients": recipients,
        "message_ids": list(clues.message_ids),
        "reverse_paths": list(clues.reverse_paths),
        "unsubscribe_tokens": list(clues.unsubscribe_tokens),
    }


def test_samples_are_understood_as_before() -> None:
    found = {name: told(understand(raw)) for name, raw in BY_NAME.items()}
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    expected = json.loads(GOLDEN.read_text("utf-8"))

    assert expected == found


@pytest.mark.parametrize(
    ("begin", "kinds"),
    [
        ("away-", {ReturnKind.AUTO_REPLY}),
        ("receipt", {ReturnKind.AUTO_REPLY}),
        ("challenge-", {ReturnKind.CHALLENGE}),
        ("leave-", {ReturnKind.UNSUBSCRIBE}),
        ("form-", {ReturnKind.HARD, ReturnKind.SOFT, ReturnKind.BLOCKED}),
        ("guess-", {ReturnKind.HARD, ReturnKind.SOFT}),
        ("person", {ReturnKind.UNKNOWN}),
        ("no", {ReturnKind.UNKNOWN}),
    ],
)
def test_samples_are_of_their_kind(begin: str, kinds: set[ReturnKind]) -> None:
    named = {name: raw for name, raw in BY_NAME.items() if name.startswith(begin)}
    wrong = {name for name, raw in named.items() if understand(raw).kind not in kinds}

    assert named
    assert set() == wrong


def test_bounces_name_their_recipient() -> None:
    nobody = {
        name
        for name, raw in BY_NAME.items()
        if name.startswith(("form-", "dsn-"))
        and not all(e.address for e in understand(raw).recipients)
    }

    assert set() == nobody


def test_every_form_has_a_sample() -> None:
    known = {understand(raw).how.partition(", the recipient")[0] for raw in BY_NAME.values()}

    assert set() == {form.name for form in forms()} - known


@pytest.mark.parametrize("name", BY_NAME)
def test_line_ends_make_no_difference(name: str) -> None:
    with_lf = BY_NAME[name].replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    assert understand(with_lf) == understand(with_lf.replace(b"\n", b"\r\n"))
    assert understand(with_lf) == understand(with_lf.replace(b"\n", b"\r"))


@pytest.mark.parametrize("name", CUT)
def test_whatever_is_cut_off_something_is_understood(name: str) -> None:
    raw = BY_NAME[name]
    for at in range(0, len(raw), 50):
        for part in (raw[:at], raw[at:], raw[:at] + raw[at + 50 :]):
            assert understand(part).kind in ReturnKind


def test_a_cut_copy_leaves_the_report_as_it_is() -> None:
    raw = BY_NAME["dsn-postfix"]
    whole = understand(raw)
    cut = understand(raw[: raw.index(b"List-Unsubscribe")])

    assert whole.recipients == cut.recipients
    assert whole.clues.message_ids == cut.clues.message_ids
