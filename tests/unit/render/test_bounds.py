"""A template says what it is given: it runs no code, ends, and reads no file from elsewhere."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from newsletter.errors import RenderError
from newsletter.issue import parse_issue, source_from_text
from newsletter.render import Imprint, Theme
from newsletter.render.environment import Templates
from newsletter.render.page import Page, make_page

NAME = "issue.txt.j2"
SECONDS = 6.0
"""Of processor time, for a machine that is slow and busy; a fault takes less than one."""

Fill = Callable[..., str]


@pytest.fixture
def page(publication: Imprint) -> Page:
    text = "# T\n\nIntro.\n\n## 1. A\n\nWords.\n\n## 2. B\n\nMore.\n"
    issue = parse_issue(source_from_text(text, path="issues/2021-11-26.md"))
    return make_page(issue, publication, Theme(), date(2021, 11, 26), tag="0" * 32)


@pytest.fixture
def fill(page: Page, tmp_path: Path) -> Fill:
    def fill_one(text: str, **others: str) -> str:
        (tmp_path / NAME).write_text(text, "utf-8")
        for name, other in others.items():
            (tmp_path / f"{name}.txt.j2").write_text(other, "utf-8")
        return Templates([tmp_path]).fill(NAME, page)

    return fill_one


def refused(fill: Fill, text: str, **others: str) -> str:
    """The one line of the refusal, which came in time, without the path of the folder."""
    begun = process_time()
    with pytest.raises(RenderError) as caught:
        fill(text, **others)

    assert process_time() - begun < SECONDS
    line = str(caught.value)
    assert "\n" not in line
    assert f"{NAME}:2: " in line
    return line.partition(f"{NAME}:2: ")[2]


@pytest.mark.parametrize(
    "expression",
    [
        "cycler.__init__.__globals__.os.popen('id').read()",
        "joiner.__init__.__globals__",
        "namespace.__init__.__globals__",
        "self.__init__.__globals__",
        "self._TemplateReference__context",
        "page.__class__.__mro__",
        "page['__class__']",
        "''.__class__.__base__.__subclasses__()",
        "page | attr('__class__')",
        "page | attr('_' ~ '_class__')",
        "([page] | map(attribute='__class__') | first).__base__",
        "([''] | map('attr', '__class__') | first).__base__",
        "'{0.__class__}'.format(page)",
        "'{0.__class__}'.format_map({'0': page})",
        "(['{0.__class__.__mro__}'] | map('format', page) | first)",
        "('{0.__class__}' | attr('format'))(page)",
        "page.words.button.__globals__",
        "page.words.button.__func__",
        "range.__self__",
        "dict.__base__",
        "loop",
        "page.stories.__class__",
        "('%s' | attr('__mod__'))(page)",
    ],
)
def test_template_cannot_look_into_the_program(fill: Fill, expression: str) -> None:
    """Some are refused, some show a word and nothing else."""
    said = ""
    with suppress(RenderError):
        said = fill(f"a\n{{{{ {expression} }}}}\n")

    assert not any(sign in said for sign in ("<class", "<function", "object at", "mappingproxy"))


@pytest.mark.parametrize("name", ["lipsum()", "lipsum.__globals__", "[1, 2] | random"])
def test_template_has_nothing_that_comes_out_differently_each_time(fill: Fill, name: str) -> None:
    assert refused(fill, f"a\n{{{{ {name} }}}}\n")


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) if range(99999) | sum %}{% endfor %}",
        "{% for i in range(99999) if -1 in range(99999) | list %}{% endfor %}",
        "{% set r = range(99999) | list %}{% for i in r %}{{ -1 in r }}{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{{ i }}{% endfor %}{% endfor %}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% for i in range(99999) %}{{ page.intro | text * 9 }}{% endfor %}" + "x" * 0,
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ b() }}",
        (
            "{% macro m() %}{{ caller() }}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}"
            "{% call m() %}x{% endcall %}"
        ),
        "{% include 'issue.txt.j2' %}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * 'a' }}",
        "{{ [1] * 1000000000 }}",
        "{{ [[[1] * 9999] * 9999] * 9999 }}",
        "{{ 10 ** (10 ** 10) }}",
        "{{ 2 ** 999999 }}",
        (
            "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}"
            "{% endfor %}"
        ),
        (
            "{% set ns = namespace(x='a') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}"
            "{% endfor %}"
        ),
        (
            "{% set ns = namespace(x=7) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}"
            "{% endfor %}"
        ),
        (
            "{% set ns = namespace(x=[]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}"
            "{% endfor %}{{ ns.x }}"
        ),
        (
            "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
            "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}{% endfor %}"
        ),
        (
            "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
            "{% set ns.x = ns.x | replace('a', 'aa') %}{% endfor %}"
        ),
        (
            "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
            "{% set ns.x = ns.x.replace('a', 'aa') %}{% endfor %}"
        ),
        "{{ 'a' | center(10 ** 9) }}",
        "{{ ['a'] | map('center', 10 ** 9) | join }}",
        "{{ 'a' | indent(10 ** 9, true) }}",
        "{{ [1] | batch(10 ** 9, 'x') | list }}",
        "{{ [1] | slice(10 ** 9) | list }}",
        "{{ 1.5 | round(10 ** 9, 'ceil') }}",
        "{{ 'a'.ljust(10 ** 9) }}",
        "{{ 'a'.zfill(width=10 ** 9) }}" + "{{ 'a'.zfill(10 ** 9) }}",
        "{{ '\\t'.expandtabs(10 ** 9) }}",
        "{{ (1).to_bytes(10 ** 9, 'big') }}",
        "{{ ('a' * 99999).join(['b'] * 99999) }}",
        "{{ ('a' * 99999).replace('a', 'b' * 99999) }}",
        "{{ ('a' * 99999) | replace('a', 'b' * 99999) }}",
        "{{ (['b'] * 99999) | join('a' * 99999) }}",
        "{{ [['a' * 99999] * 999] | map('join') | join }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '{:{}}'.format(1, 999999999) }}",
        "{{ '{x:999999999}'.format_map({'x': 1}) }}",
        "{{ [[1]] * 9999 | sum(start=[]) | length }}" + "{{ ([[1]] * 9999) | sum(start=[]) }}",
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{{ x[1:] | length }}{% endfor %}",
        "{% set x = 'a' * 9999999 %}{% for i in range(99999) %}{{ 'b' in x }}{% endfor %}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "[" * 3000 + "1" + "]" * 3000 + " }}",
        "{% if 1 %}" * 300 + "x" + "{% endif %}" * 300,
        "{% for i in [1] %}" * 300 + "x" + "{% endfor %}" * 300,
        "{{ " + "1+" * 20000 + "1 }}",
        "{{ " + "not " * 20000 + "1 }}",
    ],
)
def test_template_that_has_no_end_is_told_with_its_line(fill: Fill, text: str) -> None:
    assert refused(fill, f"a\n{text}\nb\n")


def test_template_that_includes_itself_by_way_of_another_is_told(fill: Fill) -> None:
    with pytest.raises(RenderError, match=r"\.txt\.j2:2: .*no end"):
        fill("a\n{% include 'other.txt.j2' %}\n", other="b\n{% include 'issue.txt.j2' %}\n")


@pytest.mark.parametrize(
    "include",
    ["{% include '@' %}", "{% import '@' as x %}", "{% extends '@' %}", "{% from '@' import y %}"],
)
def test_template_follows_no_link_out_of_its_folder(
    fill: Fill, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, include: str
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / ".env"
    secret.write_text("KEY=0123", "utf-8")
    (tmp_path / "link.txt").symlink_to(secret)
    (tmp_path / "folder").symlink_to(secret.parent)
    for name in ("link.txt", "folder/.env"):
        with pytest.raises(RenderError, match=r"link\.txt|folder/\.env") as caught:
            fill(f"a\n{include.replace('@', name)}\n")

        assert "a link to a file outside the templates" in str(caught.value)
        assert f"{NAME}:2: " in str(caught.value)


@pytest.mark.parametrize("name", ["../.env", "/etc/passwd", "x/../../.env", "..\\.env"])
def test_template_includes_nothing_by_a_way_up(fill: Fill, tmp_path: Path, name: str) -> None:
    (tmp_path.parent / ".env").write_text("KEY=0123", "utf-8")
    with pytest.raises(RenderError, match="there is no template"):
        fill(f"a\n{{% include {name!r} %}}\n")


def test_links_inside_the_folder_are_followed(fill: Fill, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("here", "utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")

    assert "here" == fill("{% include 'link.txt' %}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ '{:,}'.format(1234567) }}", "1,234,567"),
        ("{{ '%05.1f' % 2.25 }}", "002.2"),
        ("{{ 'a-b' | replace('-', '+') | upper }}", "A+B"),
        ("{{ [3, 1] | sort | join(', ') }}", "1, 3"),
        ("{{ page.number | default(12345678) or 0 }}", "0"),
        ("{% for i in range(3) if i % 2 == 0 %}{{ loop.index }}{{ i }} {% endfor %}", "10 22 "),
        (
            (
                "{% set ns = namespace(n=0) %}{% for s in page.stories %}{% set ns.n = ns.n + 1 %}"
                "{% endfor %}{{ ns.n }}"
            ),
            "2",
        ),
        ("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}", "aba"),
        ("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m('y') }}", "[y]"),
        ("{{ 'abcdef'[1:3] ~ ('-' * 3) }}", "bc---"),
        ("{% filter upper %}x{{ 'y' }}{% endfilter %}", "XY"),
        ("{{ page.stories | map(attribute='headline_text') | join('/') }}", "A/B"),
        ("{{ 'x' if 'a' in 'abc' and 2 > 1 else 'y' }}", "x"),
    ],
)
def test_what_templates_are_for_works(fill: Fill, text: str, expected: str) -> None:
    assert expected == fill(text)
