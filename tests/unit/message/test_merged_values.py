"""What stands in a placeholder: the reader's own words, harmless, and nothing else changed."""

import html
from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.errors import MessageError
from newsletter.issue import Placeholder
from newsletter.message import Composer, Reader, RenderedIssue, Sender, scan_message
from newsletter.message.values import MAX_VALUE, clean, has_right_to_left, isolated

if TYPE_CHECKING:
    from email.message import EmailMessage

STRICT = policy.SMTP + policy.strict
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAME = Placeholder(mark="zzSLOT1zz", field="first_name", default="there")
unicode = st.text(max_size=120)


def parts(data: bytes) -> tuple[str, str]:
    """Text and HTML as Python's own parser has them, at any defect an error; line ends as LF."""
    message: EmailMessage = message_from_bytes(data, policy=STRICT)
    text, as_html = (cast("EmailMessage", part).get_content() for part in message.iter_parts())
    return text.replace("\r\n", "\n"), as_html.replace("\r\n", "\n")


def header_names(data: bytes) -> list[bytes]:
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    return [line.partition(b":")[0] for line in lines if not line.startswith(b" ")]


def with_name(reader: Reader, name: str) -> Reader:
    return replace(reader, fields={**reader.fields, "first_name": name})


def one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(unicode, unicode, unicode)
@example("", "", "")
@example("line \n\t\n", "zzSLOT2zz", "\n.\nFrom here\n")
@example("é" * 90, "é" * 200, "=" * 80)
@example("--=_0\r\n", "</p><script>alert(1)</script>", "\u2028\x00")
@example("a", "x\r\n\r\n--=_boundary\r\n", "b")
@example("a", "Ada" + BIDI, " ")
def test_composer_decodes_to_the_content_when_read_by_another(
    rendered: RenderedIssue, sender: Sender, reader: Reader, before: str, value: str, after: str
) -> None:
    """Whatever the text and whatever the value: exactly these, each in its place."""
    body = f"a{before}:zzSLOT1zz:{after}:zzSLOT1zz."
    any_issue = replace(rendered, html=body, text=body, placeholders=(NAME,))
    data = Composer(any_issue, sender).compose(with_name(reader, value))

    shown = isolated(clean(value) or "there", is_among=has_right_to_left(body))
    escaped = html.escape(shown)
    first, last = one_line_end(before), one_line_end(after)
    expected = tuple(f"a{first}:{one}:{last}:{one}." for one in (shown, escaped))
    assert expected == parts(data)
    assert all(len(line) <= 78 for line in data.split(b"\r\n") if b"://" not in line)
    scan_message(data, recipient=reader.address)


@given(st.text(max_size=80), st.text(max_size=300))
@example("\u202eevil", "\u202egnp.exe")
@example("x@bad.example>, <y", "=\r\nBcc: x@bad.example")
def test_composer_lets_no_reader_change_anything_outside_his_placeholders(
    rendered: RenderedIssue, sender: Sender, reader: Reader, name: str, value: str
) -> None:
    """Whatever a reader is called, the scanner passes the message, or it was refused at compose."""
    other = replace(with_name(reader, value), display_name=name)
    composer = Composer(rendered, sender)
    try:
        data = composer.compose(other)
    except MessageError as error:
        assert "display-name" in str(error)  # noqa: PT017 - a refusal is one of two right answers
        return

    scan_message(data, recipient=reader.address)
    assert header_names(composer.compose(reader)) == header_names(data)


@pytest.mark.parametrize("name", ["", "\0\r\n", BIDI, "\ud800", "\u200b\ufeff", "\u3164", "\u0301"])
def test_composer_uses_the_default_when_nothing_is_left_of_a_value(
    rendered: RenderedIssue, sender: Sender, reader: Reader, name: str
) -> None:
    data = Composer(rendered, sender).compose(with_name(reader, name))

    assert parts(data)[0].startswith("Hello there,\n")


@given(unicode, unicode)
@example("a", "")
@example("", "\n")
def test_composer_leaves_nothing_behind_when_a_default_is_empty(
    rendered: RenderedIssue, sender: Sender, reader: Reader, before: str, after: str
) -> None:
    body = f"x{before}:zzSLOT1zz:{after}"
    optional = replace(rendered, html=body, text=body, placeholders=(replace(NAME, default=""),))
    data = Composer(optional, sender).compose(with_name(reader, ""))

    expected = f"x{one_line_end(before)}::{one_line_end(after)}"
    assert (expected, expected) == parts(data)


def test_composer_names_field_and_recipient_when_there_is_no_value(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    strict = replace(rendered, placeholders=(replace(NAME, default=None), rendered.placeholders[1]))
    composer = Composer(strict, sender)

    with pytest.raises(MessageError) as caught:
        composer.compose(with_name(reader, ""))

    expected = (
        "2021-11-26 to ada@example.org: the field first_name has neither a value nor a default; "
        "give the reader a first_name, or the field a default"
    )
    assert expected == str(caught.value)


@pytest.mark.parametrize("token", ["", "a/b", "..", "a b", "a>", "ä", "x" * 501, "a\r\nb", "a\n"])
def test_composer_refuses_a_token_rather_than_mend_it(
    rendered: RenderedIssue, sender: Sender, reader: Reader, token: str
) -> None:
    damaged = replace(reader, fields={"unsubscribe_token": token})

    with pytest.raises(MessageError, match="unsubscribe_token is not a token"):
        Composer(rendered, sender).compose(damaged)


def test_composer_refuses_a_damaged_token_of_any_placeholder(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    placeholder = Placeholder(mark="zzSLOT3zz", field="preferences_token", default="none")
    composer = Composer(replace(rendered, text="zzSLOT3zz\n", placeholders=(placeholder,)), sender)
    damaged = replace(reader, fields={**reader.fields, "preferences_token": "a b"})

    with pytest.raises(MessageError, match="preferences_token is not a token"):
        composer.compose(damaged)


def test_composer_cuts_a_long_value_with_an_ellipsis(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    data = Composer(rendered, sender).compose(with_name(reader, "&" * 1000))

    assert 100 == MAX_VALUE
    assert parts(data)[0].startswith("Hello " + "&" * 99 + "…,\n")
    assert parts(data)[1].startswith("<p>Hello " + "&amp;" * 99 + "…,</p>\n")


def test_composer_leaves_an_editors_long_default_whole(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    placeholders = (replace(NAME, default="dear " * 30 + "reader"), rendered.placeholders[1])
    data = Composer(replace(rendered, placeholders=placeholders), sender).compose(
        with_name(reader, "")
    )

    assert parts(data)[0].startswith("Hello " + "dear " * 30 + "reader,\n")


def test_composer_cuts_a_display_name_as_it_cuts_a_value(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    data = Composer(rendered, sender).compose(replace(reader, display_name="👩‍👧" * 200))

    message: EmailMessage = message_from_bytes(data, policy=STRICT)
    name = message["To"].addresses[0].display_name.replace(" ", "")  # Python 3.11 puts some in
    assert "👩‍👧" * 33 + "…" == name


@pytest.mark.parametrize("value", ["{{ first_name }}", "{% raw %}", "{# x", "${x}", "%s", "\\1"])
def test_composer_shows_a_value_of_template_marks_as_it_is(
    rendered: RenderedIssue, sender: Sender, reader: Reader, value: str
) -> None:
    assert parts(Composer(rendered, sender).compose(with_name(reader, value)))[0].startswith(
        f"Hello {value},\n"
    )


def test_composer_leaves_a_placeholder_alone_when_it_is_somebodys_name(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    """No value is read again: a reader cannot ask for another field's value."""
    data = Composer(rendered, sender).compose(with_name(reader, "zzSLOT2zz"))

    assert parts(data)[0].startswith("Hello zzSLOT2zz,\n")


def test_composer_tells_placeholders_apart_when_one_begins_another(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    short = Placeholder(mark="zzA", field="first_name", default="there")
    long = Placeholder(mark="zzAB", field="last_name", default="you")
    odd = replace(rendered, text="zzAB zzA zzAzzAB\n", placeholders=(short, long))

    assert "you Ada Adayou\n" == parts(Composer(odd, sender).compose(reader))[0]


def test_composer_needs_no_placeholders(
    rendered: RenderedIssue, sender: Sender, reader: Reader
) -> None:
    plain = replace(rendered, html="<p>Hello", text="Hello", placeholders=())

    assert ("Hello", "<p>Hello") == parts(Composer(plain, sender).compose(reader))
