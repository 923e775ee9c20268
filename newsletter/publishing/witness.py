"""What this machine remembers of the books, so that a database from a backup is known again.

The file newsletter.witness holds the last entry of the log that was seen here. A log without that
entry is older than what has happened: whoever sent by it would send twice.
"""

from pathlib import Path

from newsletter.errors import Act, NewsletterError, OutputError, Remedy, StoreError
from newsletter.files import write_file
from newsletter.schedule import Witness
from newsletter.store import Audit, Database

WITNESS_NAME = "newsletter.witness"


def read_witness(folder: Path) -> Witness | None:
    """None where nothing was written down yet. Raises OutputError or StoreError for a bad one."""
    path = folder / WITNESS_NAME
    try:
        return Witness.from_line(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise OutputError(
            f"the witness cannot be read: {error}",
            where=str(path),
            next_step="if this database is the right one, accept it",
            remedy=Remedy(Act.ACCEPT_RESTORED),
        ) from error


def is_restored(audit: Audit, witness: Witness | None) -> bool:
    """Whether the log lacks what the witness has seen. It must have been read before the log."""
    if witness is None:
        return False
    entry = audit.find(witness.entry_id)
    return not witness.is_borne_out(entry.chain if entry else None)


def check_own_log(database: Database, folder: Path) -> None:
    """Raises StoreError where what was seen here stands in a neighbour's log.

    The key in newsletter.toml was changed: this one's list would seem empty, and be sent to anew.
    """
    witness = read_witness(folder)
    if witness is None or not is_restored(database.audit, witness):
        return
    owner = database.whose_log(witness.entry_id, witness.chain)
    if owner is not None:
        raise StoreError(
            f"this folder has worked on the books of “{owner.name}”, and its key is now another",
            where=database.name,
            next_step=f'write key = "{owner.key}" under [publication], or remove {WITNESS_NAME}'
            " if this is to be a new publication",
        )


def check_not_restored(database: Database, folder: Path) -> None:
    """Raises StoreError where the database is older than what was seen here."""
    check_own_log(database, folder)
    if is_restored(database.audit, read_witness(folder)):
        raise StoreError(
            "this database is older than what this machine has seen: it was restored from a backup,"
            " or it is another one, and whoever got an issue since would get it twice",
            where=database.name,
            next_step="compare it with the relay's log, then accept it",
            remedy=Remedy(Act.ACCEPT_RESTORED),
        )


def keep_witness(audit: Audit, folder: Path, *, anew: bool = False) -> NewsletterError | None:
    """Write down the newest entry of the log; never an older one than stands there, unless `anew`.

    A failure is returned, not raised: what was done before is done all the same.
    """
    entry = audit.last()
    if entry is None:
        return None
    line = Witness(entry_id=entry.id, chain=entry.chain).to_line()
    try:
        before = None if anew else read_witness(folder)
        if before is None or before.entry_id < entry.id:
            write_file(
                folder / WITNESS_NAME,
                line.encode(),
                mode=0o600,
                make_folder=False,
                for_folders_owner=True,  # or root's approval would lock out the daemon
            )
    except NewsletterError as error:
        return error
    return None
