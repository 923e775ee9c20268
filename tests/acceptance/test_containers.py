"""Dockerfile, compose.yaml and docs/containers.md are held to what they promise.

An engine and an image to build from are found on few machines: what needs no engine is tried here
with the very lines of the Dockerfile.
"""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from newsletter.cli.app import app
from newsletter.settings.environment import NAMES, SECRETS
from tests.acceptance.publication import clean_environment
from tests.pace import patience

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/containers.md").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if name != "database"}
CLUSTER = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])["items"]
PODS = [each["spec"]["template"]["spec"] for each in CLUSTER if "template" in each["spec"]]
VARIABLES = {*NAMES, *(f"{name}_FILE" for name in SECRETS)}


def stages() -> list[list[tuple[str, str]]]:
    """Each stage of the Dockerfile: its instructions, a line each."""
    text = re.sub(r"(?m)^#.*\n", "", DOCKERFILE).replace("\\\n", " ")
    found: list[list[tuple[str, str]]] = [[]]
    for line in filter(None, text.splitlines()):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, " ".join(rest.split())))
    return found[1:]


def last(name: str) -> str:
    """What the image itself says under this instruction, the last time."""
    return [rest for each, rest in stages()[-1] if each == name][-1]


def check_command(words: list[str]) -> None:
    """Every word is one that the program takes: a wrong command or option raises."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("newsletter", [], resilient_parsing=True)
    while isinstance(command, TyperGroup):
        name, *words = words
        found = command.get_command(context, name)
        assert found, f"newsletter {name}"
        command = found
    command.make_context("newsletter", words, parent=context, resilient_parsing=False)


def sent_to_the_builder() -> Iterator[str]:
    """The files of the repository that .dockerignore lets through."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let = [line[1:] for line in lines if line.startswith("!")]
    kept = [line.removeprefix("**/") for line in lines if line.startswith("**/")]
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(list_files, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in done.stdout.splitlines():
        parts = name.split("/")
        if any(fnmatch.fnmatch(part, each) for part in parts for each in kept):
            continue
        if parts[0] in let and (ROOT / name).is_file():
            yield name


def test_image_is_a_powerless_users_who_starts_our_command() -> None:
    assert "10001:10001" == last("USER")
    assert ["newsletter"] == json.loads(last("ENTRYPOINT"))
    assert "SIGTERM" == last("STOPSIGNAL")
    assert ["/data"] == json.loads(last("VOLUME"))
    check_command(json.loads(last("CMD")))
    program, *words = json.loads(last("HEALTHCHECK").partition("CMD ")[2])
    assert "newsletter" == program
    check_command(words)


def test_image_has_a_base_with_a_tag_and_wheels_alone() -> None:
    base = re.search(r"(?m)^ARG PYTHON=(\S+)$", DOCKERFILE)
    installing = [
        rest for stage in stages() for _, rest in stage if "pip" in rest.split("install")[0]
    ]

    assert base
    assert re.fullmatch(r"[\w./-]+:3\.\d+-slim-\w+", base[1])
    assert installing
    assert all("install" not in line or "--only-binary=:all:" in line for line in installing)
    assert not re.search(r"\b(apt-get|apk|gcc|build-essential|pip)\b", str(stages()[-1]))


def test_image_brings_extras_that_there_are() -> None:
    [given] = re.findall(r"(?m)^ARG EXTRAS=(\S+)$", DOCKERFILE)
    page = (ROOT / "docs/install.md").read_text(encoding="utf-8")
    known = set(re.findall(r"(?m)^\| `(\w+)` \|", page))

    assert set(given.split(",")) <= known
    built = OURS["setup"]["build"]["args"]["EXTRAS"]
    assert set(built.split(",")) <= known


def test_image_is_built_for_one_service_and_pulled_for_none() -> None:
    """Compose builds services side by side, and the second that writes the tag would fail."""
    built = {name for name, each in OURS.items() if "build" in each}
    from_here = {name for name, each in OURS.items() if each.get("pull_policy") == "never"}

    assert {"newsletter"} == {each["image"] for each in OURS.values()}
    assert {"setup"} == built == OURS.keys() - from_here


def test_builder_is_sent_what_the_wheel_needs_and_nothing_secret() -> None:
    names = set(sent_to_the_builder())

    assert {"constraints.txt", "pyproject.toml", "newsletter/cli/app.py", ".env.example"} <= names
    assert not [name for name in names if name.startswith((".git/", "tests/", "secrets/"))]
    assert ".env" not in names


def test_linter_has_nothing_against_the_dockerfile() -> None:
    hadolint = BIN / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is not installed")

    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)

    assert ("", 0) == (done.stdout, done.returncode)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_service_has_no_rights_and_a_read_only_root(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert any(each.startswith("/tmp:") for each in service["tmpfs"])
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()
    assert service.get("user", "") not in {"root", "0"}
    for each in service.get("ports", []):
        assert each.startswith("127.0.0.1:")


@pytest.mark.parametrize("name", OURS)
def test_service_gives_commands_and_variables_that_there_are(name: str) -> None:
    service = OURS[name]
    words = service["command"]
    lines = words[0].splitlines() if "entrypoint" in service else [" ".join(words)]

    for line in lines:
        check_command(line.removeprefix("newsletter ").split(" --name ")[0].split())
    ours = {each for each in service["environment"] if each.startswith("NEWSLETTER_")}
    assert ours <= VARIABLES
    assert service.get("image") == "newsletter"


def test_secrets_are_files_that_the_page_makes_and_no_service_has_one_it_does_not_need() -> None:
    for secret in COMPOSE["secrets"].values():
        assert f"> {secret['file'].removeprefix('./')}\n" in PAGE
    for service in COMPOSE["services"].values():
        assert set(service["secrets"]) <= COMPOSE["secrets"].keys()
        named = {str(each).rpartition("/")[2] for each in service["environment"].values()}
        assert set(service["secrets"]) <= named
    assert "database-password" not in OURS["site"]["secrets"]


def test_compose_is_what_its_engine_takes(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    ask = [str(docker), "compose", "version"]
    if docker is None or subprocess.run(ask, capture_output=True).returncode:
        pytest.skip("docker compose is not installed")

    read = [docker, "compose", "--file", str(ROOT / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(read, capture_output=True, text=True, cwd=tmp_path)

    assert ("", 0) == (done.stderr, done.returncode)


def test_cluster_has_what_the_page_says() -> None:
    kinds = [each["kind"] for each in CLUSTER]

    assert ["Job", "Deployment", "Deployment", "Deployment", "Service"] == kinds
    daemon = CLUSTER[1]["spec"]
    assert (1, "Recreate") == (daemon["replicas"], daemon["strategy"]["type"])


@pytest.mark.parametrize("pod", PODS, ids=[each["metadata"]["name"] for each in CLUSTER[:4]])
def test_pods_have_no_rights_and_commands_that_there_are(pod: dict[str, Any]) -> None:
    [container] = pod["containers"]
    probes = [container[each] for each in container if each.endswith("Probe")]
    rights = container["securityContext"]

    assert (True, 10001) == (
        pod["securityContext"]["runAsNonRoot"],
        pod["securityContext"]["runAsUser"],
    )
    assert rights["readOnlyRootFilesystem"]
    assert {"drop": ["ALL"]} == rights["capabilities"]
    assert {each["name"] for each in container["env"]} <= VARIABLES
    assert {each["name"] for each in pod["volumes"]} == {
        each["name"] for each in container["volumeMounts"]
    }
    check_command(container["args"])
    for probe in probes:
        if "exec" in probe:
            assert "newsletter" == probe["exec"]["command"][0]
            check_command(probe["exec"]["command"][1:])
        else:
            assert "/healthz" == probe["httpGet"]["path"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_wheel_of_what_the_builder_is_sent_works_without_rights_in_a_read_only_tree(
    tmp_path: Path,
) -> None:
    """The steps of the Dockerfile; its dependencies are those of this environment."""
    source, wheels, tree, data = (
        tmp_path / name for name in ("source", "wheels", "newsletter", "data")
    )
    for name in sent_to_the_builder():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    (source / "made/_docs").mkdir(parents=True)  # test_wheel.py builds the pages
    (source / "made/_docs/index.html").write_text("")
    (source / "made/_commit").write_text("0123456789abcdef0123456789abcdef01234567\n")
    building = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels]
    run([*building, source], clean_environment())
    run([sys.executable, "-m", "venv", "--without-pip", tree], clean_environment())
    [wheel] = wheels.glob("*.whl")
    python = tree / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--only-binary=:all:"]
    run([*pip, "--no-deps", "--no-index", wheel], clean_environment())
    [packages] = tree.glob("lib/python3.*/site-packages")
    [dependencies] = BIN.parent.glob("lib/python3.*/site-packages")
    # Behind the tree's own packages, and without the .pth files that lead to this checkout.
    (packages / "dependencies.pth").write_text(f"{dependencies}\n")
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    data.mkdir()
    environment = {**clean_environment(), "PYTHONDONTWRITEBYTECODE": "1"}
    setpriv = shutil.which("setpriv") if os.geteuid() == 0 else None
    powerless = [setpriv, "--bounding-set=-all", "--no-new-privs"] if setpriv else []
    command = [*powerless, tree / "bin/newsletter"]

    refused = subprocess.run([*powerless, "touch", tree / "bin/x"], capture_output=True)
    version = run([*command, "--version"], environment)
    run([*command, "init", "--yes", "--name", "Harbour", data], environment)
    status = run([*command, "status"], environment, data)

    assert refused.returncode
    assert "0123456" in version
    assert "No issue has been sent yet." in status
    where = [*powerless, python, "-c", "import newsletter; print(newsletter.__file__)"]
    assert str(tree) in run(where, environment, data)
    for path in (tree, *tree.rglob("*")):  # pytest is to remove it
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)


def run(words: list[Any], environment: dict[str, str], folder: Path | None = None) -> str:
    done = subprocess.run(
        list(map(str, words)),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=patience(90),
    )
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_image_is_built_and_starts_where_an_engine_and_its_base_are_here() -> None:
    engine = next(filter(None, map(shutil.which, ("docker", "podman"))), None)
    [base] = re.findall(r"(?m)^ARG PYTHON=(\S+)$", DOCKERFILE)
    has = [str(engine), "image", "inspect", base]
    if engine is None or subprocess.run(has, capture_output=True).returncode:
        pytest.skip("no container engine with the base image is here")

    build = [engine, "build", "--tag", "newsletter-under-test", str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=patience(600))
    shut = ["--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp", "newsletter-under-test"]
    said = run([engine, "run", "--rm", *shut, "--version"], clean_environment())

    assert said.startswith("newsletter ")
