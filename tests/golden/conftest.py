import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known where this folder is named: `pytest tests/golden --update-golden`."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        default=False,
        help="write what is rendered now as what is expected from now on",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden", default=False))
