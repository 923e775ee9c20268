"""What the command's exit status says. The numbers are sysexits' where it has one for us.

Here is the one table of them: `--help`, the manual page and docs/programs.md are made from it.
"""

from collections.abc import Mapping
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


Meanings = Mapping[ExitStatus, str]

EVERYWHERE: Meanings = {
    ExitStatus.DONE: "done",
    ExitStatus.COULD_NOT_RUN: "could not run; standard error says why",
}
"""Of any command; those that tell more are below."""

_NEEDS_APPROVAL = "the check has errors, an approval is missing or somebody needs a person"
_OWN: Mapping[str, Meanings] = {
    "approve": {ExitStatus.DONE: "it is recorded", ExitStatus.FOUND: "the check has errors"},
    "bounces read": {
        ExitStatus.TRY_AGAIN: "with -: the message could not be taken in; hand it over again later"
    },
    "check": {ExitStatus.DONE: "clean", ExitStatus.FOUND: "findings"},
    "dkim show": {ExitStatus.FOUND: "a key is weak"},
    "doctor": {
        ExitStatus.DONE: "all is well",
        ExitStatus.FOUND: "something is worth a look",
        ExitStatus.COULD_NOT_RUN: "something is wrong",
    },
    "due": {
        ExitStatus.DONE: "nothing was due, or all is done",
        ExitStatus.FOUND: "something needs a person",
        ExitStatus.TRY_AGAIN: "some recipients are deferred: the next tick tries them again",
    },
    "fmt": {ExitStatus.FOUND: "with --check or --diff: something would change"},
    "health": {
        ExitStatus.DONE: "it is well",
        ExitStatus.FOUND: "something is not well, or needs a person",
        ExitStatus.COULD_NOT_RUN: "it cannot be said: the settings or the database are at fault",
    },
    "import": {
        ExitStatus.FOUND: "the check has findings, or more than a tenth of the words are left out"
    },
    "log": {ExitStatus.FOUND: "with --verify: an entry was changed, or is missing"},
    "next": {ExitStatus.DONE: "whatever there is to do"},
    "resolve": {
        ExitStatus.DONE: "nobody is left to settle",
        ExitStatus.FOUND: "somebody is",
        ExitStatus.TRY_AGAIN: "they are planned: send the issue again",
    },
    "restore": {ExitStatus.FOUND: "an issue is held: it may have been sent since the backup"},
    "schedule": {ExitStatus.DONE: "it is scheduled", ExitStatus.FOUND: "the check has errors"},
    "send": {
        ExitStatus.DONE: "everyone has it",
        ExitStatus.FOUND: _NEEDS_APPROVAL,
        ExitStatus.TRY_AGAIN: (
            "some recipients are deferred, a limit is reached or the run is paused: run it again"
        ),
    },
    "status": {
        ExitStatus.DONE: "everyone has it, it has not begun, or no issue was named",
        ExitStatus.FOUND: "somebody needs a person",
        ExitStatus.TRY_AGAIN: "some recipients are still to come",
    },
    "subscribers import": {ExitStatus.FOUND: "some rows were bad; the good ones are imported"},
    "subscribers resubscribe": {ExitStatus.FOUND: "they are back, but still suppressed"},
    "templates diff": {ExitStatus.FOUND: "ours has changed since yours was copied"},
}


def meanings_of(command: str) -> Meanings:
    """What each exit status of a command says, by its number; `command` as in `dkim show`."""
    return dict(sorted({**EVERYWHERE, **_OWN.get(command, {})}.items()))


def is_special(command: str) -> bool:
    """Whether its exit statuses say more than done and could not run."""
    return command in _OWN
