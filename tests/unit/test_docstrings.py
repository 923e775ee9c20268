"""Every sample in a docstring says what happens: it is run."""

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "newsletter"


def samples_in(path: Path) -> int:
    """How many lines of docstrings begin with >>>."""
    text = path.read_text(encoding="utf-8")
    if ">>>" not in text:  # reading the grammar of all modules takes a second
        return 0
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = ast.walk(ast.parse(text))
    texts = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)]
    return sum(line.lstrip().startswith(">>>") for text in texts for line in text.splitlines())


SAMPLES = {path: count for path in sorted(PACKAGE.rglob("*.py")) if (count := samples_in(path))}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_samples_in_docstrings_come_true(path: Path) -> None:
    name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(
        ".__init__"
    )
    told: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(import_module(name)):
        runner.run(test, out=told.append)

    assert "" == "".join(told)
    assert SAMPLES[path] == runner.tries
