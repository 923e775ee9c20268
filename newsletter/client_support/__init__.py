"""The door of client support: what an e-mail uses, who lacks it, on whose line.

Loads the data and the parsers at the first question; the door itself is cheap.
"""

from newsletter.client_support.allowances import (
    Allowance,
    our_allowances,
    read_allowances,
    unknown_names,
)
from newsletter.client_support.detection import Part, Use, find_uses
from newsletter.client_support.judgement import (
    ClientCount,
    Lack,
    count_support,
    find_lacks,
    say_clients,
    unused_allowances,
)
from newsletter.client_support.places import (
    ENTRY,
    INLINE,
    TemplatePlace,
    TemplateTexts,
    named_templates,
)
from newsletter.client_support.support import Client, Feature, Support, SupportData, load_support

__all__ = [
    "ENTRY",
    "INLINE",
    "Allowance",
    "Client",
    "ClientCount",
    "Feature",
    "Lack",
    "Part",
    "Support",
    "SupportData",
    "TemplatePlace",
    "TemplateTexts",
    "Use",
    "count_support",
    "find_lacks",
    "find_uses",
    "load_support",
    "named_templates",
    "our_allowances",
    "read_allowances",
    "say_clients",
    "unknown_names",
    "unused_allowances",
]
