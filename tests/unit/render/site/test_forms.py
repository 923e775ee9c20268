"""What is wrong with an entry, and how an address is shown to whom it may not belong."""

import pytest

from newsletter.render.site import Fault, SiteWords, address_fault, masked


@pytest.mark.parametrize(
    ("expected", "entered"),
    [
        (Fault.MISSING, ""),
        (Fault.MISSING, " \t"),
        (Fault.NO_AT, "rosalind"),
        (Fault.NO_HOST, "rosalind@"),
        (Fault.NO_NAME, "@reader.example"),
        (Fault.WRONG, "two words@reader.example"),
        (Fault.WRONG, "a\r\nBcc: b@reader.example"),
        (Fault.TOO_LONG, "a" * 300 + "@reader.example"),
        (Fault.TOO_LONG, "\x00" * 1_000_000),
    ],
)
def test_fault_is_the_one_that_helps_most(expected: Fault, entered: str) -> None:
    assert expected is address_fault(entered)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_its_sentence(fault: Fault) -> None:
    assert getattr(SiteWords(), f"fault_{fault}")


@pytest.mark.parametrize(
    ("expected", "address"),
    [
        ("ro•••@reader.example", "rosalind@reader.example"),
        ("•••@reader.example", "ros@reader.example"),
        ("•••@reader.example", "@reader.example"),
        ('"a•••@reader.example', '"a@b"@reader.example'),
    ],
)
def test_mask_leaves_enough_to_know_ones_own(expected: str, address: str) -> None:
    assert expected == masked(address)
