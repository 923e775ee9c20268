"""Every sample is known by what is in it, however it is packed; two at once are nobody's."""

import json
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import Act, ExportError, Remedy
from newsletter.importing.exports import Export, System, open_container, read_export, system_of
from tests.export_samples import SAMPLES, empty_of, export_at, sample, written_of, zipped


def texts_of(export: Export) -> dict[str, str]:
    return {name: issue.text for name, issue in written_of(export).items()}


@pytest.mark.parametrize("system", System)
def test_export_is_known_by_what_is_in_it(system: System, tmp_path: Path) -> None:
    mac = {"__MACOSX/harbour/._posts.csv": b"\0", "harbour/.DS_Store": b"\0"}
    plain = zipped(system, tmp_path / "download.zip")
    wrapped = zipped(system, tmp_path / "Archive.zip", within="harbour", more=mac)

    assert system is export_at(plain).system
    assert texts_of(sample(system)) == texts_of(export_at(plain)) == texts_of(export_at(wrapped))
    assert len(sample(system).people) == len(export_at(wrapped).people)


@pytest.mark.parametrize("system", System)
def test_every_issue_is_written_or_named(system: System) -> None:
    export = sample(system)

    assert len(export.issues) == len(written_of(export)) + len(empty_of(export))
    assert not empty_of(export)


@pytest.mark.parametrize(
    ("system", "name"),
    [
        (System.SUBSTACK, "email_list.harbour.csv"),
        (System.GHOST, "members.der-hafenbrief.2024-06-01.csv"),
        (System.BUTTONDOWN, "subscribers.csv"),
        (System.LISTMONK, "subscribers.json"),
        (System.MAILCHIMP, "lists/harbour-letter/subscribed_members_export_0c1d2e3f4a.csv"),
    ],
)
def test_file_of_people_alone_is_an_export(system: System, name: str) -> None:
    export = export_at(SAMPLES / system / name)

    assert (system, 0, 1) == (export.system, len(export.issues), len(export.people))


def test_two_exports_in_one_folder_are_refused(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "substack", tmp_path / "a")
    shutil.copytree(SAMPLES / "listmonk", tmp_path / "b")

    with (
        open_container(tmp_path) as container,
        pytest.raises(ExportError, match="an export of Substack or of listmonk"),
    ):
        system_of(container)


def test_what_no_system_writes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email,first_name\nada@example.com,Ada\n")

    with open_container(tmp_path) as container, pytest.raises(ExportError, match="not an export"):
        system_of(container)


def test_wrong_system_finds_nothing(tmp_path: Path) -> None:
    with (
        open_container(SAMPLES / "ghost") as container,
        pytest.raises(ExportError, match="no issues and no readers of Substack"),
    ):
        read_export(container, System.SUBSTACK)


_NAMES: tuple[str, ...] = (
    "db",
    "data",
    "posts",
    "posts_meta",
    "settings",
    "newsletters",
    "results",
    "lists",
)
_NAMES += ("key", "value", "status", "title", "html", "lexical", "mobiledoc", "sections", "id")
_NAMES += ("subject", "from_email", "email", "body", "type", "root", "children", "text")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(_JSON)
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = tmp_path_factory.mktemp("json") / "export.json"
    path.write_text(json.dumps(value))
    with open_container(path) as container:
        for system in (System.GHOST, System.LISTMONK, System.BUTTONDOWN):
            with suppress(ExportError):
                written_of(read_export(container, system))


@given(st.text(alphabet='post_id,date"\n\r;\tTRUEemail0198.-é\0', max_size=200))
def test_any_table_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("table")
    (folder / "posts.csv").write_text(f"post_id,post_date,is_published\n{text}", newline="")
    (folder / "1.a.html").write_text("<p>Words</p>")
    with open_container(folder) as container, suppress(ExportError):
        written_of(read_export(container, System.SUBSTACK))


@pytest.mark.parametrize("name", ["export.tar.gz", "export.7z", "inside.zip", "export.rar"])
def test_archive_that_is_not_looked_into_is_to_be_unpacked(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "inside.zip":
        inner = zipped(System.SUBSTACK, tmp_path / "inner.zip").read_bytes()
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("Export/inner.zip", inner)
    else:
        path.write_bytes(b"whatever")

    with pytest.raises(ExportError, match="is an archive, and is not looked into; unpack it"):
        export_at(path)


def test_list_of_people_without_a_system_is_imported_afterwards(tmp_path: Path) -> None:
    """What an address book exports says of nobody that they subscribed."""
    path = tmp_path / "kontakte.csv"
    path.write_text("Vorname,Nachname,E-Mail-Adresse\nJo,Quay,jo@reader.example.com\n")

    with pytest.raises(ExportError, match="this is a list of people") as caught:
        export_at(path)

    assert Remedy(Act.IMPORT_SUBSCRIBERS) == caught.value.remedy
