"""Links and stamps: each for one purpose, one reader, one list; under every key there was."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.books import LETTER_LIFE
from newsletter.publishing.readers import Expired, Links, Purpose, Stamps
from newsletter.publishing.readers.stamps import LIFE

NOW = datetime(2026, 11, 27, 7, 0, 30, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
ADA = "ada@example.com"
LIST = "five.news.example.com"


def links(*keys: bytes, list_id: str = LIST) -> Links:
    return Links(keys=keys, list_id=list_id, base_url="https://news.example.com")


def stamps(*keys: bytes) -> Stamps:
    return Stamps(keys=keys, list_id=LIST)


def token(made: str) -> str:
    return made.rpartition("/")[2]


@pytest.mark.parametrize("purpose", [Purpose.UNSUBSCRIBE, Purpose.PREFERENCES])
def test_a_link_is_for_one_purpose_and_one_list(purpose: Purpose) -> None:
    made = token(links(NEW).path(purpose, ADA))

    assert ADA == links(NEW).whose(purpose, made)
    assert {None} == {links(NEW).whose(other, made) for other in set(Purpose) - {purpose}}
    assert links(NEW, list_id="other.example.com").whose(purpose, made) is None


def test_links_of_former_keys_still_lead_out_and_new_ones_are_the_new_keys() -> None:
    before = token(links(OLD).path(Purpose.UNSUBSCRIBE, ADA))
    after = token(links(NEW, OLD).path(Purpose.UNSUBSCRIBE, ADA))

    assert ADA == links(NEW, OLD).whose(Purpose.UNSUBSCRIBE, before)
    assert (ADA, None) == (
        links(NEW).whose(Purpose.UNSUBSCRIBE, after),
        links(NEW).whose(Purpose.UNSUBSCRIBE, before),
    )


def test_a_confirmation_expires_with_its_letter() -> None:
    made = token(links(NEW).confirmation(ADA, NOW))
    minute = NOW.replace(second=0)

    assert ADA == links(NEW).who_confirms(made, minute + LETTER_LIFE - timedelta(seconds=1))
    assert Expired(ADA) == links(NEW).who_confirms(made, minute + LETTER_LIFE)
    assert links(NEW).who_confirms(token(links(NEW).path(Purpose.UNSUBSCRIBE, ADA)), NOW) is None


@given(st.text(max_size=200))
def test_no_text_is_a_link_or_a_stamp_by_chance(text: str) -> None:
    assert links(NEW).whose(Purpose.UNSUBSCRIBE, text) is None
    assert links(NEW).who_confirms(text, NOW) is None
    assert not stamps(NEW).is_good(text, "leave", ADA, NOW)
    assert not stamps(NEW).is_embedded(text)


def test_a_stamp_is_for_one_act_one_reader_and_half_a_day() -> None:
    made = stamps(OLD).make("leave", ADA, NOW)
    judge = stamps(NEW, OLD)

    assert judge.is_good(made, "leave", ADA, NOW + LIFE - timedelta(seconds=2))
    assert not judge.is_good(made, "leave", ADA, NOW + LIFE)
    assert not judge.is_good(made, "leave", ADA, NOW - timedelta(minutes=6))
    assert not judge.is_good(made, "prefer", ADA, NOW)
    assert not judge.is_good(made, "leave", "eve@example.com", NOW)
    assert not judge.is_embedded(made)


def test_the_stamp_for_other_sites_is_always_the_same_and_opens_nothing_else() -> None:
    made = stamps(NEW).embedded()

    assert made == stamps(NEW, OLD).embedded()
    assert stamps(NEW).is_embedded(made)
    assert not stamps(NEW).is_good(made, "subscribe", "", NOW)
