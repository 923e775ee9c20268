"""An e-mail of the first rank, point 20: the text part of every issue, sound or odd."""

import re

from newsletter.issue import Paragraph, Text
from newsletter.render.page import strip_controls
from tests.flowed_reader import read_flowed
from tests.mail.mails import every_mail, mail

COLUMNS = 78
LONG_WORD = 70
"""Longer than that, and a word is cut: it fits no line."""


@every_mail
def test_20_text_lines_fit_78_columns_unless_they_hold_an_address(name: str) -> None:
    lines = mail(name).rendered.text.split("\n")

    assert [] == [line for line in lines if len(line) > COLUMNS and "<https://" not in line]


@every_mail
def test_20_text_holds_every_word_and_address_of_its_issue(name: str) -> None:
    """Long words are broken, headlines in capitals, quotes have a bar: none of it is a loss."""
    one = mail(name)
    text = one.rendered.text
    said = squeezed(re.sub(r"^(?:\| ?)+", "", text, flags=re.MULTILINE))
    lines = set(text.split("\n"))
    publication = one.publication

    assert [] == [words for words in one.texts if squeezed(words) not in said]
    assert [] == [href for href in one.hrefs if f"<{href}>" not in lines]
    assert f"<{one.page.unsubscribe_url}>" in lines
    assert squeezed(publication.postal_address) in said
    assert squeezed(publication.why) in said


def squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


@every_mail
def test_20_text_flows_back_into_whole_paragraphs(name: str) -> None:
    """RFC 3676: a paragraph that is words alone comes back as one line."""
    page = mail(name).page
    paragraphs = {" ".join(said.split()) for _, said in read_flowed(mail(name).rendered.text)}
    wanted = []
    for node in (*page.intro, *(node for story in page.stories for node in story.body)):
        match node:
            case Paragraph(inlines=(Text(text=text),)) if max(map(len, text.split())) < LONG_WORD:
                wanted.append(" ".join(strip_controls(text).split()))

    assert [] == [said for said in wanted if said not in paragraphs]


@every_mail
def test_20_text_is_no_html_and_has_no_filler(name: str) -> None:
    one = mail(name)
    own = " ".join(one.texts)

    assert [] == [mark for mark in re.findall(r"&#?\w+;", one.rendered.text) if mark not in own]
    assert "\u2007" not in one.rendered.text
    assert not one.rendered.text.endswith("\n\n")
