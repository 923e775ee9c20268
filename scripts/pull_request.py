"""What the GitHub Action asks and says of a pull request (action.yml has the steps).

    python scripts/pull_request.py issues     the issues that it changes, one a line
    python scripts/pull_request.py comment    what was found, and the pictures, as its one comment

All of it comes from the variables that GitHub sets for a step, and from the Action's own.
"""

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

MARK = "<!-- newsletters as code -->"
VIEWS = {"680-light": "Light", "680-dark": "Dark", "375-light": "Phone"}
LONGEST = 20_000
"""Characters of findings in a comment, of the 65,536 that GitHub takes."""
WORDS = {"0": "Nothing was found.", "1": "Something was found.", "2": "It could not be checked."}


def main(arguments: list[str]) -> int:
    if arguments == ["issues"]:
        for name in issues_of(os.environ):
            print(name)  # noqa: T201 - a script
        return 0
    if arguments == ["comment"]:
        return say_or_explain(os.environ)
    print(__doc__, file=sys.stderr)  # noqa: T201 - as above
    return 2


def issues_of(environment: Mapping[str, str]) -> list[str]:
    """Those that were asked for, else those that differ from the branch to be merged into."""
    asked = [line.strip() for line in environment.get("ISSUES", "").splitlines() if line.strip()]
    base = environment.get("GITHUB_BASE_REF", "")
    if asked or not base:
        return asked or [str(path) for path in sorted(Path("issues").glob("*.md"))[-1:]]
    git("fetch", "--quiet", "--depth", "1", "origin", f"refs/heads/{base}")
    names = git("diff", "--name-only", "--relative", "-z", "--diff-filter=d", "FETCH_HEAD", "HEAD")
    return [name for name in names.split("\0") if is_issue(name)]


def is_issue(name: str) -> bool:
    """A text of the folder `issues`, of a name that fits on a line."""
    path = PurePosixPath(name)
    in_folder = path.parts[:1] == ("issues",) and path.suffix in {".md", ".txt"}
    return in_folder and name.isprintable()


def git(*arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return done.stdout


def comment(environment: Mapping[str, str]) -> str:
    """The comment as Markdown; what was found stands in it as text, whatever it holds."""
    folder = Path(environment["FOLDER"])
    issues = (folder / "issues.list").read_text(encoding="utf-8").split("\n")
    found = (folder / "findings.txt").read_text(encoding="utf-8")[:LONGEST].strip()
    parts = [MARK, f"**{WORDS.get(environment['STATUS'], WORDS['2'])}**"]
    if found:
        parts.append(f"<pre>{html.escape(found)}</pre>")
    parts += [pictures(Path(issue).stem, folder, environment) for issue in filter(None, issues)]
    if environment.get("ARTIFACT"):
        parts.append(f"[The e-mail, its text and its pictures]({environment['ARTIFACT']})")
    return "\n\n".join(filter(None, parts))


def pictures(name: str, folder: Path, environment: Mapping[str, str]) -> str:
    """A table of an issue's pictures, where they have a branch to be shown from."""
    branch = environment.get("BRANCH", "")
    there = [view for view in VIEWS if (folder / f"{name}-{view}.png").exists()]
    if not branch or not there:
        return ""
    where = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/raw".format(**environment)
    root = f"{where}/{branch}/{event(environment)['number']}"
    run = environment.get("GITHUB_RUN_ID", "")
    head = "".join(f"<th>{VIEWS[view]}</th>" for view in there)
    cells = "".join(
        f'<td valign="top"><img width="260" alt="{VIEWS[view]}" '
        f'src="{html.escape(quote(f"{root}/{name}-{view}.png", safe=":/"))}?run={run}"></td>'
        for view in there
    )
    title = html.escape(name)
    return (
        f"<details open><summary>{title}</summary>\n\n"
        f"<table><tr>{head}</tr><tr>{cells}</tr></table></details>"
    )


def say_or_explain(environment: Mapping[str, str]) -> int:
    """A pull request from a fork has a token that may not write: no fault of its author."""
    try:
        say(comment(environment), environment)
    except HTTPError as error:
        if error.code not in {401, 403}:
            raise
        print(f"::notice::the token may not comment here ({error.code})")  # noqa: T201 - a script
    return 0


def say(text: str, environment: Mapping[str, str]) -> None:
    """One comment a pull request: the one of an earlier run is written anew."""
    repository = "{GITHUB_API_URL}/repos/{GITHUB_REPOSITORY}".format(**environment)
    ours = f"{repository}/issues/{event(environment)['number']}/comments"
    earlier = next((one for one in pages(ours, environment) if one["body"].startswith(MARK)), None)
    if earlier:
        ask("PATCH", f"{repository}/issues/comments/{earlier['id']}", environment, text)
    else:
        ask("POST", ours, environment, text)


def pages(address: str, environment: Mapping[str, str]) -> list[Any]:
    """Every comment there is, a hundred a page."""
    found: list[Any] = []
    for page in range(1, 31):
        part = ask("GET", f"{address}?per_page=100&page={page}", environment)
        found += part
        if len(part) < 100:
            break
    return found


def ask(method: str, address: str, environment: Mapping[str, str], body: str | None = None) -> Any:
    if not re.match("https?://", address):
        raise ValueError(f"{address} is no address of the web")
    request = Request(  # noqa: S310 - looked at just above
        address,
        method=method,
        data=json.dumps({"body": body}).encode() if body is not None else None,
        headers={
            "Authorization": f"Bearer {environment['TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return json.load(answer)


def event(environment: Mapping[str, str]) -> Any:
    return json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
