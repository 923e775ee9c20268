"""A style sheet written into the elements it is for, by premailer, the only file that knows it.

Mail programs that drop `<style>` see these styles alone. The `<style>` blocks that are there, for
phones and for the dark, go through untouched: premailer would strip what makes them work.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

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
    "cssutils_logging_level": logging.CRITICAL + 1,
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
    """Premailer's class, without the means to fetch anything, which it is told not to do anyway.

    It imports `requests` for that alone, at the price of everything else here together.
    """
    with _absent("requests"):
        import cssutils
        from premailer import Premailer

    # cssutils fetches @import whatever it is told; there is none, and now it could not. And it
    # would write #ffffff as #fff.
    cssutils.ser.prefs.minimizeColorHash = False
    cssutils.util._defaultFetcher = lambda _url: None  # noqa: SLF001 - it has no other switch
    return Premailer


@contextmanager
def _absent(name: str) -> Iterator[None]:
    """Whoever imports this module meanwhile gets an empty one; nobody does afterwards."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        del sys.modules[name]
