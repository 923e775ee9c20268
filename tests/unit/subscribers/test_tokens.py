import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import SettingsError
from newsletter.subscribers import make_token, message_id_mac, read_token, secret_of

SECRET = b"0123456789abcdef0123456789abcdef"
OTHER = b"another secret, just as long ..."
ARGUMENTS = {"purpose": "unsubscribe", "list_id": "friday.example.com"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(TEXT, TEXT, TEXT)
def test_token_gives_its_subject_back(purpose: str, list_id: str, subject: str) -> None:
    token = make_token(SECRET, purpose=purpose, list_id=list_id, subject=subject)

    assert subject == read_token(token, SECRET, purpose=purpose, list_id=list_id)
    assert re.fullmatch(r"[A-Za-z0-9_-]{27,}", token)


def test_token_stays_readable_for_years() -> None:
    """Links with this very token are in people's mailboxes: its form may never change."""
    token = "8jy7TGQljQp5VTraN3uqqVDYKvm8rm5Fam16US4xREPJlE0"

    assert token == make_token(SECRET, subject="ada@example.com", **ARGUMENTS)
    assert read_token(token, SECRET, **ARGUMENTS) == "ada@example.com"


def test_token_of_several_blocks_stays_readable_for_years() -> None:
    """As above, for a subject that one block of the stream is too short for."""
    token = (
        "8jy7TFOG2m-6ORImnWNtZkMBTqnQbMAWg_73kd1gjdS0VnJya7QLqRTKdSyleofYp5-I4cnvFjcl6oWsw4_Ow-uH"
        "kY-HZzDBnWMbrVbTom5x5g"
    )
    subject = "zoë." * 10 + "@example.com"

    assert token == make_token(SECRET, subject=subject, **ARGUMENTS)
    assert subject == read_token(token, SECRET, **ARGUMENTS)


def test_token_is_the_same_from_many_threads_at_once() -> None:
    subjects = [f"reader{number}@example.com" for number in range(400)]

    def made(subject: str) -> str:
        return make_token(SECRET, subject=subject, **ARGUMENTS)

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(made, subjects))

    assert [made(subject) for subject in subjects] == together


def test_token_shows_no_address() -> None:
    token = make_token(SECRET, subject="ada@example.com", **ARGUMENTS)

    assert b"ada" not in base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


@pytest.mark.parametrize("changed", [{"purpose": "preferences"}, {"list_id": "monday.example.com"}])
def test_token_is_none_for_another_purpose_or_list(changed: dict[str, str]) -> None:
    token = make_token(SECRET, subject="ada@example.com", **ARGUMENTS)

    assert read_token(token, SECRET, **(ARGUMENTS | changed)) is None


def test_token_keeps_purpose_and_list_apart() -> None:
    one = make_token(SECRET, purpose="ab", list_id="c", subject="x")

    assert read_token(one, SECRET, purpose="a", list_id="bc") is None


def test_token_survives_a_rotation_while_the_old_secret_is_listed() -> None:
    token = make_token(SECRET, subject="ada@example.com", **ARGUMENTS)

    assert read_token(token, [OTHER, SECRET], **ARGUMENTS) == "ada@example.com"
    assert read_token(token, [OTHER], **ARGUMENTS) is None


@given(st.data())
def test_token_is_refused_when_any_bit_of_it_is_changed(data: st.DataObject) -> None:
    token = make_token(SECRET, subject="ada@example.com", **ARGUMENTS)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters().filter(lambda character: character != token[place]))

    assert read_token(token[:place] + letter + token[place + 1 :], SECRET, **ARGUMENTS) is None


@given(st.text())
def test_token_is_none_whatever_is_sent_instead(text: str) -> None:
    assert read_token(text, SECRET, **ARGUMENTS) is None


def test_tokens_of_two_people_share_no_stream() -> None:
    one = make_token(SECRET, subject="ada@example.com", **ARGUMENTS)
    two = make_token(SECRET, subject="ade@example.com", **ARGUMENTS)

    assert one[6:20] != two[6:20]
    assert one[-8:] != two[-8:]


def test_token_is_not_made_with_a_short_secret() -> None:
    with pytest.raises(SettingsError):
        make_token(b"short", subject="x", **ARGUMENTS)


def id_of(
    secret: bytes = SECRET,
    *,
    list_id: str = "friday.example.com",
    issue: str = "2021-11-26",
    recipient_key: str = "ada@example.com",
) -> str:
    return message_id_mac(secret, list_id=list_id, issue=issue, recipient_key=recipient_key)


def test_message_id_mac_is_the_same_for_years() -> None:
    """Bounces and replies name it, and a re-send must carry it again."""
    assert id_of() == "4bdakwnjkdf2vdqjzmauftto"


def test_message_id_mac_is_one_for_each_issue_and_recipient() -> None:
    macs = {
        id_of(issue=issue, recipient_key=key)
        for issue in ("2021-11-26", "2021-12-03")
        for key in ("ada@example.com", "bob@example.com")
    }

    assert len(macs) == 4
    assert all(re.fullmatch(r"[a-z2-7]{24}", mac) for mac in macs)
    assert id_of(issue="ab", recipient_key="c") != id_of(issue="a", recipient_key="bc")
    assert id_of(list_id="l1", issue="2") != id_of(list_id="l", issue="12")


@given(st.binary(min_size=16, max_size=64), st.text(), st.text())
def test_publications_with_one_secret_have_tokens_and_ids_of_their_own(
    secret: bytes, one: str, other: str
) -> None:
    ours, theirs = secret_of(secret, one), secret_of(secret, other)
    token = make_token(ours, purpose="unsubscribe", list_id="l", subject="a@example.com")

    assert "a@example.com" == read_token(token, ours, purpose="unsubscribe", list_id="l")
    if one != other:
        assert None is read_token(token, theirs, purpose="unsubscribe", list_id="l")
        assert id_of(ours) != id_of(theirs)


def test_first_publication_of_a_database_keeps_the_secret_as_it_is() -> None:
    assert b"s" * 32 == secret_of(b"s" * 32, "")


def test_secret_that_is_too_short_gets_no_longer_by_a_salt() -> None:
    with pytest.raises(SettingsError, match="NEWSLETTER_SECRET_KEY"):
        secret_of(b"short", "five")
