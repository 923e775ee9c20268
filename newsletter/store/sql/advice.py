"""What to do about an error of a database, by a word of what it says.

The databases' own words are in English, whatever the locale: SQLite's always, PostgreSQL's because
nearly every server is set so; one that is not gets the last advice, which is always true.
"""


def advice_on(words: str) -> str:
    """The next step, in plain words."""
    lower = words.lower()
    return next(
        (advice for sign, advice in _ADVICE.items() if sign in lower),
        "check that the database is whole and can be reached",
    )


_NO_ROOM = (
    "raise max_connections of the server, or the limit of the database or the role,"
    " or let fewer processes connect; a worker takes up to ten"
)
_NOT_YET = "wait until the server is up, then run this again"
_ADVICE = {
    "not a database": "give the path of a newsletter database, or restore a backup",
    "malformed": "restore a backup",
    "readonly": "check the permissions of the file and its folder",
    "read-only": "connect to a server that can be written to",
    "unable to open": "check the permissions of the file and its folder",
    "locked": "another process is writing; wait until it has ended, then run this again",
    "is full": "free some disk space, then run this again",
    "no space left": "free some disk space, then run this again",
    "password": "check the user and the password in the URL",
    "does not exist": "create it, or check the URL",
    "idle-in-transaction": "this process stood still for too long in the middle of a change, and"
    " nothing of it was written; run this again",
    "too many clients": _NO_ROOM,
    "too many connections": _NO_ROOM,
    "connection slots": _NO_ROOM,
    "pg_hba.conf": "let this machine and user in, by a line of the server’s pg_hba.conf",
    "authentication failed": "check the user in the URL, and the server’s pg_hba.conf",
    "permission denied": "let the role own the database, or give it the right",
    "starting up": _NOT_YET,
    "shutting down": _NOT_YET,
    "recovery": _NOT_YET,
    "lock timeout": "another process has what this one needs; run this again when it has ended",
    "statement timeout": "allow the role more time: ALTER ROLE … SET statement_timeout = 0",
    "deadlock": "nothing of it was written; run this again",
    "translate host name": "check the host in the URL",
    "connection": "check that the server runs and the URL is right",
}
