import pytest

from newsletter.errors import MessageError
from newsletter.languages import LAID_OUT
from newsletter.message import LetterWords
from newsletter.settings.spoken import letter_words_in


@pytest.mark.parametrize("text", ["{nobody}", "{", "{name.real}", "{0}"])
def test_words_refuse_a_field_that_is_none(text: str) -> None:
    with pytest.raises(MessageError):
        LetterWords(hello=text)


@pytest.mark.parametrize(
    "changes", [{"confirm_asked": "{date}"}, {"confirm_subject": "{time}"}, {"hello": "{name}"}]
)
def test_words_refuse_a_field_that_is_another_texts(changes: dict[str, str]) -> None:
    """It would have no value when the letter is written, after a sign-up was taken."""
    with pytest.raises(MessageError, match="means nothing there"):
        LetterWords(**changes)


@pytest.mark.parametrize("tag", LAID_OUT)
def test_every_language_says_who_asked_and_until_when(tag: str) -> None:
    words = letter_words_in(tag)

    asked = words.filled("confirm_asked", name="Five", promise="Weekly.")
    until = words.filled("confirm_until", date="D", time="T", zone="Z")
    assert "Five" in asked
    assert "Weekly." in asked
    assert all(part in until for part in "DTZ")
    assert (tag == "en") is (words == LetterWords())
