"""Line ends and stars beside Chinese, Japanese and Korean letters."""

import pytest

from newsletter.issue import Emphasis, Paragraph, Strong, parse_markdown, plain_text


def words(markdown: str) -> str:
    return plain_text(parse_markdown(markdown))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("商品を\n倉庫に", "商品を倉庫に"),
        ("在庫です。\n次の文", "在庫です。次の文"),
        ("门店的库存，\n通知仓库", "门店的库存，通知仓库"),
        ("**商品**を\n**倉庫**に", "商品を倉庫に"),
        ("[商品](https://a.example/)\n倉庫に", "商品倉庫に"),
        ("カタカナ\nＡＢＣ", "カタカナＡＢＣ"),
        ("상품을\n창고에", "상품을 창고에"),
        ("商品 A\nB 倉庫", "商品 A B 倉庫"),
        ("商品を\nAiFi と", "商品を AiFi と"),
        ("plain\nwords", "plain words"),
        ("「*x*」\n語", "「x」語"),
        ("😀\n😀", "😀 😀"),
    ],
)
def test_no_space_stands_where_a_line_ends_between_full_width_letters(
    markdown: str, expected: str
) -> None:
    assert expected == words(markdown)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("これは**「自動発注」**と呼ばれる。", "「自動発注」"),
        ("称为**“自动订货”**的功能", "“自动订货”"),
        ("이것은 **“자동 발주”**라고 한다", "“자동 발주”"),
        ("これは**(自動)**です", "(自動)"),
        ("語**。語**語", "。語"),
        ("全**角**文字", "角"),
        ("**A社**は", "A社"),
    ],
)
def test_stars_beside_full_width_letters_mark_what_they_stand_round(
    markdown: str, expected: str
) -> None:
    (paragraph,) = parse_markdown(markdown)
    assert isinstance(paragraph, Paragraph)
    marked = [one for one in paragraph.inlines if isinstance(one, Strong)]

    assert [expected] == [plain_text((Paragraph(inlines=one.children),)) for one in marked]


def test_single_stars_do_so_too() -> None:
    (paragraph,) = parse_markdown("これは*「発注」*と")
    assert isinstance(paragraph, Paragraph)

    assert [Emphasis] == [type(one) for one in paragraph.inlines if isinstance(one, Emphasis)]


@pytest.mark.parametrize(
    "markdown", ["2 * 3 * 4", "五 * 六 * 七", "a*b", "é * à", "2*3=六 和 2*4=八"]
)
def test_stars_that_mark_nothing_stay(markdown: str) -> None:
    """The last holds two, which may mark what is between them: as CommonMark has it."""
    assert "*" in words(markdown) or markdown.startswith("2*3")
