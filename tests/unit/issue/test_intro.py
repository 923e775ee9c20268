"""The names that an intro announces."""

import pytest

from newsletter.issue.intro import intro_names


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("including Harbour Foods.", ["Harbour Foods"]),
        ("including Harbour Foods and Tilly’s.", ["Harbour Foods", "Tilly’s"]),
        ("including Harbour, Tilly’s and Old Mill.", ["Harbour", "Tilly’s", "Old Mill"]),
        ("including Harbour, Tilly’s, and Old Mill.", ["Harbour", "Tilly’s", "Old Mill"]),
        ("including: Harbour, Tilly’s and Old Mill!", ["Harbour", "Tilly’s", "Old Mill"]),
        ("including Harbour; Tilly’s; and Old Mill", ["Harbour", "Tilly’s", "Old Mill"]),
        ("Including Harbour and Tilly’s", ["Harbour", "Tilly’s"]),
        ("including\nHarbour, Tilly’s\nand Old Mill.", ["Harbour", "Tilly’s", "Old Mill"]),
        # Slash pairs are one item here; whoever compares them splits them.
        ("including Klarna/HERO, Tesco and Asos/Next.", ["Klarna/HERO", "Tesco", "Asos/Next"]),
        # Names that hold "and" or "&".
        ("including rag & bone, M&S and H&M.", ["rag & bone", "M&S", "H&M"]),
        ("including Marks and Spencer, Boots and Next.", ["Marks and Spencer", "Boots", "Next"]),
        (
            "including Van Cleef & Arpels, Boots, and Holland and Barrett.",
            ["Van Cleef & Arpels", "Boots", "Holland and Barrett"],
        ),
        # What stands in brackets belongs to the name before it.
        ("including A (formerly B, C) and D.", ["A (formerly B, C)", "D"]),
        ("including A, B (once C; D) and E (F and G).", ["A", "B (once C; D)", "E (F and G)"]),
        ("including A (B, C), so let us begin.", ["A (B, C)", "so let us begin"]),
        ("including A (B, C and D.", ["A (B", "C", "D"]),
        # Full stops inside names, and sentences behind the list.
        ("including L.K. Bennett, Boots and Next.", ["L.K. Bennett", "Boots", "Next"]),
        ("including Dr. Martens, St. Ives and Next.", ["Dr. Martens", "St. Ives", "Next"]),
        ("including Walmart U.S., Boots and Next.", ["Walmart U.S.", "Boots", "Next"]),
        ("including Amazon.com, Boots and Next.", ["Amazon.com", "Boots", "Next"]),
        ("including Yahoo!, Boots and Next.", ["Yahoo!", "Boots", "Next"]),
        ("including Boots and M&S. The tills rest.", ["Boots", "M&S"]),
        ("including Boots and “The Drop”. The tills rest.", ["Boots", "“The Drop”"]),
        ("including Boots and Next! “Rest,” they say.", ["Boots", "Next"]),
        ("including Boots and Next.\n\nThe tills rest.", ["Boots", "Next"]),
        ("including Boots and Next – and a barge.", ["Boots", "Next"]),
        ("including Boots, Next and Asos, so read on.", ["Boots", "Next", "Asos"]),
        ("(including Boots and Next).", ["Boots", "Next"]),
        # Sums, clauses, and what is no name.
        (
            "including 1,000 jobs at Next and £2.5bn for Boots.",
            ["1,000 jobs at Next", "£2.5bn for Boots"],
        ),
        (
            "including Harbour opening a new shop, Old Mill buying a barge, and Tilly’s resting.",
            ["Harbour opening a new shop", "Old Mill buying a barge", "Tilly’s resting"],
        ),
        ("including the return of Toys “R” Us and more.", ["the return of Toys “R” Us"]),
        ("including Boots, Next, and many others.", ["Boots", "Next"]),
        ("including The Very\u00a0Group and Next.\u00a0", ["The Very Group", "Next"]),
        # The last list counts.
        ("Ten chains, including Boots, agree. Here it is, including Next.", ["Next"]),
        # No list at all.
        ("It’s Friday.", []),
        ("Nothing is included: tills rest.", []),
        ("including", []),
        ("including .", []),
        ("", []),
    ],
)
def test_intro_names_are_the_items_of_the_list(end: str, names: list[str]) -> None:
    assert names == list(intro_names(end))
    assert names == list(intro_names(f"It’s Friday. Here is the week, {end}")) or not names
