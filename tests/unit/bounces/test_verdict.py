"""What is made of what came back, by every kind, proof and past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import ReturnEffect, ReturnKind
from newsletter.bounces import Before, Proven, Rules, verdict

NOBODY, READER = Proven(), Proven(is_reader=True)
DELIVERY = Proven(is_reader=True, is_delivery=True)
_K, _E = ReturnKind, ReturnEffect


def made(
    kind: ReturnKind, proven: Proven = DELIVERY, *, is_final: bool = True, **before: int
) -> ReturnEffect:
    past = Before(
        is_repeated=bool(before.get("repeated")),
        hard=before.get("hard", 0),
        soft=before.get("soft", 0),
    )
    return verdict(kind, is_final=is_final, proven=proven, rules=Rules(), before=past)


@pytest.mark.parametrize(
    ("kind", "effect"),
    [
        (_K.HARD, _E.SUPPRESSED),
        (_K.SOFT, _E.COUNTED),
        (_K.BLOCKED, _E.NOTED),
        (_K.COMPLAINT, _E.SUPPRESSED),
        (_K.AUTO_REPLY, _E.NOTED),
        (_K.CHALLENGE, _E.NOTED),
        (_K.UNSUBSCRIBE, _E.UNSUBSCRIBED),
        (_K.UNKNOWN, _E.SHOWN),
    ],
)
def test_first_time_of_each_kind(kind: ReturnKind, effect: ReturnEffect) -> None:
    assert effect == made(kind)


@pytest.mark.parametrize("kind", [each for each in _K if each not in (_K.AUTO_REPLY, _K.CHALLENGE)])
def test_what_nothing_proves_does_nothing(kind: ReturnKind) -> None:
    assert made(kind, NOBODY) is _E.SHOWN


def test_reader_alone_is_enough_for_a_wish_and_for_nothing_else() -> None:
    effects = {kind: made(kind, READER) for kind in (_K.HARD, _K.SOFT, _K.BLOCKED)}

    assert set(effects.values()) == {_E.SHOWN}
    assert made(_K.COMPLAINT, READER) is _E.SUPPRESSED
    assert made(_K.UNSUBSCRIBE, READER) is _E.UNSUBSCRIBED


def test_soft_ones_add_up_to_a_suppression() -> None:
    assert made(_K.SOFT, soft=1) is _E.COUNTED
    assert made(_K.SOFT, soft=2) is _E.SUPPRESSED


def test_a_delay_never_counts() -> None:
    assert made(_K.SOFT, is_final=False, soft=9) is _E.NOTED
    assert made(_K.HARD, is_final=False) is _E.NOTED


@pytest.mark.parametrize("kind", [_K.HARD, _K.SOFT, _K.BLOCKED, _K.COMPLAINT, _K.UNSUBSCRIBE])
def test_what_was_said_before_is_repeated(kind: ReturnKind) -> None:
    assert made(kind, repeated=1, soft=9, hard=9) is _E.REPEATED


@given(
    st.sampled_from(ReturnKind),
    st.booleans(),
    st.builds(Proven, is_delivery=st.booleans(), is_reader=st.booleans()),
    st.builds(Before, is_repeated=st.booleans(), hard=st.integers(0, 9), soft=st.integers(0, 9)),
)
def test_only_gone_mailboxes_and_wishes_end_a_membership(
    kind: ReturnKind, is_final: bool, proven: Proven, before: Before
) -> None:
    """Whatever comes: no block, no auto-reply and nothing unproven takes anybody off the list."""
    effect = verdict(kind, is_final=is_final, proven=proven, rules=Rules(), before=before)

    if effect in (_E.SUPPRESSED, _E.UNSUBSCRIBED):
        assert proven.is_delivery or proven.is_reader
        assert not before.is_repeated
        assert kind in (_K.HARD, _K.SOFT, _K.COMPLAINT, _K.UNSUBSCRIBE)
        assert is_final or kind in (_K.COMPLAINT, _K.UNSUBSCRIBE)
