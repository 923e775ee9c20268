"""Double quotation marks: the quick look at sound paragraphs against the long one."""

from itertools import product

import pytest

from newsletter.check.quotations import Kind, _Scan, _sound, quote_faults


@pytest.mark.parametrize(
    ("signs", "pairs"),
    [
        ('“”" a1(', ("“”",)),
        ('»«" a,-', ("»«", "«»")),
        ('„“”" a', ("„“", "“”")),
        ("„“»«a ", ("„“", "»«")),
    ],
)
def test_what_looks_sound_has_no_fault_whatever_the_marks(
    signs: str, pairs: tuple[str, ...]
) -> None:
    """Every text of up to five of the signs."""
    texts = ["".join(text) for length in range(6) for text in product(signs, repeat=length)]
    sound = [text for text in texts if _sound(pairs).fullmatch(text)]

    assert [] == [text for text in sound if _Scan(text, pairs).faults()]
    assert 50 < len(sound)


@pytest.mark.parametrize("text", ["He said “so” (“or so”).", '"No," he said, "no."', "None."])
def test_a_sound_paragraph_is_seen_at_once(text: str) -> None:
    assert _sound(("“”",)).fullmatch(text)
    assert () == quote_faults(text, ("“”",))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('He said “so".', [Kind.MIXED]),
        ("He said ”so”.", [Kind.TURNED]),
        ("He said so”.", [Kind.UNOPENED]),
        ("He said “so.", [Kind.UNCLOSED]),
        ("“He said “so”.", [Kind.UNCLOSED]),
    ],
)
def test_quote_faults_names_the_fault(text: str, kinds: list[Kind]) -> None:
    assert kinds == [fault.kind for fault in quote_faults(text, ("“”",))]
