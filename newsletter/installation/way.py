"""By which way this program came onto the machine, so that what it lacks can be added the same way.

Each installer leaves a note: pip and uv a direct_url.json (PEP 610), pipx and `uv tool` a file at
the top of the environment that they made. The words for it, a command, are the front's.
"""

import json
import os
import re
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PROJECT = "newsletter-as-code"

_PIPX = "pipx_metadata.json"
_UV = "uv-receipt.toml"


class Way(StrEnum):
    CHECKOUT = "checkout"  # an editable install, or nothing but a folder of source
    PIPX = "pipx"
    UV_TOOL = "uv tool"
    PIP = "pip"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """`environment` is the folder of its Python, `python` what is called in there.

    `source` is the checkout, or the file or folder that it was installed from; None where that is
    gone, or was never on this machine. `extras` and `others` are what `uv tool` was asked for
    beside the program, by names and requirements: it forgets what it is not told again.
    """

    way: Way
    environment: Path
    python: Path
    source: Path | None
    extras: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    has_pip: bool = True
    is_the_systems: bool = False
    is_ours_to_change: bool = True


def this_installation() -> Installation:
    return installation_in(Path(sys.prefix), _own_metadata(), python=Path(sys.executable))


def installation_in(
    environment: Path, own: metadata.Distribution | None, *, python: Path
) -> Installation:
    """`own` is what the environment knows of this project; None where it was never installed."""
    origin = _origin(own)
    way = _way(environment, origin)
    asked = _asked_of_uv(environment) if way is Way.UV_TOOL else []
    return Installation(
        way=way,
        environment=environment,
        python=python,
        source=_source(origin),
        extras=tuple(extra for each in asked[:1] for extra in each.get("extras", ())),
        others=tuple(f"{each['name']}{each.get('specifier', '')}" for each in asked[1:]),
        has_pip=find_spec("pip") is not None,
        is_the_systems=_is_the_systems(),
        is_ours_to_change=os.access(environment, os.W_OK),
    )


def requirements_of(extra: str) -> tuple[str, ...]:
    """`('mammoth>=1.11',)`, as an installer takes them; none where nothing was ever installed."""
    own = _own_metadata()
    asked = (own.requires if own else None) or ()
    named = re.compile(rf"(.+?)\s*;\s*extra == ['\"]{re.escape(extra)}['\"]")
    return tuple(found[1] for each in asked if (found := named.fullmatch(each)))


def _own_metadata() -> metadata.Distribution | None:
    with suppress(metadata.PackageNotFoundError):
        return metadata.distribution(PROJECT)
    return None


def _origin(own: metadata.Distribution | None) -> Mapping[str, Any]:
    """What direct_url.json says; without metadata, that it is this folder of source."""
    if own is None:
        folder = Path(__file__).parents[2]
        return {"url": folder.as_uri(), "dir_info": {"editable": True}}
    with suppress(ValueError):
        found = json.loads(own.read_text("direct_url.json") or "{}")
        return found if isinstance(found, dict) else {}
    return {}


def _way(environment: Path, origin: Mapping[str, Any]) -> Way:
    if (environment / _PIPX).is_file():
        return Way.PIPX
    if (environment / _UV).is_file():
        return Way.UV_TOOL
    is_editable = dict(origin.get("dir_info") or {}).get("editable", False)
    return Way.CHECKOUT if is_editable else Way.PIP


def _source(origin: Mapping[str, Any]) -> Path | None:
    url = urlsplit(str(origin.get("url", "")))
    path = Path(unquote(url.path))
    return path if url.scheme == "file" and path.exists() else None


def _asked_of_uv(environment: Path) -> list[Mapping[str, Any]]:
    """The requirements of the receipt, the program itself first."""
    try:
        receipt = tomllib.loads((environment / _UV).read_text(encoding="utf-8"))
        asked = receipt["tool"]["requirements"]
        return sorted(asked, key=lambda each: each["name"] != PROJECT)
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _is_the_systems() -> bool:
    """Whether the system's own packages own this Python, and pip leaves it alone (PEP 668)."""
    mark = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and mark.is_file()
