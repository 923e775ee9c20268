"""What this machine remembers of the books, so that a database from a backup is known again.

The file newsletter.witness holds the last entry of the log that was seen here. A log without that
entry is older than what has happened: whoever sent by it would send twice. What is done about it
is left to the commands.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import OutputError, StoreError
from newsletter.files import write_file

if TYPE_CHECKING:
    from newsletter.schedule import Witness
    from newsletter.settings import Settings
    from newsletter.store import Audit, Database

WITNESS_NAME = "newsletter.witness"
ACCEPT_RESTORED = "newsletter due --accept-restored --reason TEXT"


def read_witness(folder: Path) -> "Witness | None":
    """None where nothing was written down yet. Raises OutputError or StoreError for a bad one."""
    from newsletter.schedule import Witness

    path = folder / WITNESS_NAME
    try:
        return Witness.from_line(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OutputError(
            f"the witness cannot be read: {error}",
            where=str(path),
            next_step=f"if the database is the true one, `{ACCEPT_RESTORED}`",
        ) from error


def is_restored(audit: "Audit", witness: "Witness | None") -> bool:
    """Whether the log lacks what the witness has seen. It must have been read before the log."""
    if witness is None:
        return False
    entry = audit.find(witness.entry_id)
    return not witness.is_borne_out(entry.chain if entry else None)


def check_not_restored(database: "Database", settings: "Settings") -> None:
    """Raises StoreError where the database is older than what was seen here."""
    witness = read_witness(settings.folder)
    if is_restored(database.audit, witness):
        raise restored_error(database)


def restored_error(database: "Database") -> StoreError:
    return StoreError(
        "this database is older than what has happened: it was restored from a backup,"
        " or is another one, and whoever has had an issue since would have it twice",
        where=database.name,
        next_step=f"compare it with the relay's log, then `{ACCEPT_RESTORED}`",
    )


def keep_witness(audit: "Audit", folder: Path, *, anew: bool = False) -> OutputError | None:
    """Write down the newest entry of the log; never an older one than stands there, unless `anew`.

    That it cannot be written is a value, for what was done before it is done all the same.
    """
    from newsletter.schedule import Witness

    entry = audit.last()
    if entry is None:
        return None
    before = None if anew else read_witness(folder)
    if before is not None and before.entry_id >= entry.id:
        return None
    line = Witness(entry_id=entry.id, chain=entry.chain).to_line()
    try:
        write_file(folder / WITNESS_NAME, line.encode(), mode=0o600, make_folder=False)
    except OutputError as error:
        return error
    return None
