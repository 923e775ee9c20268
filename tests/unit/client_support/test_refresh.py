"""The script that takes caniemail's data: the newest version of each client, flags, no prose."""

import gzip
import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from newsletter.client_support import load_support

ROOT = Path(__file__).parents[3]
DATA = ROOT / "newsletter" / "client_support" / "caniemail.json.gz"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("refresh_caniemail", ROOT / "scripts" / "refresh_caniemail.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("expected", "versions"),
    [
        ("15.4", ["9", "15.4"]),
        ("15", ["9.3", "15"]),
        ("2024-01", ["2024-01", "2021-10"]),
        ("16.80", ["2011", "2016", "16.80"]),
        ("2019", ["2007", "2019"]),
        ("2024-10", ["16.80", "2024-10"]),
        ("16.80", ["2019-10", "16.80"]),
        ("137.0b3", ["102.15", "137.0b3"]),
    ],
)
def test_latest_is_the_newest_version(
    script: ModuleType, expected: str, versions: list[str]
) -> None:
    assert expected == script.latest(versions)


def test_compact_keeps_flags_and_no_prose(script: ModuleType) -> None:
    data = {
        "last_update_date": "2026-05-13 14:45:41 +0000",
        "data": [
            {"slug": "b", "title": "B ", "category": "css", "stats": {"x": {"ios": {"1": "a #2"}}}},
            {"slug": "a", "title": "A", "category": "html", "stats": {"y": {"web": {"1": "y"}}}},
        ],
    }

    compact = script.compact(data, "2.0.2")

    assert {
        "release": "2.0.2",
        "updated": "2026-05-13",
        "clients": ["x.ios", "y.web"],
        "features": {"a": ["A", "html", "-y"], "b": ["B", "css", "a-"]},
    } == compact
    assert script.compress(compact) == script.compress(compact)


def test_data_is_small_and_its_licences_are_beside_it() -> None:
    licences = sorted(path.name for path in DATA.parent.glob("LICENSE*"))

    assert 20_000 > DATA.stat().st_size
    assert ["LICENSE.caniemail-data", "LICENSE.caniemail-package"] == licences
    assert {"release", "updated", "clients", "features"} == set(
        json.loads(gzip.decompress(DATA.read_bytes()))
    )


def test_data_says_what_is_widely_known() -> None:
    data = load_support()
    windows, phone = data.chosen(["outlook.windows", "apple-mail.ios"])[::-1]

    assert ("not", "fully") == (
        data.of("css-border-radius", windows),
        data.of("css-border-radius", phone),
    )
    assert "not" == data.of("css-at-media", windows)
    assert set() == set(data.unknown(data.of_note))
