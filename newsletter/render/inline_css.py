"""A style sheet written into the elements it is for, by premailer, the only file that knows it.

Mail programs that drop `<style>` see these styles alone. The `<style>` blocks that are there, for
phones and for the dark, go through untouched: premailer would strip what makes them work.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import Any

from newsletter.render.css_reader import Declaration, StyleRule, read_declarations, read_rules

_SETTINGS: dict[str, Any] = {
    "keep_style_tags": False,
    "strip_important": False,
    "disable_validation": True,
    "allow_network": False,
    "allow_loading_external_files": False,
    "align_floating_images": False,
    "exclude_pseudoclasses": True,
    "include_star_selectors": False,
    "remove_classes": False,
    "remove_unset_properties": False,
    "disable_link_rewrites": True,
    "disable_leftover_css": True,
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
}


def inline_css(html: str, css: str) -> str:
    """The document with the style sheet in `style` attributes, and with its doctype.

    What cannot be inlined gets lost without a word: `css_lint` goes first.
    """
    from lxml import etree

    premailer = _load_premailer()
    tree = etree.fromstring(html, etree.HTMLParser())
    for style in tree.iter("style"):
        style.set("data-premailer", "ignore")  # never parsed, never fetched, kept as it is
    root = premailer(tree, css_text=[css], **_SETTINGS).transform(pretty_print=False)
    for style in root.iter("style"):
        style.attrib.pop("data-premailer", None)
    return str(etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>"))


def _load_premailer() -> Any:
    """One for all threads: what stands in for a module does so for whoever loads it meanwhile."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    """Premailer's class, with a small reader of CSS, and without the means to fetch anything.

    It would load cssutils, which takes longer to load and to read our sheet than all the rest here
    together, and `requests`, for fetches that it is told not to make anyway. One that somebody else
    has loaded in this process is left to them: with cssutils it writes other bytes.
    """
    theirs = _taken_out()
    try:
        with _standing_in(cssutils=_CSSUTILS, requests={}):
            from premailer import Premailer
        return Premailer
    finally:
        _taken_out()
        sys.modules.update(theirs)


def _taken_out() -> dict[str, ModuleType]:
    """What is loaded of premailer, and from now on is not."""
    names = [name for name in sys.modules if name.partition(".")[0] == "premailer"]
    return {name: sys.modules.pop(name) for name in names}


def _as_rule(rule: StyleRule) -> SimpleNamespace:
    """As premailer asks cssutils for it; as are the names of the rest below."""
    declarations = [_as_property(one) for one in rule.declarations]
    return SimpleNamespace(
        type="style",
        STYLE_RULE="style",
        MEDIA_RULE="media",
        selectorText=rule.selectors,
        style=SimpleNamespace(getProperties=lambda: declarations),
    )


def _as_property(one: Declaration) -> SimpleNamespace:
    return SimpleNamespace(
        name=one.name,
        value=one.value,
        propertyValue=SimpleNamespace(cssText=one.value),
        priority="important" if one.is_important else "",
    )


def _parse_string(css: str, *, validate: bool) -> list[SimpleNamespace]:  # noqa: ARG001 - see css_lint
    return [_as_rule(rule) for rule in read_rules(css)]


def _parse_style(css: str, *, validate: bool) -> list[SimpleNamespace]:  # noqa: ARG001 - see css_lint
    return [_as_property(one) for one in read_declarations(css)]


_LOADING = Lock()
_CSSUTILS = {"parseString": _parse_string, "parseStyle": _parse_style}


@contextmanager
def _standing_in(**modules: dict[str, Any]) -> Iterator[None]:
    """Whoever imports one of these meanwhile gets what is given; nobody does afterwards."""
    before = {name: sys.modules.get(name) for name in modules}
    for name, content in modules.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(content)
    try:
        yield
    finally:
        for name, module in before.items():
            if module:
                sys.modules[name] = module
            else:
                del sys.modules[name]
