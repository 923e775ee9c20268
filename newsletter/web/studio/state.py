"""What outlives a studio's process: the key of its sessions and its last port; and who runs it now.

One small file for each publication, in a folder of whoever edits, readable by nobody else. Whoever
runs the studio holds a lock on it (flock(2)), which ends with the process however that ends; what
the file says of where the studio answers is true while the lock is held. Through a link nothing is
opened, and a file that others could read gives no key any more.
"""

import fcntl
import json
import os
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from types import TracebackType
from typing import Any, Self

from newsletter.errors import OutputError
from newsletter.files import writing

KEY_OCTETS = 32
_MOST = 4096
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def mark_of(folder: Path) -> str:
    """A publication's name among the studio's files: the same by whichever link one comes."""
    return sha256(os.fsencode(folder.resolve())).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """`url`, `run` and `process` are of the studio that holds the file; "" and 0 of none yet."""

    key: bytes = field(repr=False)
    port: int = 0
    url: str = ""
    run: str = ""
    process: int = 0


class StateFile:
    """The file, open. `is_held` says whether it is we who run the studio."""

    def __init__(self, path: Path) -> None:
        """Raises OutputError where it cannot be kept, or is not ours."""
        self.path = path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._number = os.open(path, _FLAGS, 0o600)
        try:
            self._is_private = self._made_private()
            self.is_held = self._lock()
        except BaseException:
            os.close(self._number)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        os.close(self._number)  # and with it the lock

    def read(self) -> State | None:
        """None where there is nothing in it, or nothing that we wrote."""
        if not self._is_private:
            return None
        with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
            said: dict[str, Any] = json.loads(os.pread(self._number, _MOST, 0))
            key = bytes.fromhex(said.pop("key"))
            state = State(key=key, **said)
            if len(key) == KEY_OCTETS and 0 <= state.port <= 65_535:
                return state
        return None

    def write(self, state: State) -> None:
        """Raises OutputError."""
        said = {**asdict(state), "key": state.key.hex()}
        octets = json.dumps(said).encode()
        with writing(self.path):
            os.pwrite(self._number, octets, 0)
            os.ftruncate(self._number, len(octets))
        self._is_private = True

    def begin(self) -> State:
        """What is kept for whoever runs the studio from now on: the key, or a new one."""
        known = self.read()
        state = State(key=known.key if known else token_bytes(KEY_OCTETS))
        self.write(state)
        return State(key=state.key, port=known.port if known else 0)

    def _made_private(self) -> bool:
        """Whether nobody else could read it until now."""
        found = os.fstat(self._number)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise OutputError(
                "this is no file of yours", where=str(self.path), next_step="move it away"
            )
        if stat.S_IMODE(found.st_mode) & 0o077 == 0:
            return True
        with writing(self.path):
            os.fchmod(self._number, 0o600)
        return False

    def _lock(self) -> bool:
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise OutputError(
                f"cannot be locked: {error.strerror}",
                where=str(self.path),
                next_step="name a folder on a disk of this machine in XDG_STATE_HOME",
            ) from error
        return True
