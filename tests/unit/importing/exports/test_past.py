"""An issue of before as a text of ours: as it was, and read again as what it was."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.importing.exports import PastIssue, Shelf, System, Written, write_all
from newsletter.importing.exports.export import Form
from newsletter.importing.exports.said import line
from newsletter.issue import ENGLISH, parse_issue, source_from_text


def written(body: str, *, title: str = "A title", preheader: str = "") -> Written:
    issue = PastIssue(
        label="x",
        body=body,
        form=Form.HTML,
        shelf=Shelf.ARCHIVE,
        title=title,
        preheader=preheader,
        day=date(2024, 1, 5),
    )
    [found] = write_all([issue], System.GHOST)
    assert isinstance(found, Written)
    return found


def test_essay_stays_an_essay() -> None:
    """Its numbered list is none of headlines, and its heading gets no number."""
    essay = written("<p>To buy:</p><ol><li>Eggs</li><li>Milk</li></ol><h2>Then</h2><p>Rain.</p>")

    assert (
        "---\nsubject: A title\ndate: 2024-01-05\n---\n# A title\n\n"
        "To buy:\n\n1. Eggs\n2. Milk\n\n## Then\n\nRain.\n"
    ) == essay.text
    assert () == parse_issue(source_from_text(essay.text, path="x.md"), cues=ENGLISH).stories


def test_heading_that_says_the_title_again_is_left_aside() -> None:
    assert "# A title\n\nWords.\n" in written("<h1>A title</h1><p>Words.</p>").text


def test_merge_fields_are_counted_as_a_loss() -> None:
    assert any("old system" in loss for loss in written('<p>Hey {name, "you"}</p>').losses)


@pytest.mark.parametrize("body", ["<p></p>", "<script>x</script>", "&nbsp;"])
def test_body_without_a_word_is_no_issue(body: str) -> None:
    issue = PastIssue(label="x", body=body, form=Form.HTML, shelf=Shelf.ARCHIVE, title="T")

    assert [issue] == list(write_all([issue], System.GHOST))


@given(st.text(min_size=1, max_size=80).filter(line))
def test_subject_and_preheader_are_read_again_as_they_were(text: str) -> None:
    source = source_from_text(written("<p>x</p>", title=text, preheader=text).text, path="x.md")
    matter = parse_issue(source, cues=ENGLISH).front_matter
    found = [entry.value for key in ("subject", "preheader") if (entry := matter.get(key))]

    assert ((), [line(text), line(text)]) == (matter.faults, found)
