"""A database that cannot be reached is a fault with words, whichever way it is asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from newsletter.errors import StoreError
from newsletter.store.sql.connections import Connections

URLS = {
    "sqlite": "sqlite:///{folder}/missing/news.db",
    "postgresql": "postgresql+psycopg://ada@/news?host={folder}",
}
Way = Callable[[Connections], AbstractContextManager[object]]


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
@pytest.mark.parametrize(
    "way", [Connections.reading, Connections.writing, Connections.driver, Connections.keeping]
)
def test_database_that_cannot_be_reached_is_a_fault_of_the_store(
    way: Way, url: str, tmp_path: Path
) -> None:
    connections = Connections(make_url(url.format(folder=tmp_path)))

    with pytest.raises(StoreError) as caught, way(connections):
        pass

    assert connections.where == caught.value.where
