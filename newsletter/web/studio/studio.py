"""The studio as its handlers are given it: the publication, read again where its settings changed.

Everything that takes time runs in a thread: the text of whoever types in the one warm `workbench`,
in order; acts, which wait for the database or the relay, beside it.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.check import all_rules
from newsletter.errors import SettingsError
from newsletter.files import FileState, file_state
from newsletter.pictures import Picture
from newsletter.publishing.draft_journal import has_kept
from newsletter.publishing.issue_names import FOLDER
from newsletter.publishing.issues import is_issue_name, own_issue, own_places
from newsletter.publishing.looking import Looker, looker_of
from newsletter.publishing.page_titles import PageTitle
from newsletter.publishing.pictures import KEPT
from newsletter.publishing.publication import Publication
from newsletter.publishing.shelf import ShelfKeeper
from newsletter.publishing.wording import WordsBefore
from newsletter.render import Rendered
from newsletter.settings import FILE_NAME, Settings
from newsletter.starter import ENV
from newsletter.web.studio.leases import Leases
from newsletter.web.studio.session import Session

T = TypeVar("T")


@dataclass(kw_only=True)
class Studio:
    """`open_publication` reads the settings; raises SettingsError for faults in them.

    `titles` asks a page what it is called; the web's reader unless given.
    """

    open_publication: Callable[[], Publication]
    session: Session
    titles: Callable[[str], PageTitle] | None = None
    _publication: Publication | None = None
    _fault: SettingsError | None = None
    _seen: tuple[FileState, FileState] | None = None
    leases: Leases = field(default_factory=Leases)
    _looker: Looker | None = None
    _places: dict[str, Path] = field(default_factory=dict, repr=False)
    pictures: dict[str, Picture] = field(default_factory=dict, repr=False)
    judged: dict[str, Any] = field(default_factory=dict, repr=False)
    words_before: WordsBefore = field(default_factory=WordsBefore)
    shelf: ShelfKeeper | None = None
    shelving: asyncio.Task[None] | None = None
    """What works out the shelf now, if anything does."""
    workbench: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="workbench")
    )

    @property
    def publication(self) -> Publication:
        """As its settings are now, for acts. Raises SettingsError for faults in them."""
        self._read()
        if self._fault:
            raise self._fault.with_traceback(None)
        return self.known

    @property
    def known(self) -> Publication:
        """As its settings are now; as they were while they have faults, for writing goes on."""
        self._read()
        if self._publication is None:
            assert self._fault
            raise self._fault.with_traceback(None)
        return self._publication

    @property
    def settings(self) -> Settings:
        """Those of the publication that is known."""
        return self.known.settings

    @property
    def folder(self) -> Path:
        return self.settings.folder

    def file(self, name: str) -> Path:
        """The file of an issue, asked for by its name alone. Raises HTTPException 404."""
        file = own_issue(name, self.folder)
        if file is None:
            raise HTTPException(404, "there is no file of this issue")
        return file

    def _read(self) -> None:
        """The settings, where a file of theirs is another by now."""
        folder = self._publication.settings.folder if self._publication else None
        state = (file_state(folder / FILE_NAME), file_state(folder / ENV)) if folder else None
        if state is not None and state == self._seen:
            return
        try:
            self._publication, self._fault = self.open_publication(), None
        except SettingsError as error:
            self._fault = error
        if self._publication:
            folder = self._publication.settings.folder
            self._seen = (file_state(folder / FILE_NAME), file_state(folder / ENV))

    def place(self, name: str) -> Path:
        """The file of an issue; where none is there any more, where it was.

        What stands there instead, such as a link, is refused by whoever reads or writes it
        (publishing/drafts). Raises HTTPException 404 for what is no name.
        """
        try:
            file = self.file(name)
        except HTTPException:
            if not is_issue_name(name) or (self.folder / FOLDER).is_symlink():
                raise
            return self._place_before(name)
        self._places[name] = file
        return file

    def place_to_open(self, name: str) -> Path:
        """The same, for a page that begins. Raises HTTPException 404 where no file stands there."""
        place = self.place(name)
        if os.path.lexists(place) and (place.is_symlink() or not place.is_file()):
            raise HTTPException(404)
        return place

    def place_in_hand(self, name: str) -> Path:
        """The same, of an issue that is written at, though its file may be gone by now.

        Raises HTTPException 404 where nobody has seen one by this name.
        """
        place = self.place(name)
        if name not in self._places and not has_kept(place):
            raise HTTPException(404)
        return place

    def _place_before(self, name: str) -> Path:
        """As this studio saw it last, or as an earlier one kept what was typed there."""
        known = self._places.get(name)
        if known and not known.parent.is_symlink():
            return known
        usual, *others = own_places(name, self.folder)
        return next((each for each in others if has_kept(each)), usual)

    def looker(self) -> Looker:
        """For the workbench alone. Earlier issues are read anew where settings change."""
        if self._looker is None or self._looker.settings is not self.settings:
            self._looker = looker_of(self.settings, all_rules())
        return self._looker

    def show_pictures(self, rendered: Rendered) -> None:
        """A page that shows this message will ask for its pictures by their names."""
        for picture in rendered.pictures:
            self.pictures.pop(picture.name, None)
            self.pictures[picture.name] = picture
        while len(self.pictures) > KEPT:
            del self.pictures[next(iter(self.pictures))]

    async def at_work(self, act: Callable[[], T]) -> T:
        """Done at the warm workbench, after what is there already."""
        return await asyncio.get_running_loop().run_in_executor(self.workbench, act)


def studio_of(request: Request) -> Studio:
    studio: Studio = request.app.state.studio
    return studio
