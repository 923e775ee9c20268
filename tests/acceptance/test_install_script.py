"""`scripts/install.sh` with a uv that only makes its files: what it puts where, and takes away."""

import os
import subprocess
from pathlib import Path

from tests.pace import patience

ROOT = Path(__file__).resolve().parents[2]

UV = r"""#!/bin/sh
tools=$HOME/.local/share/uv/tools bin=$HOME/.local/bin
case "$*" in
  "tool dir") echo "$tools" ;;
  "tool dir --bin") echo "$bin" ;;
  "tool list") [ ! -e "$bin/newsletter" ] || echo "newsletter-as-code v0.1.0" ;;
  "tool uninstall"*) rm -r "$tools/newsletter-as-code" "$bin/newsletter" ;;
  "tool install"*)
    mkdir -p "$tools/newsletter-as-code/bin" "$tools/newsletter-as-code/share/man/man1" "$bin"
    printf '#!/bin/sh\necho "newsletter 0.1.0"\n' > "$tools/newsletter-as-code/bin/newsletter"
    chmod +x "$tools/newsletter-as-code/bin/newsletter"
    echo page > "$tools/newsletter-as-code/share/man/man1/newsletter.1"
    ln -sf "$tools/newsletter-as-code/bin/newsletter" "$bin/newsletter"
    ;;
esac
"""
PAGE = ".local/share/man/man1/newsletter.1"


def script(home: Path, *arguments: str) -> str:
    programs = home / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "uv").write_text(UV)
    (programs / "uv").chmod(0o755)
    done = subprocess.run(
        ["sh", ROOT / "scripts/install.sh", *arguments],
        env={"HOME": str(home), "PATH": f"{programs}:{os.defpath}"},
        capture_output=True,
        text=True,
        timeout=patience(60),
    )
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def test_manual_page_stands_where_man_looks_for_it_and_goes_with_the_program(
    tmp_path: Path,
) -> None:
    """uv and venv leave it in an environment of their own, where man never looks."""
    said = script(tmp_path)
    script(tmp_path)

    assert "newsletter 0.1.0 is installed with uv:" in said
    assert "page\n" == (tmp_path / PAGE).read_text()

    assert "Removed" in script(tmp_path, "uninstall")
    assert not (tmp_path / PAGE).is_symlink()


def test_manual_page_of_somebody_else_stays(tmp_path: Path) -> None:
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / PAGE).write_text("theirs\n")

    script(tmp_path)
    script(tmp_path, "uninstall")

    assert "theirs\n" == (tmp_path / PAGE).read_text()
