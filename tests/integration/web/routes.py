"""Every route of the site, as the site itself lists them, with a path for each that leads there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.routing import Route

from newsletter.publishing.readers import Purpose
from newsletter.web.public.app import ROUTES
from tests.integration.web.conftest import READER, World


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A route's template, a path for it, and what it takes."""

    route: str
    path: str
    methods: frozenset[str]


def templates() -> Sequence[tuple[str, frozenset[str]]]:
    return [
        (route.path, frozenset(route.methods or ())) for route in ROUTES if isinstance(route, Route)
    ]


def good_paths(world: World, key: str = READER) -> Iterator[Asked]:
    """Each route once, with names and tokens that are good."""
    tokens = {
        "unsubscribe": world.path(Purpose.UNSUBSCRIBE, key),
        "preferences": world.path(Purpose.PREFERENCES, key),
        "confirm": world.confirmation(key),
    }
    for template, methods in templates():
        kind = template.split("/")[1]
        if "{token}" in template:
            token = tokens[kind].rpartition("/")[2]
            path = template.replace("{token}", token)
        else:
            path = template.replace("{name}", "2021-11-26")
        yield Asked(route=template, path=path, methods=methods)


FORMS = {
    "/subscribe": ("subscribe", ""),
    "/confirm/{token}": ("confirm", READER),
    "/unsubscribe/{token}": ("leave", READER),
    "/unsubscribe/{token}/undo": ("afterwards", READER),
    "/unsubscribe/{token}/reason": ("afterwards", READER),
    "/preferences/{token}": ("prefer", READER),
    "/preferences/{token}/erase": ("erase", READER),
}
"""Every route that changes something, with the act and the reader that its stamp is bound to."""
