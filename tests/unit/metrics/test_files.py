"""The files for Prometheus and Grafana: loaded by Prometheus' own tool, and held to the metrics."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from newsletter.metrics import METRICS

FILES = Path(__file__).parents[3] / "docs/prometheus"
PAGE = FILES.parent / "monitoring.md"
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(not PROMTOOL, reason="promtool is not installed")


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL
    return subprocess.run(
        [PROMTOOL, *arguments], cwd=FILES, capture_output=True, text=True, timeout=60
    )


def named(expression: str) -> set[str]:
    """The metrics that an expression names, by what they are called in METRICS."""
    names = re.findall(r"\bnewsletter_\w+", re.sub(r'"[^"]*"', '""', expression))
    return {re.sub(r"_bucket$", "", name) for name in names}


def rules() -> dict[str, str]:
    (group,) = yaml.safe_load((FILES / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def dashboard() -> list[str]:
    panels = json.loads((FILES / "grafana.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


@needs_promtool
def test_rules_are_read_by_prometheus_and_each_says_what_it_must() -> None:
    for arguments in (("check", "rules", "alerts.yml"), ("test", "rules", "alerts.test.yml")):
        done = promtool(*arguments)

        assert 0 == done.returncode, done.stdout + done.stderr


def test_every_rule_is_tried_and_has_its_row_on_the_page() -> None:
    tried = re.findall(r'alertname="(\w+)"', (FILES / "alerts.test.yml").read_text())
    rows = re.findall(r"^\| `(Newsletter\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert list(rules()) == tried
    assert list(rules()) == rows


@pytest.mark.parametrize("expression", [*rules().values(), *dashboard()])
def test_expressions_name_metrics_that_are_there(expression: str) -> None:
    assert named(expression)
    assert named(expression) <= set(METRICS)


def test_dashboard_shows_every_metric() -> None:
    assert set(METRICS) == set().union(*map(named, dashboard()))


@needs_promtool
@pytest.mark.parametrize("expression", dashboard())
def test_dashboards_expressions_are_prometheus_own(expression: str, tmp_path: Path) -> None:
    """As a rule each, for promtool has no other way to read one."""
    expr = expression.replace("$job", "friday")
    rule = {"groups": [{"name": "one", "rules": [{"record": "one", "expr": expr}]}]}
    (tmp_path / "rule.yml").write_text(yaml.safe_dump(rule))

    done = promtool("check", "rules", str(tmp_path / "rule.yml"))

    assert 0 == done.returncode, done.stdout + done.stderr
