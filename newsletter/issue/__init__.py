"""The door of the issue room: read an issue, write it back, and the records it is made of."""

from newsletter.issue.cues import ENGLISH, Cues
from newsletter.issue.empty_fields import Seam, seam, without
from newsletter.issue.front_matter import issue_date, issue_number, read_front_matter
from newsletter.issue.header import KEYS
from newsletter.issue.markdown import parse_inlines, parse_markdown
from newsletter.issue.merge_fields import (
    EDITORS_FIELDS,
    MARK,
    MergeField,
    Placeholder,
    PlaceholderTable,
    find_merge_fields,
    is_field_name,
    put_placeholders,
    untagged,
)
from newsletter.issue.model import Block, Entry, Fault, FrontMatter, Issue, Line, Sponsor, Story
from newsletter.issue.nodes import (
    Code,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    ListNode,
    Lowered,
    Node,
    Paragraph,
    Quote,
    Raised,
    Strong,
    Struck,
    Text,
)
from newsletter.issue.numerals import begins_with_number
from newsletter.issue.offsets import Offsets
from newsletter.issue.outline import Part, PartKind, outline
from newsletter.issue.parser import load_issue, parse_issue
from newsletter.issue.plain import (
    lead_text,
    plain_inlines,
    plain_spaces,
    plain_text,
    shorten,
    walk_inlines,
)
from newsletter.issue.shifted import lowered, raised
from newsletter.issue.source import (
    MAX_BYTES,
    Source,
    Span,
    load_source,
    source_from_bytes,
    source_from_text,
)
from newsletter.issue.sponsor_cue import heads_sponsor
from newsletter.issue.writer import write_issue

__all__ = [
    "EDITORS_FIELDS",
    "ENGLISH",
    "KEYS",
    "MARK",
    "MAX_BYTES",
    "Block",
    "Code",
    "Cues",
    "Emphasis",
    "Entry",
    "Fault",
    "FrontMatter",
    "Heading",
    "Image",
    "Inline",
    "Issue",
    "Line",
    "LineBreak",
    "Link",
    "ListNode",
    "Lowered",
    "MergeField",
    "Node",
    "Offsets",
    "Paragraph",
    "Part",
    "PartKind",
    "Placeholder",
    "PlaceholderTable",
    "Quote",
    "Raised",
    "Seam",
    "Source",
    "Span",
    "Sponsor",
    "Story",
    "Strong",
    "Struck",
    "Text",
    "begins_with_number",
    "find_merge_fields",
    "heads_sponsor",
    "is_field_name",
    "issue_date",
    "issue_number",
    "lead_text",
    "load_issue",
    "load_source",
    "lowered",
    "outline",
    "parse_inlines",
    "parse_issue",
    "parse_markdown",
    "plain_inlines",
    "plain_spaces",
    "plain_text",
    "put_placeholders",
    "raised",
    "read_front_matter",
    "seam",
    "shorten",
    "source_from_bytes",
    "source_from_text",
    "untagged",
    "walk_inlines",
    "without",
    "write_issue",
]
