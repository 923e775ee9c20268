"""From a feature in the finished e-mail back to the line of the template that writes it."""

from newsletter.client_support import INLINE, Part, TemplateTexts, Use, named_templates

MAIN = "issue.mjml.j2"


def places(use: Use, **texts: str) -> list[tuple[str, int, int]]:
    names = {"main": MAIN, "inline": INLINE, "dark": "dark.css"}
    templates = TemplateTexts({names[name]: text for name, text in texts.items()})
    return [(place.name, place.line, place.column) for place in templates.places(use)]


def use(part: Part, key: str) -> Use:
    return Use(slug="any", part=part, key=key, words=key)


def test_places_finds_an_element_and_an_attribute() -> None:
    main = '<mj-text>\n  <p>a</p> <video\n  controls="controls" dir="ltr"></video></mj-text>'

    assert [(MAIN, 2, 12)] == places(use(Part.MARKUP, "element:video"), main=main)
    assert [(MAIN, 3, 23)] == places(use(Part.MARKUP, "attribute:dir"), main=main)


def test_places_finds_a_declaration_of_inline_css_whatever_its_spaces() -> None:
    css = "/* a\n */\n.a { color: red;\n     display:   flex }"

    assert [(INLINE, 4, 6)] == places(use(Part.ATTRIBUTE, "display:flex"), inline=css)


def test_places_finds_a_value_that_jinja_fills_in() -> None:
    css = "{% set c = theme.light %}\n.a { border-left: 4px solid {{ c.accent }}; }"

    found = places(use(Part.ATTRIBUTE, "border-left:4px solid #c2410c"), inline=css)

    assert [(INLINE, 2, 6)] == found
    assert [] == places(use(Part.ATTRIBUTE, "border-left:5px solid #c2410c"), inline=css)


def test_places_finds_an_attribute_of_mjml_that_becomes_css() -> None:
    main = '<mj-button\n  href="{{ page.url }}" inner-padding="14px 30px" border-radius="6px">a'

    assert [(MAIN, 2, 25)] == places(use(Part.ATTRIBUTE, "padding:14px 30px"), main=main)
    assert [(MAIN, 2, 51)] == places(use(Part.ATTRIBUTE, "border-radius:6px"), main=main)


def test_places_tells_a_sheet_from_inline_css() -> None:
    texts = {"inline": ".a { gap: 1px }", "dark": "@media (hover) {\n  .a > b { gap: 1px }\n}"}

    assert [("dark.css", 2, 12)] == places(use(Part.SHEET, "gap:1px"), **texts)
    assert [("dark.css", 2, 3)] == places(use(Part.SHEET, ".a>b"), **texts)
    assert [("dark.css", 1, 1)] == places(use(Part.SHEET, "@media"), **texts)


def test_places_finds_a_sheet_inside_a_template() -> None:
    main = "<mj-head>\n  <mj-style>.x { gap: 1px }\n.y { gap: 2px }</mj-style>\n</mj-head>"

    assert [(MAIN, 2, 18)] == places(use(Part.SHEET, "gap:1px"), main=main)
    assert [(MAIN, 3, 6)] == places(use(Part.SHEET, "gap:2px"), main=main)


def test_places_blames_no_template_for_what_none_writes() -> None:
    main = '<!--[if mso]><video></video><![endif]-->{# <video> #}<mj-text>{{ "<video>" }}</mj-text>'

    assert [] == places(use(Part.MARKUP, "element:video"), main=main)


def test_named_templates_are_those_that_are_included_or_extended() -> None:
    text = """{% extends "base.j2" %}{%- include 'a.css' %}{% import "b.j2" as b %}{% if x %}"""

    assert ["base.j2", "a.css", "b.j2"] == list(named_templates(text))


def test_places_blames_no_line_that_jinja_fills_in_altogether() -> None:
    """`theme_table.css` writes its rules so, and `outline` is MJML's own."""
    css = "{{ selectors }} { {{ property }}: {{ theme[key] }}; }"

    assert [] == places(use(Part.SHEET, "outline:none"), dark=css)
    assert [] == places(use(Part.SHEET, "selector:child"), dark=css)
