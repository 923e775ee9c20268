import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import MAX_LOCAL_PART, AddrSpec, parse_addr_spec
from newsletter.message import MAX_BASE, has_room, names_own_path, token_in, with_token
from newsletter.subscribers import RETURN_TOKEN

PATH = AddrSpec("bounces", "news.example.com")
TOKEN = "mzxw6ytboi" * 4
OWN = f"bounces+{TOKEN}@news.example.com"

LOCAL_PARTS = st.from_regex(rf"\A[a-z0-9+_-]{{1,{MAX_BASE}}}\Z")
TOKENS = st.from_regex(rf"\A[a-z2-7]{{{RETURN_TOKEN}}}\Z")


@given(LOCAL_PARTS, TOKENS)
def test_token_in_finds_what_with_token_put_there_in_any_case(local_part: str, token: str) -> None:
    path = AddrSpec(local_part, "news.example.com")
    own = with_token(path, token)

    assert token == token_in(own, path)
    assert token.upper() == token_in(own.upper(), path)
    assert parse_addr_spec(own) == AddrSpec(f"{local_part}+{token}", "news.example.com")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@news.example.com",
        TOKEN,
        f"bounces+{TOKEN}",
        f"bounces-{TOKEN}@news.example.com",
        f"bounce+{TOKEN}@news.example.com",
        f"bounces2+{TOKEN}@news.example.com",
        f"bounces+{TOKEN}@example.com",
        f"bounces+{TOKEN}@news.example.com.evil.example",
        f"bounces+{TOKEN}a@news.example.com",
        f"bounces+{TOKEN[:-1]}@news.example.com",
        f"bounces+{TOKEN[:-1]}\N{KELVIN SIGN}@news.example.com",
        f"bounce\N{LATIN SMALL LETTER LONG S}+{TOKEN}@news.example.com",
        f"a{OWN}",
        f"{OWN} ",
        "bounces+" + "a" * 1_000_000 + "@news.example.com",
    ],
)
def test_token_in_finds_none_in_an_address_that_is_not_of_this_reverse_path(address: str) -> None:
    assert token_in(address, PATH) is None


def test_the_longest_local_part_that_has_room_fills_what_there_is() -> None:
    longest = AddrSpec("b" * MAX_BASE, "news.example.com")

    assert has_room(longest)
    assert MAX_LOCAL_PART == len(with_token(longest, TOKEN).partition("@")[0])
    assert not has_room(AddrSpec("b" * (MAX_BASE + 1), "news.example.com"))
    assert not has_room(AddrSpec('"b c"', "news.example.com"))


def test_a_refusal_that_names_a_path_of_its_own_is_known() -> None:
    assert names_own_path(f"553 5.7.1 <{OWN}>: Sender address rejected: not owned by user news")
    assert not names_own_path("553 5.7.1 <bounces@news.example.com>: Sender address rejected")
