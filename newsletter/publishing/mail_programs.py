"""Issues as mail programs show them: rendered, judged by caniemail's data, told as diagnostics."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter.check import Diagnostic, Severity
from newsletter.client_support import (
    ENTRY,
    INLINE,
    Allowance,
    Client,
    ClientCount,
    Lack,
    TemplateTexts,
    Use,
    count_support,
    find_lacks,
    find_uses,
    load_support,
    named_templates,
    our_allowances,
    say_clients,
    unused_allowances,
)
from newsletter.issue import Issue, Source, source_from_text
from newsletter.publishing.rendering import render
from newsletter.settings import Settings

K001 = ("K001", "client-support", Severity.WARNING)
K002 = ("K002", "client-support-partly", Severity.INFO)
K003 = ("K003", "allowance-unused", Severity.INFO)

_Rule = tuple[str, str, Severity]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientReport:
    """What mail programs make of some issues.

    `of_note` are the clients that diagnostics are about; `made` lacks in them, and no template is
    to blame: MJML makes it, or the issue's text asks for it. `lacks` are all there are in clients
    of note, and `data` says of when the facts are.
    """

    features: int
    counts: tuple[ClientCount, ...]
    of_note: tuple[Client, ...]
    diagnostics: tuple[Diagnostic, ...]
    made: tuple[Lack, ...]
    allowed: tuple[Lack, ...]
    lacks: tuple[Lack, ...]
    data: str


def judge_clients(issues: Sequence[Issue], settings: Settings, now: datetime) -> ClientReport:
    """The report on some issues together. Raises RenderError."""
    data = load_support()
    htmls = [render(issue, settings, now).html for issue in issues]
    uses = dict.fromkeys(use for html in htmls for use in find_uses(html))
    of_note = data.chosen(settings.clients.only or data.of_note)
    own = settings.clients.allowed
    allowances = (*own, *our_allowances())
    lacks = find_lacks(uses, data, clients=of_note, allowances=allowances)
    places = _Places(settings.template_folders, issues)
    found = [(lack, [*places.of(lack)]) for lack in lacks if lack.not_in or lack.partly_in]
    unused = unused_allowances(own, lacks)
    diagnostics = [*_diagnostics(found, of_note), *_unused(unused, settings)]
    return ClientReport(
        features=len({use.slug for use in uses}),
        counts=count_support(uses, data),
        of_note=of_note,
        diagnostics=tuple(sorted(set(diagnostics), key=_in_file_order)),
        made=tuple(lack for lack, places in found if lack.not_in and not places),
        allowed=tuple(lack for lack in lacks if lack.allowed),
        lacks=tuple(lacks),
        data=f"caniemail {data.release}, of {data.updated}",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spot:
    """A column in a line of a text of ours or of the user's."""

    source: Source
    line: int
    column: int
    words: str


class _Places:
    """Where the templates and the issues write what is in use."""

    def __init__(self, folders: Sequence[Path], issues: Sequence[Issue]) -> None:
        self._issues = issues
        self._sources = _sources(folders)
        self._templates = _texts(self._sources)

    def of(self, lack: Lack) -> Iterator[_Spot]:
        for use in lack.uses:
            spots = [*self._in_templates(use)] or [*self._in_issues(use)]
            yield from spots

    def _in_templates(self, use: Use) -> Iterator[_Spot]:
        for place in self._templates.places(use):
            source = self._sources[place.name]
            yield _Spot(source=source, line=place.line, column=place.column, words=use.words)

    def _in_issues(self, use: Use) -> Iterator[_Spot]:
        """An image's or a link's address stands in the issue itself."""
        for issue in self._issues if use.key == use.words else ():
            for number, line in enumerate(issue.source.lines, 1):
                if use.words in line:
                    column = line.index(use.words) + 1
                    yield _Spot(source=issue.source, line=number, column=column, words=use.words)


def _sources(folders: Sequence[Path]) -> Mapping[str, Source]:
    """The templates of the e-mail by name; of each the first folder's that has it."""
    found: dict[str, Source] = {}
    waiting = [ENTRY, INLINE]
    while waiting:
        name = waiting.pop()
        path = next((one / name for one in folders if (one / name).is_file()), None)
        if path is None or name in found:
            continue
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        found[name] = source_from_text(text, path=str(path))
        waiting += named_templates(text)
    return found


def _texts(sources: Mapping[str, Source]) -> TemplateTexts:

    return TemplateTexts({name: "\n".join(source.lines) for name, source in sources.items()})


def _diagnostics(
    found: Sequence[tuple[Lack, list[_Spot]]], of_note: Sequence[Client]
) -> Iterator[Diagnostic]:
    for lack, spots in found:
        slug = lack.feature.slug
        hint = f'where it does no harm: [clients] allowed = {{ {slug} = "the reason" }}'
        rule = K001 if lack.not_in else K002
        for spot in spots:
            message = f"{_short(spot.words)}: {_lacks(lack, of_note)}"
            yield _diagnostic(rule, spot, message, hint=hint if lack.not_in else "")


def _lacks(lack: Lack, of_note: Sequence[Client]) -> str:
    """`border-radius does not work in Outlook (Windows), and works only partly in Yahoo Mail`."""
    parts = []
    if lack.not_in:
        parts.append(f"does not work in {say_clients(lack.not_in, of_note)}")
    if lack.partly_in:
        parts.append(f"works only partly in {say_clients(lack.partly_in, of_note)}")
    return f"{lack.feature.title} {', and '.join(parts)}"


def _short(words: str) -> str:
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"


def _unused(allowances: Sequence[Allowance], settings: Settings) -> Iterator[Diagnostic]:
    """Told where newsletter.toml first names the feature."""
    path = settings.folder / "newsletter.toml"
    source = source_from_text(path.read_text(encoding="utf-8"), path=str(path))
    for allowance in allowances:
        slug = allowance.slug
        lines = (number for number, line in enumerate(source.lines, 1) if slug in line)
        number = next(lines, 1)
        column = source.line(number).find(slug) + 1
        spot = _Spot(source=source, line=number, column=column or 1, words=slug)
        yield _diagnostic(K003, spot, f"{slug} is allowed, but nothing in these issues needs it")


def _diagnostic(rule: _Rule, spot: _Spot, message: str, *, hint: str = "") -> Diagnostic:
    code, slug, severity = rule
    line = spot.source.line(spot.line)
    rest = line[spot.column - 1 :]
    words = spot.words if rest.startswith(spot.words) else re.split(r"[:=]", rest)[0]
    return Diagnostic(
        path=spot.source.path,
        span=spot.source.span(spot.line, spot.column, len(words)),
        code=code,
        slug=slug,
        severity=severity,
        message=message,
        hint=hint,
        source_line=line,
    )


def _in_file_order(item: Diagnostic) -> tuple[object, ...]:
    return item.path, item.span, item.code, item.message
