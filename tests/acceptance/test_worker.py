"""`newsletter worker` where it cannot work."""

from tests.acceptance.publication import Publication


def test_worker_without_postgresql_says_what_it_needs(publication: Publication) -> None:
    done = publication.run("worker")

    assert 2 == done.status
    assert 1 == done.err.count("\n")
    assert "workers on many machines share a PostgreSQL, and this is a file on one" in done.err
    assert "`newsletter run`" in done.err
