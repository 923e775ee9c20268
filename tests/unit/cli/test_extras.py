"""The command that adds an extra, for each way by which the program can have come here."""

from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.extras import command_adding, command_for_installation
from newsletter.installation import Installation, Way

WEB = ("starlette>=0.48", "uvicorn>=0.35")


def command(way: Way, source: str | None = None, **facts: Any) -> str:
    environment = Path(facts.pop("environment", "/opt/newsletter"))
    installation = Installation(
        way=way,
        environment=environment,
        python=environment / "bin/python",
        source=Path(source) if source else None,
        **facts,
    )
    return command_for_installation(installation, "web", WEB)


def test_pipx_takes_it_into_its_environment_of_that_name() -> None:
    environment = "/home/grace/.local/share/pipx/venvs/newsletter-as-code@next"

    assert "pipx inject newsletter-as-code@next 'starlette>=0.48' 'uvicorn>=0.35'" == command(
        Way.PIPX, environment=environment
    )


def test_uv_is_told_all_that_it_was_told_before() -> None:
    assert "uv tool install --with 'rules>=2' '/srv/our news[docx,web]'" == command(
        Way.UV_TOOL, "/srv/our news", extras=("docx",), others=("rules>=2",)
    )


def test_uv_adds_to_its_environment_where_the_source_is_gone() -> None:
    assert (
        "uv pip install --python /opt/newsletter/bin/python 'starlette>=0.48' 'uvicorn>=0.35'"
        == command(Way.UV_TOOL, has_pip=False)
    )


def test_pip_needs_no_source() -> None:
    assert (
        "/opt/newsletter/bin/python -m pip install 'starlette>=0.48' 'uvicorn>=0.35'"
        == command(Way.PIP)
        == command(Way.PIP, "/srv/newsletter.whl")
    )


def test_checkout_is_installed_again() -> None:
    assert "/opt/newsletter/bin/python -m pip install --editable '/srv/news[web]'" == command(
        Way.CHECKOUT, "/srv/news"
    )


def test_environment_of_another_user_takes_sudo() -> None:
    assert command(Way.PIP, is_ours_to_change=False).startswith("sudo /opt/newsletter/bin/python ")


def test_python_of_the_system_has_to_be_told_twice() -> None:
    assert "/usr/bin/python -m pip install --break-system-packages 'st" in command(
        Way.PIP, environment="/usr", is_the_systems=True
    )


@pytest.mark.parametrize("extra", ["dkim", "docx", "inbox", "lsp", "postgresql", "web"])
def test_every_extra_can_be_added_here(extra: str) -> None:
    assert f"[{extra}]" in command_adding(extra) or ">=" in command_adding(extra)
