import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers import (
    RETURN_TOKEN,
    make_return_token,
    make_token,
    read_return_token,
    secret_of,
)

SECRET = b"0123456789abcdef0123456789abcdef"
OTHER = b"another secret, just as long ..."
LIST, ISSUE, ADA = "friday.example.com", "2026-12-04", "ada@example.com"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def token(
    secret: bytes = SECRET, list_id: str = LIST, issue: str = ISSUE, key: str = ADA, id_: int = 7
) -> str:
    return make_return_token(
        secret, list_id=list_id, issue=issue, recipient_key=key, delivery_id=id_
    )


def proven(
    text: str, *secrets: bytes, list_id: str = LIST, issue: str = ISSUE, key: str = ADA
) -> list[int]:
    """The deliveries that it proves, where the row it names says this issue and this person."""
    claims = read_return_token(text, secrets or [SECRET], list_id=list_id)
    return [claim.delivery_id for claim in claims if claim.holds_for(issue, key)]


@given(TEXT, TEXT, TEXT, st.integers(0, 2**48 - 1))
def test_return_token_proves_its_delivery_in_any_case(
    list_id: str, issue: str, key: str, delivery_id: int
) -> None:
    made = token(list_id=list_id, issue=issue, key=key, id_=delivery_id)

    assert re.fullmatch(f"[a-z2-7]{{{RETURN_TOKEN}}}", made)
    for text in (made, made.upper(), made.capitalize()):
        assert [delivery_id] == proven(text, list_id=list_id, issue=issue, key=key)


def test_return_token_stays_readable() -> None:
    """Mail that is on its way has this very token: its form may not change under it."""
    assert "6i6lwudczgsj43o3zrubwj24u26y3n5pirbjlklq" == token()


def test_return_token_is_the_same_for_a_re_send_and_another_for_anybody_else() -> None:
    others = [token(id_=8), token(key="bob@example.com"), token(issue="2026-12-11")]

    assert token() == token()
    assert len({token(), *others}) == 4


def test_return_token_counts_nobody() -> None:
    """Ids follow each other; nothing of that is to be seen."""
    beginnings = {token(id_=number)[-8:] for number in range(100)}

    assert 100 == len(beginnings)


@pytest.mark.parametrize(
    "made",
    [
        token(OTHER),
        token(secret_of(SECRET, "another publication")),
        token(list_id="monday.example.com"),
        token(issue="2026-12-11"),
        token(key="bob@example.com"),
        token(id_=8),
        make_token(SECRET, purpose="bounce", list_id=LIST, subject="7"),
        token()[:-1],
        token() + "a",
        token()[:-8],
        "",
        "a" * RETURN_TOKEN,
        "0" * RETURN_TOKEN,
        "ſ" * RETURN_TOKEN,
        "=" * RETURN_TOKEN,
        token()[:-8] + "=" * 8,
        "a" * 1_000_000,
    ],
)
def test_return_token_that_is_not_of_this_delivery_proves_nothing(made: str) -> None:
    assert 7 not in proven(made)


def test_return_token_proves_nothing_when_any_of_its_characters_is_another() -> None:
    made = token()
    for at, one in enumerate(made):
        other = made[:at] + ("b" if one == "a" else "a") + made[at + 1 :]

        assert not proven(other)


def test_return_token_of_a_row_that_is_another_s_now_proves_nothing() -> None:
    """After a restore, ids are given out once more."""
    made = token(key=ADA)

    assert not proven(made, key="bob@example.com")
    assert not proven(made, issue="2026-12-11")


def test_return_token_survives_a_rotation_while_the_old_secret_is_listed() -> None:
    made = token(SECRET)

    assert [7] == proven(made, OTHER, SECRET)
    assert not proven(made, OTHER)


@given(st.text(max_size=80))
def test_reading_a_return_token_never_fails(text: str) -> None:
    assert not proven(text)
