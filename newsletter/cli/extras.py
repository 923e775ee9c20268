"""How an extra is added to this very installation, as a command for a shell.

No package index is needed to know of this program: where its source is at hand, that is installed
again with the extra, and elsewhere what the extra consists of.
"""

from collections.abc import Sequence
from shlex import join

from newsletter.installation import Installation, Way, requirements_of, this_installation


def command_adding(extra: str) -> str:
    """`pipx inject newsletter-as-code 'mammoth>=1.11'`, or what it takes here."""
    return command_for_installation(this_installation(), extra, requirements_of(extra))


def command_for_installation(
    installation: Installation, extra: str, requirements: Sequence[str]
) -> str:
    """The same for any installation, whose extra consists of these requirements."""
    source = installation.source
    if installation.way is Way.PIPX:
        return join(["pipx", "inject", installation.environment.name, *requirements])
    if installation.way is Way.UV_TOOL and source:
        extras = ",".join(sorted({*installation.extras, extra}))
        others = [word for other in installation.others for word in ("--with", other)]
        return join(["uv", "tool", "install", *others, f"{source}[{extras}]"])
    if installation.way is Way.CHECKOUT and source:
        return join([*_pip(installation), "--editable", f"{source}[{extra}]"])
    return join([*_pip(installation), *requirements])


def _pip(installation: Installation) -> list[str]:
    python = str(installation.python)
    may = [] if installation.is_ours_to_change else ["sudo"]
    if not installation.has_pip:
        return [*may, "uv", "pip", "install", "--python", python]
    outside = ["--break-system-packages"] if installation.is_the_systems else []
    return [*may, python, "-m", "pip", "install", *outside]
