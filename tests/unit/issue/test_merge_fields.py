"""Merge fields: a closed list, read by a whitelist, never evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RenderError
from newsletter.issue import (
    Placeholder,
    PlaceholderTable,
    find_merge_fields,
    is_field_name,
    merge_fields,
    put_placeholders,
)

TAG = "0123456789abcdef" * 2


def faults(text: str) -> list[str]:
    return [found.fault for found in find_merge_fields(text)]


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("{{ first_name }}", None),
        ("{{first_name}}", None),
        ("{{- first_name -}}", None),
        ("{{\n  first_name\n}}", None),
        ('{{ first_name | default("there") }}', "there"),
        ("{{ first_name|default('there') }}", "there"),
        ('{{ first_name | default("") }}', ""),
        ('{{ first_name | default("you <all>") }}', "you <all>"),
        ('{{ first_name | default("it’s you") }}', "it’s you"),
    ],
)
def test_merge_field_is_found_with_its_default(text: str, default: str | None) -> None:
    (found,) = find_merge_fields(f"Hi {text}!")

    assert ("first_name", default, "") == (found.field, found.default, found.fault)
    assert text == f"Hi {text}!"[found.start : found.end]


def test_merge_field_is_one_that_the_publication_names() -> None:
    known = ("first_name", "city")
    found = find_merge_fields('{{ city | default("x") }} {{ first_name }} {{ town }}', known)

    assert ["", "", "there is no merge field “town”"] == [each.fault for each in found]
    table = PlaceholderTable(tag=TAG, known=known)
    put_placeholders('{{ city | default("your city") }}', table)
    assert [("city", "your city")] == [(each.field, each.default) for each in table.placeholders]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("city", True),
        ("job_title2", True),
        ("Job", False),
        ("job-title", False),
        ("größe", False),
        ("not", False),
        ("notes", True),
        ("unsubscribe_token", False),
        ("", False),
        ("a" * 41, False),
    ],
)
def test_field_name_is_what_braces_can_hold(name: str, is_one: bool) -> None:
    assert is_one is is_field_name(name)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ last_name }}", "there is no merge field “last_name”"),
        ("{{ self }}", "there is no merge field “self”"),
        ("{{ first_name.upper() }}", "is not a merge field"),
        ("{{ first_name.__class__ }}", "is not a merge field"),
        ("{{ first_name['x'] }}", "is not a merge field"),
        ("{{ first_name | upper }}", "is not a merge field"),
        ('{{ first_name | default("a", true) }}', "is not a merge field"),
        ('{{ first_name | default(default_value="a") }}', "is not a merge field"),
        ("{{ first_name | default(first_name) }}", "is not a merge field"),
        ("{{ first_name | default(1) }}", "is not a merge field"),
        ('{{ first_name | default("a") | default("b") }}', "is not a merge field"),
        ('{{ first_name or "x" }}', "is not a merge field"),
        ("{{ 7 * 7 }}", "is not a merge field"),
        ('{{ "x" }}', "is not a merge field"),
        ("{{ first_name, first_name }}", "is not a merge field"),
        ("{# a note #}", "is not a merge field"),
        ("{% raw %}", "is not a merge field"),
        ("{% include 'x' %}", "is not a merge field"),
        ("{% if first_name %}", "cannot be read: "),
        ("{{}}", "cannot be read: "),
        ("{{ first_name", "cannot be read: "),
        ("{{ first_name }", "cannot be read: "),
        ("{{ {{ first_name }} }}", "cannot be read: "),
        ("{{ first_name | default(“there”) }}", "needs straight quotation marks"),
        ("{{ " + "(" * 2000 + "a" + ")" * 2000 + " }}", "is not a merge field"),
        ("{{ " + "a." * 2000 + "a }}", "is not a merge field"),
    ],
)
def test_merge_field_is_refused_with_its_fault(text: str, fault: str) -> None:
    (found,) = faults(text)

    assert fault in found
    assert len(found) < 300


@pytest.mark.parametrize("text", ["", "{ first_name }", "}}", "a { b", "{}", "${x}", "%}"])
def test_text_without_template_braces_has_no_merge_field(text: str) -> None:
    assert [] == faults(text)


def test_put_placeholders_puts_one_mark_for_the_same_field_and_default() -> None:
    table = PlaceholderTable(tag=TAG)

    filled = put_placeholders(
        '{{ first_name | default("a") }}, {{ first_name|default("a") }}: {{ first_name }}', table
    )

    assert f"zz{TAG}SLOT1zz, zz{TAG}SLOT1zz: zz{TAG}SLOT2zz" == filled
    assert (
        Placeholder(mark=f"zz{TAG}SLOT1zz", field="first_name", default="a"),
        Placeholder(mark=f"zz{TAG}SLOT2zz", field="first_name", default=None),
    ) == table.placeholders


def test_put_placeholders_leaves_text_without_fields_alone() -> None:
    table = PlaceholderTable(tag=TAG)

    assert "One { and } two" == put_placeholders("One { and } two", table)
    assert () == table.placeholders


def test_put_placeholders_refuses_a_bad_field_with_the_right_way_to_write_it() -> None:
    with pytest.raises(RenderError) as caught:
        put_placeholders("Hi {{ shoe_size }}!", PlaceholderTable(tag=TAG))

    assert (
        "there is no merge field “shoe_size”; "
        'write {{ first_name | default("there") }}, or no braces'
    ) == str(caught.value)


SPACES = st.sampled_from(["", " ", "  "])


@given(SPACES, SPACES, SPACES, st.text(max_size=12))
def test_short_way_of_a_merge_field_says_what_jinja_says(
    before: str, middle: str, after: str, default: str
) -> None:
    """Where it speaks at all; quotation marks, backslashes and braces go the long way."""
    expression = f'{{{{{before}first_name{middle}| default("{default}"){after}}}}}'
    match = merge_fields._SHORT.fullmatch(expression)

    assert match is None or merge_fields._parsed(expression) == (match[1], match[2], "")
    assert match is not None or set(default) & set('"\\{}\n\r')
