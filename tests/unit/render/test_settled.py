"""No text becomes a placeholder, wherever it stands and however it is spelt or decoded."""

import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.addresses import AddrSpec, Mailbox
from newsletter.errors import RenderError
from newsletter.issue import Placeholder, parse_issue, source_from_text
from newsletter.message import Composer, Reader, RenderedIssue, Sender
from newsletter.render import Imprint, Rendered, Theme, render_issue, render_web_page
from newsletter.render.settled import settle

TEMPLATES = Path(__file__).parents[3] / "templates"
TAG = "0123456789abcdef" * 2
ISSUE = """\
---
subject: "Subject {0}"
preheader: "Preheader {0}"
correction: "Corrected {0}"
---
# The title {0}

Hello {{{{ first_name | default("you {0}") }}}}, here {0} is.

## 1. Headline {0}

Words {0}, [a link {0}](https://example.com/{0}) and `code {0}`.

![Picture {0}](https://example.com/{0}.png "Caption {0}")

- Item {0}

> Quotation {0}

## Sponsored by Acme {0}

Buy {0}.

---

Sign up [here {0}](https://example.com/join).

After {0}.
"""
TOKENS = {"unsubscribe_token": "uToken0001", "preferences_token": "pToken0002"}
SENDER = Sender(
    mailbox=Mailbox("Harbour", AddrSpec("post", "example.org")),
    reply_to=None,
    reverse_path=AddrSpec("bounces", "example.org"),
    list_id="harbour.example.org",
    list_name="Harbour",
    base_url="https://post.example.org",
    unsubscribe_mailbox=None,
    help_url=None,
    archive_url=None,
    feedback_id=None,
)

PIECES = st.sampled_from(
    [
        *("zzSLOT1zz", "zzSLOT2zz", "zzSLOT&#50;zz", "zzSLOT&#x33;zz", "zzSLOT`2`zz", "ZZSLOT2ZZ"),
        *("zz&#83;LOT2zz", "zzSLOT2<!-- -->zz", "zzSLOT\\2zz", "zzSLOT\x7f2zz", "zzSLOT\u00852zz"),
        *("zzSLOT\ufffe2zz", "zzSLOT0x2zz", "zzSLOT0", "zz", "SLOT2zz", "zzSLOT", "x2zz", "&zz;"),
        *(f"zz{TAG}SLOT2zz", "zz" + "f" * 32 + "SLOT1zz", "zzSHARE0zz", "\x02a:1\x03", "zzſlot2zz"),
    ]
)
texts = st.lists(st.one_of(PIECES, st.text(max_size=4)), min_size=1, max_size=4).map("".join)


def imprint_of(text: str) -> Imprint:
    return Imprint(
        name=f"The Post {text}",
        tagline=f"Tides {text}",
        language="en-GB",
        base_url="https://post.example.org",
        signup_url="https://post.example.org/signup",
        why=f"You signed up {text}.",
        organisation=f"Press {text}",
        postal_address=f"1 Quay {text}",
    )


def one_line(text: str) -> str:
    """What can stand in any place of the issue above, and between its quotation marks."""
    return re.sub(r'["\\{}\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ud800-\udfff\x00]', "", text)


def rendered_of(text: str, publication: Imprint, *, tag: str, name: str = "week") -> Rendered:
    return render_issue(
        parse_issue(source_from_text(ISSUE.format(text), path=f"issues/{name}.md")),
        publication=publication,
        theme=Theme(),
        templates=[TEMPLATES],
        issue_date=date(2021, 11, 26),
        tag=tag,
    )


def message_of(rendered: Rendered) -> str:
    issue = RenderedIssue(
        name="week",
        subject="s",
        html=rendered.html,
        text=rendered.text,
        placeholders=rendered.placeholders,
        date=datetime(2021, 11, 26, tzinfo=UTC),
    )
    reader = Reader(
        address=AddrSpec("ada", "example.com"),
        display_name="",
        fields={"first_name": "Ada", **TOKENS},
        message_id_mac="m",
    )
    return Composer(issue, SENDER).body(reader).decode().replace("=\r\n", "")


def counted(message: str) -> list[int]:
    return [message.count(token) for token in TOKENS.values()]


@settings(deadline=None, max_examples=40)
@given(texts.map(one_line))
@example("zzSLOT&#50;zz and zzSLOT&#51;zz")
@example("zzSLOT`2`zz")
@example("zzSLOT2zz")
@example("zzSLOT2<!-- -->zz zzSLOT\x7f3zz zzSLOT\ufffe3zz")
@example("zzSLOT0x2zz zzSLOT2zz")
def test_no_text_of_an_issue_or_its_publication_gives_a_reader_values_away(text: str) -> None:
    tag = os.urandom(16).hex()
    expected = counted(message_of(rendered_of("word", imprint_of("x"), tag=TAG)))
    rendered = rendered_of(text, imprint_of(text), tag=tag, name=f"w{text}".replace("/", ""))
    message = message_of(rendered)

    assert expected == counted(message)
    assert not any(one.mark in message for one in rendered.placeholders)
    assert tag not in message


def test_a_word_like_a_placeholder_is_mailed_as_it_was_written(publication: Imprint) -> None:
    message = message_of(rendered_of("zzSLOT&#50;zz", publication, tag=TAG))

    assert "Words zzSLOT2zz" in message


def test_the_tag_is_in_no_byte_and_in_no_digest(publication: Imprint) -> None:
    one, other = (rendered_of("word", publication, tag=tag) for tag in (TAG, "f" * 32))

    assert one == other
    assert one.digest == other.digest
    assert ["zzSLOT1zz", "zzSLOT2zz", "zzSLOT3zz"] == [mark.mark for mark in one.placeholders]


def test_a_web_page_says_no_placeholder_either(publication: Imprint) -> None:
    page = render_web_page(
        parse_issue(source_from_text(ISSUE.format("zzSLOT&#50;zz"), path="issues/week.md")),
        publication=publication,
        theme=Theme(),
        templates=[TEMPLATES],
        published=datetime(2021, 11, 26, tzinfo=UTC),
        tag=TAG,
    )

    assert TAG not in page
    assert "Words zzSLOT2zz" in page


@pytest.mark.parametrize(
    "expression",
    [
        "page.unsubscribe_url | upper",
        "page.unsubscribe_url[:-8]",
        "page.unsubscribe_url[-22:]",
        "page.intro | text | truncate(25, true)",
    ],
)
def test_a_template_that_cuts_a_placeholder_is_told(
    publication: Imprint, tmp_path: Path, expression: str
) -> None:
    text = (TEMPLATES / "issue.txt.j2").read_text("utf-8")
    (tmp_path / "issue.txt.j2").write_text(f"{text}\n{{{{ {expression} }}}}\n", "utf-8")

    with pytest.raises(RenderError, match=r"issue\.txt\.j2: .*what is left of it") as caught:
        render_issue(
            parse_issue(source_from_text(ISSUE.format("x"), path="issues/week.md")),
            publication=publication,
            theme=Theme(),
            templates=[tmp_path, TEMPLATES],
            issue_date=date(2021, 11, 26),
            tag=TAG,
        )

    assert TAG not in str(caught.value)


SLOTS = [
    Placeholder(mark=f"zz{TAG}SLOT{number}zz", field=f"field_{number}", default="")
    for number in range(1, 12)
]


def filled(parts: Sequence[str]) -> list[list[str]]:
    """Words and field names in turn, as whoever fills the parts finds them."""
    settled, placeholders = settle(parts, SLOTS, TAG)
    marks = "|".join(re.escape(one.mark) for one in placeholders) or "(?!)"
    fields = {one.mark: one.field for one in placeholders}
    pieces = [re.split(f"({marks})", part) for part in settled]
    return [[fields.get(piece, piece) for piece in part if piece] for part in pieces]


STRAY = st.sampled_from(
    ["zzSLOT", "zzSLOT1zz", "zzSLOT1", "SLOT1zz", "zz", "z", "0x", "1zz", "ZZslot0x1zz", "zzSLOT0x"]
)


@given(st.lists(st.one_of(STRAY, st.sampled_from(SLOTS)), max_size=12))
def test_settled_parts_are_filled_where_the_tagged_marks_were(pieces: list[str | object]) -> None:
    part = "".join(one.mark if isinstance(one, Placeholder) else str(one) for one in pieces)
    expected: list[str] = []
    for one in pieces:
        if isinstance(one, Placeholder):
            expected.append(one.field)
        elif expected and not expected[-1].startswith("field_"):
            expected[-1] += str(one)
        else:
            expected.append(str(one))

    assert [expected] == filled([part])
