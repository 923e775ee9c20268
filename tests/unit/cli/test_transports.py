import pytest

from newsletter.cli.transports import transports
from newsletter.transports import known_schemes, presets


def test_transports_lists_schemes_and_presets(capsys: pytest.CaptureFixture[str]) -> None:
    transports()

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"Schemes: {', '.join(f'{each}:' for each in known_schemes())} and ")
    assert [f"{each}:" for each in presets()] == [line.split()[0] for line in lines[1:]]
    assert any(each.endswith("  smtp.office365.com:587  connections=3&rate=30/m") for each in lines)
