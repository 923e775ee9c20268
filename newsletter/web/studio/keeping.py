"""What keeps an issue's text from being lost: opened, kept at every key press, saved, compared.

Everything here is asked by the desk's page. A text is written over nobody's
(publishing/drafts), and until it is written it stands in a journal (publishing/draft_journal).
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from newsletter.errors import IssueFileError
from newsletter.issue import MAX_BYTES
from newsletter.process import this_process
from newsletter.publishing.draft_journal import (
    Kept,
    find_kept,
    forget,
    is_elsewhere,
    is_tab,
    keep,
    keep_versions,
)
from newsletter.publishing.drafts import (
    ChangedElsewhere,
    Draft,
    read_draft,
    save_draft,
    write_again,
)
from newsletter.publishing.issue_names import FOLDER
from newsletter.publishing.issues import issues_in, publication_path
from newsletter.web.studio.desk import read_json
from newsletter.web.studio.house import house_as_json
from newsletter.web.studio.leases import Page
from newsletter.web.studio.studio import Studio, studio_of
from newsletter.web.studio.versions import versions
from newsletter.web.studio.words import refusal

_NOT_YOURS = "this issue is being written in another tab"


async def opened(request: Request) -> JSONResponse:
    """The text, and what was typed once and the file does not have."""
    studio, name = studio_of(request), request.path_params["name"]
    file = studio.place_to_open(name)
    draft = await asyncio.to_thread(read_draft, file) if file.exists() else None
    found = await asyncio.to_thread(_found, studio, name, file, draft.text if draft else "")
    if draft is None and not found:
        raise HTTPException(404)
    return JSONResponse(
        {
            **(_draft(draft) if draft else {"text": "", "version": "", "at": None}),
            "place": sha256(str(studio.folder).encode()).hexdigest()[:12],
            "studio": _me(studio),
            "house": house_as_json(studio.settings),
            "found": [_kept(each) for each in found],
        }
    )


async def kept(request: Request) -> JSONResponse:
    """Text and what it began from, on the disk when this answers; `instead` of another page's."""
    studio, asked = studio_of(request), await read_json(request)
    _, file = _asked_for(request)
    journal = Kept(
        tab=_tab(asked),
        text=_text(asked, "text"),
        base=_word(asked, "base"),
        base_text=_text(asked, "baseText"),
        number=_number(asked),
        at=studio.known.clock(),
        by=_me(studio),
    )
    await asyncio.to_thread(keep, file, journal)
    if is_tab(instead := _word(asked, "instead")):
        await asyncio.to_thread(forget, file, instead)
    return JSONResponse({"at": journal.at.isoformat()})


async def saved(request: Request) -> JSONResponse:
    """Written, where the file is the version `base` still."""
    studio, asked = studio_of(request), await read_json(request)
    name, file = _asked_for(request)
    text, tab, base = _text(asked, "text"), _tab(asked), _word(asked, "base")
    if studio.leases.is_anothers(name, tab):
        return JSONResponse({"said": _NOT_YOURS}, 423)
    again = asked.get("again") is True
    under_way = _text(asked, "underWay") if "underWay" in asked else None
    save = partial(save_draft, file, text, base, under_way)
    write = partial(write_again, file, text) if again else save
    done = await asyncio.to_thread(write)
    if isinstance(done, ChangedElsewhere):
        theirs = _draft(done.draft) if done.draft else None
        return JSONResponse({"said": str(done), "theirs": theirs}, 409)
    await asyncio.to_thread(forget, file, tab, _number(asked))
    return JSONResponse({"version": done.version, "at": done.at.isoformat()})


async def pulse(request: Request) -> JSONResponse:
    """How it stands: who writes, and whether the file is still the version that the page knows."""
    studio, asked = studio_of(request), await read_json(request)
    name, file = _asked_for(request)
    flags = {key: asked.get(key) is True for key in ("is_new", "wrote", "wants", "is_hidden")}
    lease = studio.leases.ask(name, Page(tab=_tab(asked), **flags))
    on_disk = await asyncio.to_thread(_on_disk, studio, file, _word(asked, "version"))
    return JSONResponse({"lease": lease.value, **on_disk})


async def left(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await read_json(request)
    studio.leases.leave(request.path_params["name"], _tab(asked))
    return JSONResponse({})


async def compared(request: Request) -> JSONResponse:
    studio, asked = studio_of(request), await read_json(request)
    base, yours, disk = (_text(asked, key) for key in ("base", "yours", "disk"))
    cues = studio.settings.house.cues
    return JSONResponse(await asyncio.to_thread(versions, base, yours, disk, cues))


async def both_kept(request: Request) -> JSONResponse:
    """Two versions kept beside the file, before a third one takes its place."""
    studio, asked = studio_of(request), await read_json(request)
    _, file = _asked_for(request)
    texts = {key: _text(asked, key) for key in ("yours", "disk")}
    paths = await asyncio.to_thread(keep_versions, file, texts)
    return JSONResponse({"paths": [publication_path(path, studio.folder) for path in paths]})


def _asked_for(request: Request) -> tuple[str, Path]:
    """An issue by its name, with its file; where that is gone, where it was."""
    name: str = request.path_params["name"]
    return name, studio_of(request).place(name)


def _found(studio: Studio, name: str, file: Path, has: str) -> Sequence[Kept]:
    me = _me(studio)

    def is_writing(kept: Kept) -> bool:
        is_ours = kept.by == me and studio.leases.holds(name, kept.tab)
        return is_ours or is_elsewhere(kept, me)

    return find_kept(file, has, is_writing)


def _on_disk(studio: Studio, file: Path, version: str) -> Mapping[str, Any]:
    if not file.exists():
        return {"gone": True, "renamed": _name_of(studio, version)}
    try:
        draft = read_draft(file)
    except IssueFileError as error:
        return {"said": refusal(error, studio.known, file)}
    return {"version": draft.version} | ({} if draft.version == version else _draft(draft))


def _name_of(studio: Studio, version: str) -> str | None:
    """The name of another file that is this version: it was renamed."""
    for file in issues_in(studio.folder / FOLDER):
        try:
            if read_draft(file).version == version:
                return file.stem
        except IssueFileError:
            continue
    return None


def _me(studio: Studio) -> str:
    return this_process(studio.known.clock())


def _draft(draft: Draft) -> dict[str, Any]:
    return {"text": draft.text, "version": draft.version, "at": draft.at.isoformat()}


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "tab": kept.tab,
        "text": kept.text,
        "base": kept.base,
        "baseText": kept.base_text,
        "at": kept.at.isoformat(),
        "by": kept.by,
    }


def _tab(asked: Mapping[str, Any]) -> str:
    tab = _word(asked, "tab")
    if not is_tab(tab):
        raise HTTPException(400)
    return tab


def _number(asked: Mapping[str, Any]) -> int:
    """Which of a page's texts it is; each is larger than the one before."""
    number = asked.get("number")
    return number if isinstance(number, int) else 0


def _word(asked: Mapping[str, Any], key: str) -> str:
    word = asked.get(key, "")
    if not isinstance(word, str) or len(word) > 200:
        raise HTTPException(400)
    return word


def _text(asked: Mapping[str, Any], key: str) -> str:
    """As it was typed: what no file can hold is refused where it is saved."""
    text = asked.get(key)
    if not isinstance(text, str):
        raise HTTPException(400)
    if len(text) > 2 * MAX_BYTES:
        raise HTTPException(413)
    return text


_PATH = "/api/issues/{name}"
ROUTES: Sequence[BaseRoute] = [
    Route(f"{_PATH}/open", opened),
    Route(f"{_PATH}/keep", kept, methods=["POST"]),
    Route(f"{_PATH}/save", saved, methods=["POST"]),
    Route(f"{_PATH}/pulse", pulse, methods=["POST"]),
    Route(f"{_PATH}/leave", left, methods=["POST"]),
    Route(f"{_PATH}/compare", compared, methods=["POST"]),
    Route(f"{_PATH}/both", both_kept, methods=["POST"]),
]
