"""What the command's exit status says. The numbers are sysexits' where it has one for us."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """DONE: all is well. FOUND: the check found something, or somebody needs a person.

    COULD_NOT_RUN: nothing was done, or it had to stop. TRY_AGAIN: some recipients are deferred;
    run the same command later (EX_TEMPFAIL).
    """

    DONE = 0
    FOUND = 1
    COULD_NOT_RUN = 2
    TRY_AGAIN = 75
