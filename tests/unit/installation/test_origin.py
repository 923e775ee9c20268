"""Where the program was installed from, as far as it may be told on."""

import json

import pytest

from newsletter.installation.origin import origin_in

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def installed(url: str, *, vcs: str = "git", commit: str = COMMIT) -> str:
    return json.dumps({"url": url, "vcs_info": {"vcs": vcs, "commit_id": commit}})


def test_repository_is_named_with_the_very_commit() -> None:
    url = "https://git.example.com/team/newsletter-as-code.git"

    assert f"git+{url}@{COMMIT}" == origin_in(installed(url))


@pytest.mark.parametrize(
    "direct_url",
    [
        "",
        "{}",
        "[]",
        "no JSON",
        json.dumps({"url": "file:///home/ada/newsletter", "dir_info": {}}),
        installed("file:///home/ada/newsletter"),
        installed("ssh://git@git.example.com/newsletter"),
        installed("https://ada:secret@git.example.com/newsletter"),
        installed('https://git.example.com/newsletter"\nrun: rm'),
        installed("https://git.example.com/newsletter", commit="$(x)"),
        installed("https://git.example.com/newsletter", vcs="hg"),
    ],
)
def test_what_others_cannot_or_must_not_have_is_no_origin(direct_url: str) -> None:
    assert "" == origin_in(direct_url)
