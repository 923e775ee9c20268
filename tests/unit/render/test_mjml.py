"""The HTML that MJML makes of our templates, and what is made of its comments."""

import re

from newsletter.render.mjml import compile_mjml

SECTION = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"


def compiled(*words: str) -> str:
    sections = "".join(SECTION.format(one) for one in words)
    return compile_mjml(f"<mjml><mj-body>{sections}</mj-body></mjml>")


def test_outlooks_comments_that_touch_are_one() -> None:
    html = compiled("one", "two", "three")

    assert not re.search(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>", html)
    assert html.count("<!--[if") == html.count("<![endif]-->")


def test_outlook_sees_the_same_as_before() -> None:
    """All its own tables are opened and closed, each in its turn."""
    html = compiled("one", "two")
    seen = re.sub(r"<!--\[if mso \| IE\]>|<!\[endif\]-->", "", html.partition("<body")[2])
    opened: list[str] = []
    for slash, name in re.findall(r"<(/?)(table|tbody|tr|td|div)\b", seen):
        assert not slash or opened.pop() == name
        opened += [] if slash else [name]

    assert [] == opened
    assert 2 == seen.count('width="600"')


def test_comments_of_another_kind_stay_apart() -> None:
    raw = (
        "<mjml><mj-body><mj-raw><!--[if mso]><i>a</i><![endif]-->"
        "<!--[if mso | IE]><i>b</i><![endif]--> <!--[if mso | IE]><i>c</i><![endif]--></mj-raw>"
        "</mj-body></mjml>"
    )

    assert "<!--[if mso]><i>a</i><![endif]--><!--[if mso | IE]><i>b</i><i>c</i><![endif]-->" in (
        compile_mjml(raw)
    )
