"""The files that every new publication has."""

import re

import pytest
import yaml

from newsletter.books import key_of, parse_key
from newsletter.settings.environment import NAMES
from newsletter.starter import ENV, WORKFLOWS, first_files, new_key


@pytest.mark.parametrize("name", ["friday", "Grüße 7", "金曜日", "x" * 200, "-", ""])
def test_new_key_is_a_key_and_no_two_are_alike(name: str) -> None:
    keys = {new_key(key_of(name)) for _ in range(3)}

    assert 1 < len(keys)
    assert keys == {parse_key(key) for key in keys}
    assert {key_of(name)[:50]} == {key[:-5] for key in keys}


def test_env_has_a_secret_of_its_own_and_every_other_name_of_the_example() -> None:
    first, second = (dict(first_files(""))[ENV] for _ in range(2))

    keys = [re.findall(r"(?m)^NEWSLETTER_SECRET_KEY=(.*)$", text) for text in (first, second)]
    assert [1, 1] == [len(found) for found in keys]
    assert [64, 64] == [len(found[0]) for found in keys]
    assert keys[0] != keys[1]
    for name in NAMES:
        assert re.search(rf"(?m)^{name}=", first), name


@pytest.mark.parametrize("package", ["", "git+https://git.example.com/newsletter@0123abc"])
def test_workflows_are_yaml_and_say_at_one_place_where_the_program_comes_from(package: str) -> None:
    github, gitlab = (yaml.safe_load(dict(first_files(package))[path]) for path in WORKFLOWS)

    assert package == github["env"]["NEWSLETTER"] == gitlab["issues"]["variables"]["NEWSLETTER"]
    assert {"contents": "read"} == github["permissions"]
