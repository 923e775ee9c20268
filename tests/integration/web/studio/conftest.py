"""The worlds of the schedule's tests, looked at through the studio."""

from collections.abc import Iterator

import pytest

from tests.integration.publishing.conftest import World
from tests.integration.publishing.conftest import ready_world as ready_world
from tests.integration.publishing.conftest import world as world
from tests.integration.web.studio.pages_world import Browser, browser_of


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    with browser_of(world) as opened:
        yield opened
