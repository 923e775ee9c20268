"""How an installation came here is read off what its installer left: pip 26, pipx 1.18, uv 0.13."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from newsletter.installation import Installation, Way, installation_in, this_installation

PYTHON = Path("/home/grace/bin/python")


def installed(folder: Path, direct_url: Any = None) -> Installation:
    """What is read of an environment whose direct_url.json is this, or is not there."""
    own = folder / "newsletter_as_code-0.1.0.dist-info"
    own.mkdir()
    (own / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: newsletter-as-code\nVersion: 0.1.0\n"
    )
    if direct_url is not None:
        text = direct_url if isinstance(direct_url, str) else json.dumps(direct_url)
        (own / "direct_url.json").write_text(text)
    return installation_in(folder, metadata.PathDistribution(own), python=PYTHON)


def test_editable_install_is_a_checkouts(tmp_path: Path) -> None:
    checkout = tmp_path / "our news"
    checkout.mkdir()
    url = {"dir_info": {"editable": True}, "url": checkout.as_uri()}

    found = installed(tmp_path, url)

    assert (Way.CHECKOUT, checkout) == (found.way, found.source)


def test_wheel_installed_by_pip_is_known_by_its_file(tmp_path: Path) -> None:
    wheel = tmp_path / "newsletter_as_code-0.1.0-py3-none-any.whl"
    wheel.touch()
    url = {"archive_info": {"hashes": {"sha256": "00"}}, "url": wheel.as_uri()}

    found = installed(tmp_path, url)

    assert (Way.PIP, wheel, PYTHON) == (found.way, found.source, found.python)


@pytest.mark.parametrize(
    "direct_url",
    [
        None,
        {"archive_info": {}, "url": "file:///gone/newsletter_as_code-0.1.0-py3-none-any.whl"},
        {"vcs_info": {"vcs": "git"}, "url": "https://example.com/newsletter.git"},
        "",
        "[]",
        "{",
    ],
)
def test_source_is_unknown_where_it_is_not_on_this_machine(direct_url: Any, tmp_path: Path) -> None:
    found = installed(tmp_path, direct_url)

    assert (Way.PIP, None) == (found.way, found.source)


def test_pipx_is_known_by_its_metadata(tmp_path: Path) -> None:
    (tmp_path / "pipx_metadata.json").write_text('{"environment": "newsletter-as-code"}')

    found = installed(tmp_path, {"dir_info": {}, "url": tmp_path.as_uri()})

    assert (Way.PIPX, tmp_path) == (found.way, found.environment)


def test_uv_is_known_by_its_receipt_and_so_is_what_it_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "uv-receipt.toml").write_text(
        """[tool]
requirements = [
    { name = "extra-rules", specifier = ">=2" },
    { name = "newsletter-as-code", extras = ["docx", "web"], directory = "/srv/newsletter" },
    { name = "pyyaml" },
]
python = "/usr/bin/python3"
"""
    )

    found = installed(tmp_path)

    assert Way.UV_TOOL is found.way
    assert ("docx", "web") == found.extras
    assert ("extra-rules>=2", "pyyaml") == found.others


@pytest.mark.parametrize("text", ["", "requirements = [", "tool = 1", "[tool]\nrequirements = [1]"])
def test_receipt_that_says_nothing_is_no_fault(text: str, tmp_path: Path) -> None:
    (tmp_path / "uv-receipt.toml").write_text(text)

    found = installed(tmp_path)

    assert (Way.UV_TOOL, (), ()) == (found.way, found.extras, found.others)


def test_source_that_was_never_installed_is_a_checkout(tmp_path: Path) -> None:
    found = installation_in(tmp_path, None, python=PYTHON)

    assert (Way.CHECKOUT, Path(__file__).parents[3]) == (found.way, found.source)


def test_this_installation_can_say_where_its_python_is() -> None:
    assert this_installation().python.is_file()
