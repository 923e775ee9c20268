"""Every rule has its samples and its page, and both are right.

A sample stands in the folder of its rule. `fails-….md` has a companion `fails-….expected` with the
lines that this one rule says of it; other rules may say more. `passes-….md` is silent to this rule.
What a rule must know besides the issue stands in `context.toml` beside the samples, for all of
them and for the rule's page, or in `….toml` beside one sample, which adds to it.
Samples whose point is a byte that an editor or git would change are built in the test below.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newsletter.check import (
    Context,
    Diagnostic,
    HouseFormat,
    PastStory,
    Rule,
    Severity,
    all_rules,
    check_issue,
)
from newsletter.check.registry import built_in
from newsletter.issue import parse_issue, source_from_bytes
from newsletter.pictures import Outcome, Picture, PictureFault
from newsletter.settings.house import house
from newsletter.settings.table import Table

BUILT_IN = tuple(built_in())

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "rules"
SAMPLES = sorted(path for path in HERE.glob("*/*") if path.suffix in {".md", ".txt"})
HEADINGS = [
    "When it fires",
    "A sample that fails",
    "A sample that passes",
    "Why",
    "Known false alarms",
]

PASTED = (
    "Five shop-floor stories of the week\n\n"
    "It’s Friday, and the tills are resting.\n\n"
    "1.{space}Harbour Foods lets shelves order for themselves\n\nSensors call the warehouse.\n\n"
    "2. Tilly’s opens its first store without tills\n\nCustomers walk out.\n\n"
    "3. Northgate and Bellweather merge their cards\n\nOne card works in both.\n\n"
    "4. Corner Cart raises £12{space}million\n\nIt buys 300 bikes.\n{blank}\n"
    "5. Parcels at Old Mill arrive by boat\n\nA barge replaces eight vans.\n\n"
    "Sign up for our free retail{space}technology newsletter here.{end}"
)


def pasted(*, space: str = " ", blank: str = "", end: str = "\n") -> str:
    return PASTED.format(space=space, blank=blank, end=end)


NOTHING_KNOWN = Context(house=HouseFormat())


def found(data: bytes, name: str, context: Context = NOTHING_KNOWN) -> tuple[Diagnostic, ...]:
    issue = parse_issue(source_from_bytes(data, path=name), cues=context.house.cues)
    return check_issue(issue, all_rules(), context)


def lines_of(
    slug: str, data: bytes, name: str = "sample.md", context: Context = NOTHING_KNOWN
) -> str:
    return "".join(
        f"{item.span.line}:{item.span.column}: {item.code} {item.message}\n"
        for item in found(data, name, context)
        if item.slug == slug
    )


def context_of(slug: str, sample: str = "") -> Context:
    """What the rule's samples, or one of them, are looked at with."""
    known: dict[str, Any] = {}
    for path in (HERE / slug / "context.toml", HERE / slug / f"{sample}.toml"):
        if path.is_file():
            known |= tomllib.loads(path.read_text(encoding="utf-8"))
    faults: list[str] = []
    format_ = house(Table("house", known.pop("house", {}), faults))
    past = tuple(
        PastStory(**{"number": None, **story, "links": tuple(story["links"])})
        for story in known.pop("past", ())
    )
    sizes = tuple(known.pop("story_sizes", ()))
    pictures = {src: outcome_of(src, said) for src, said in known.pop("pictures", {}).items()}

    assert not faults
    return Context(house=format_, past=past, story_sizes=sizes, pictures=pictures, **known)


def outcome_of(src: str, said: str | int) -> Outcome:
    """What becomes of a file: a fault in words, or a picture of so many bytes."""
    if isinstance(said, str):
        return PictureFault(what=said, next_step="put it there")
    kind = "image/png" if src.endswith(".png") else "image/jpeg"
    return Picture.of(bytes(said), kind, (1120, 747), source=src, file=b"")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_rule_says_what_its_sample_expects(path: Path) -> None:
    companion = path.with_suffix(".expected")
    expected = companion.read_text(encoding="utf-8") if path.name.startswith("fails-") else ""

    context = context_of(path.parent.name, path.stem)

    assert expected == lines_of(path.parent.name, path.read_bytes(), path.name, context)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf" + pasted().encode(), id="byte-order mark"),
        pytest.param(pasted().replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(pasted().replace("\n", "\r").encode(), id="CR"),
        pytest.param(pasted(end="").encode(), id="no newline at the end"),
        pytest.param(pasted(end=" \n\n\n").encode(), id="blank lines at the end"),
        pytest.param(pasted(space="\u00a0").encode(), id="non-breaking spaces"),
        pytest.param(pasted(space="\u202f").encode(), id="narrow non-breaking spaces"),
        pytest.param(pasted(blank="\u00a0").encode(), id="blank line with a non-breaking space"),
        pytest.param(pasted(blank=" \t").encode(), id="blank line with a tab"),
        pytest.param(pasted(end="\u00a0\u200b").encode(), id="invisible end"),
    ],
)
def test_all_rules_are_silent_for_bytes_that_pasting_leaves(data: bytes) -> None:
    """Info aside: it says that those bytes are there."""
    loud = [item for item in found(data, "pasted.txt") if item.severity is not Severity.INFO]

    assert [] == loud


@pytest.mark.parametrize(
    ("slug", "data", "expected"),
    [
        pytest.param(
            "empty-issue", b"\xef\xbb\xbf", "1:1: S001 the file is empty\n", id="only a mark"
        ),
        pytest.param(
            "empty-issue", " \u00a0\r\n".encode(), "1:1: S001 the file is empty\n", id="only spaces"
        ),
        pytest.param(
            "front-matter-invalid",
            b"\xef\xbb\xbf---\r\ndate: soon\r\n---\r\n",
            "2:7: S002 “soon” is not a date\n",
            id="front matter below a byte-order mark, CRLF",
        ),
        pytest.param(
            "headline-number-style",
            pasted(space="\u00a0 ").encode(),
            "5:1: S011 there are 2 spaces after the number\n",
            id="non-breaking and plain space",
        ),
    ],
)
def test_rule_points_at_the_place_among_odd_bytes(slug: str, data: bytes, expected: str) -> None:
    assert expected == lines_of(slug, data)


def test_samples_are_all_of_a_known_kind() -> None:
    """No sample with a slip in its name goes unread, and no companion lacks its sample."""
    slugs = {rule.slug for rule in BUILT_IN}
    files = [path for folder in HERE.iterdir() if folder.name in slugs for path in folder.iterdir()]
    folders = {path.name for path in HERE.iterdir() if path.is_dir()} - {"__pycache__"}
    failing = {path.with_suffix("") for path in SAMPLES if path.name.startswith("fails-")}

    assert slugs == folders
    assert all(re.fullmatch(r"(?:fails|passes)-[a-z0-9-]+\.(?:md|txt)", p.name) for p in SAMPLES)
    assert set(SAMPLES) == {path for path in files if path.suffix in {".md", ".txt"}}
    assert {path.suffix for path in files} <= {".md", ".txt", ".expected", ".toml"}
    assert {path.with_suffix("") for path in files if path.suffix == ".toml"} <= {
        *(path.with_suffix("") for path in SAMPLES),
        *(path.parent / "context" for path in files),
    }
    assert failing == {path.with_suffix("") for path in files if path.suffix == ".expected"}
    assert all(path.stat().st_size for path in files if path.suffix == ".expected")


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_rule_has_two_samples_of_each_kind(rule: Rule) -> None:
    names = [path.name for path in SAMPLES if path.parent.name == rule.slug]

    assert 2 <= sum(name.startswith("fails-") for name in names)
    assert 2 <= sum(name.startswith("passes-") for name in names)


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_rule_lives_in_the_file_of_its_slug(rule: Rule) -> None:
    module = f"newsletter.check.rules.{rule.slug.replace('-', '_')}"

    assert module == rule.check.__module__
    assert re.fullmatch(r"[A-Z]\d{3}", rule.code)
    assert rule.summary.endswith(".")


def test_registry_has_every_rule_file_once() -> None:
    folder = Path(__file__).parents[2] / "newsletter" / "check" / "rules"
    files = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")

    assert files == sorted(rule.slug.replace("-", "_") for rule in BUILT_IN)
    assert len(BUILT_IN) == len({rule.code for rule in BUILT_IN})
    assert len(BUILT_IN) == len({rule.slug for rule in BUILT_IN})


def test_registry_lists_the_rules_by_their_codes_family_by_family() -> None:
    codes = [rule.code for rule in BUILT_IN]
    families = list(dict.fromkeys(code[0] for code in codes))

    assert sorted(codes, key=lambda code: (families.index(code[0]), code)) == codes


def page_of(rule: Rule) -> str:
    return (PAGES / f"{rule.slug}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_page_of_a_rule_has_every_part(rule: Rule) -> None:
    page = page_of(rule)
    prose = re.sub(r"^```text$.*?^```$", "(a sample)", page, flags=re.MULTILINE | re.DOTALL)

    assert page.startswith(f"# {rule.code} {rule.slug}\n\n{rule.summary}\n\n")
    assert HEADINGS == re.findall(r"^## (.+)$", prose, flags=re.MULTILINE)
    assert all(part.strip() for part in re.split(r"^## .+$", prose, flags=re.MULTILINE))


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_samples_on_a_rules_page_do_what_the_page_says(rule: Rule) -> None:
    failing, passing = re.findall(
        r"^## A sample that (?:fails|passes)\n\n```text\n(.*?)^```$",
        page_of(rule),
        flags=re.MULTILINE | re.DOTALL,
    )

    context = context_of(rule.slug)

    assert "" != lines_of(rule.slug, failing.encode(), context=context)
    assert "" == lines_of(rule.slug, passing.encode(), context=context)


def test_index_of_pages_says_what_the_registry_says() -> None:
    rows = [
        f"| {rule.code} | [{rule.slug}]({rule.slug}.md) | {rule.severity.value} | {rule.summary} |"
        for rule in BUILT_IN
    ]
    index = (PAGES / "README.md").read_text(encoding="utf-8").splitlines()
    pages = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")

    assert rows == [line for line in index if re.match(r"\| [A-Z]\d{3} ", line)]
    assert pages == sorted(rule.slug for rule in BUILT_IN)
