"""How a room's door opens one thing at a time: a name is loaded when somebody asks for it.

Python asks a module for what it does not find in it (PEP 562). A door says which of its modules
has which name, and what nobody asks for is never loaded.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def later(room: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """What to call `__getattr__` in a door: `places` has each name, and the module that it is in.

    No name may be that of a module of the room: Python would find the module, once it is loaded.

    >>> later("newsletter", {"now": "clock"})("now").__name__
    'now'
    """

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{places[name]}"), name)

    return load
