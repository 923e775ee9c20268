"""What every test shares."""

import os

import pytest
from hypothesis import settings

from tests.order import dealt
from tests.pace import slowness

# A deadline would be a timed test: it fails on a busy machine, whatever the code does. And a run is
# to say the same twice: new cases are looked for when somebody asks (CONTRIBUTING).
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
slowness()  # before other processes are started, which take it from here
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several workers begin with what takes long.

    A test that hangs is ended; on a slow machine later, for there it may only be slow.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = dealt(((item.nodeid.partition("::")[0], item) for item in items), workers)
    usual = float(config.getini("timeout"))
    for item in items:
        mark = item.get_closest_marker("timeout")
        seconds = mark.args[0] if mark else usual
        item.add_marker(pytest.mark.timeout(seconds * slowness()), append=False)
