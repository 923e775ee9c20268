"""A disk that fills up while a test writes to it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk_after(octets: int) -> Iterator[None]:
    """No file may grow beyond so many octets: the nearest thing to a full disk without root."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
