"""Two texts that began as one: what is asked of whoever merges, and what is not."""

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.publishing.merging import Block, Merge, Piece, Side, merge

WORDS = st.sampled_from(["Walmart opens", "Carrefour shuts", "Getir buys", "Boots waits", "a", "b"])
BLOCKS = st.one_of(
    WORDS,
    st.tuples(WORDS, WORDS).map(" ".join),
    WORDS.map("> {}".format),
    WORDS.map("## 1. {}".format),
    st.tuples(WORDS, WORDS).map("\n".join),
)
TEXTS = st.lists(BLOCKS, max_size=7).map(lambda blocks: "\n\n".join(blocks) + "\n" * bool(blocks))
ISSUES = st.tuples(WORDS.map("---\nsubject: {}\ndate: x\n---\n".format), TEXTS).map("".join)
ANY = st.one_of(TEXTS, ISSUES, st.text(alphabet="ab \n-#>:", max_size=60))


def chosen(merged: Merge, choose: Callable[[Piece], Block | None]) -> str:
    """The text of a choice, as the docstring of Merge has it."""
    blocks = [block for piece in merged.pieces if (block := choose(piece))]
    text = merged.start + "".join(f"{block.body}{block.gap}" for block in blocks)
    return text[: len(text) - len(blocks[-1].gap)] + merged.end if blocks else text


def by_itself(piece: Piece) -> Block | None:
    """What is taken where only one side has changed anything."""
    assert piece.changed is not Side.BOTH
    return piece.disk if piece.changed is Side.DISK else piece.yours


def bodies(text: str) -> list[str]:
    return [piece.yours.body for piece in merge(text, text, text).pieces if piece.yours]


@given(ANY)
def test_merge_changes_nothing_where_nobody_has(text: str) -> None:
    merged = merge(text, text, text)

    assert text == chosen(merged, by_itself)
    assert all(piece.changed is Side.SAME for piece in merged.pieces)


@given(ANY, ANY)
@example("a\n", "")
@example("", "a\n\nb\n")
@example("---\nsubject: a\n---\n", "---\nsubject: b\nx: c\n---\nText\n")
def test_merge_takes_what_one_side_has_changed(base: str, changed: str) -> None:
    assert changed == chosen(merge(base, changed, base), by_itself)
    assert changed == chosen(merge(base, base, changed), by_itself)


@given(ANY, ANY)
def test_merge_takes_what_both_have_changed_alike(base: str, changed: str) -> None:
    assert changed == chosen(merge(base, changed, changed), by_itself)


@given(ANY, ANY, ANY)
def test_merge_has_each_side_whole_in_its_order(base: str, yours: str, disk: str) -> None:
    merged = merge(base, yours, disk)

    assert bodies(yours) == [piece.yours.body for piece in merged.pieces if piece.yours]
    assert bodies(disk) == [piece.disk.body for piece in merged.pieces if piece.disk]


@given(ANY, ANY, ANY)
def test_merge_asks_only_where_both_differ_from_each_other_and_from_before(
    base: str, yours: str, disk: str
) -> None:
    for piece in merge(base, yours, disk).pieces:
        was, mine, theirs = (
            block.body if block else None for block in (piece.base, piece.yours, piece.disk)
        )

        assert (piece.changed is Side.SAME) == (mine == theirs)
        assert (piece.changed is Side.BOTH) == (len({was, mine, theirs}) == 3)


@given(ANY, ANY, ANY)
def test_merge_loses_nothing_where_both_are_taken(base: str, yours: str, disk: str) -> None:
    merged = merge(base, yours, disk)
    texts = [block.body for piece in merged.pieces for block in (piece.yours, piece.disk) if block]

    assert set(bodies(yours)) | set(bodies(disk)) == set(texts)


def test_merge_pairs_a_paragraph_with_what_it_became() -> None:
    base = "One shop opens.\n\nTwo shops shut today, says the chain.\n\nThree wait.\n"
    yours = base.replace("shut today", "close today")
    disk = "A new beginning.\n\n" + base.replace("the chain", "its owner")

    asked = [piece for piece in merge(base, yours, disk).pieces if piece.changed is Side.BOTH]

    assert [
        ("Two shops close today, says the chain.", "Two shops shut today, says its owner.")
    ] == [(piece.yours.body, piece.disk.body) for piece in asked if piece.yours and piece.disk]


def test_merge_holds_the_lines_of_the_front_matter_apart() -> None:
    base = "---\nsubject: Old\ndate: 2021-11-26\n---\n# Title\n"
    merged = merge(base, base.replace("Old", "Mine"), base.replace("11-26", "11-27"))

    assert base.replace("Old", "Mine").replace("11-26", "11-27") == chosen(merged, by_itself)


def test_merge_asks_where_one_deleted_what_the_other_changed() -> None:
    base = "One shop opens.\n\nTwo shops shut.\n"
    merged = merge(base, "One shop opens.\n", base.replace("shut", "wait"))
    last = merged.pieces[-1]

    assert (Side.BOTH, None, "Two shops wait.") == (
        last.changed,
        last.yours,
        last.disk.body if last.disk else "",
    )


def test_merge_goes_on_where_a_last_paragraph_is_followed_by_another() -> None:
    merged = merge("One.", "One.\n\nTwo.\n", "One.\n\nThree.\n")

    assert "One.\n\nTwo.\n" == chosen(merged, lambda piece: piece.yours)
    assert "One.\n\nThree.\n" == chosen(merged, lambda piece: piece.disk)
