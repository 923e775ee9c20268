"""Takes caniemail's data from its npm package and writes what the check of mail programs needs.

    python3 scripts/refresh_caniemail.py            # the newest release
    python3 scripts/refresh_caniemail.py 2.0.2      # another one

Needs npm, which asks the registry it is set up with; nothing of the package is run. Only the flags
of support are kept, no prose. The same release gives the same content. When a release brings new
features, tests/unit/client_support says which of them `detection.toml` does not know yet.
"""

import gzip
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "newsletter" / "client_support"
PACKAGE = "caniemail"
NO_DATA = "-"

_YEAR = re.compile(r"\d{4}")
"""A version such as 2016, in which Outlook counted before it counted 16.80."""


def main() -> None:
    version = sys.argv[1] if len(sys.argv) > 1 else "latest"
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{PACKAGE}@{version}", "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        (archive,) = Path(folder).glob("*.tgz")
        release, data, licence = _read(archive)
    (FOLDER / "caniemail.json.gz").write_bytes(compress(compact(data, release)))
    (FOLDER / "LICENSE.caniemail-package").write_bytes(licence)
    print(f"{PACKAGE} {release}, {len(data['data'])} features")  # noqa: T201 - a script


def _read(archive: Path) -> tuple[str, dict[str, Any], bytes]:
    with tarfile.open(archive) as tar:
        content = {
            name: file.read()
            for name in ("package.json", "data/caniemail.json", "LICENSE")
            if (file := tar.extractfile(f"package/{name}"))
        }
    release = json.loads(content["package.json"])["version"]
    return release, json.loads(content["data/caniemail.json"]), content["LICENSE"]


def compact(data: Mapping[str, Any], release: str) -> dict[str, Any]:
    """Clients, and for each feature a letter per client in their order: y, a(lmost), n, u, -."""
    clients = sorted(
        {
            f"{family}.{platform}"
            for feature in data["data"]
            for family, platforms in feature["stats"].items()
            for platform in platforms
        }
    )
    features = {
        feature["slug"]: [feature["title"].strip(), feature["category"], _letters(feature, clients)]
        for feature in sorted(data["data"], key=lambda one: str(one["slug"]))
    }
    updated = data["last_update_date"][:10]
    return {"release": release, "updated": updated, "clients": clients, "features": features}


def _letters(feature: Mapping[str, Any], clients: list[str]) -> str:
    pairs = (client.split(".", 1) for client in clients)
    stats = feature["stats"]
    return "".join(_letter(stats.get(family, {}).get(platform)) for family, platform in pairs)


def _letter(versions: Mapping[str, str] | None) -> str:
    return versions[latest(list(versions))][0] if versions else NO_DATA


def latest(versions: list[str]) -> str:
    """The newest: 15.4 of 9 and 15.4, 2024-01 of 2021-10 and 2024-01, 16.80 of 2016 and 16.80.

    Of dates and numbers together the last one stands last in the data.
    """
    known = [version for version in versions if not _YEAR.fullmatch(version)] or versions
    if len({"-" in version for version in known}) > 1:
        return known[-1]
    return max(known, key=lambda version: [int(part) for part in re.findall(r"\d+", version)])


def compress(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


if __name__ == "__main__":
    main()
