"""The archive: issues that were sent or published, and their pictures, as readers see them.

Nothing here is a draft. What an issue's content means is left to the room that makes pages of it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from newsletter.books import ArchivedIssue, StoredPicture
from newsletter.store.sql.connections import Connections, insert_new, own, publication_of
from newsletter.store.sql.schema import pictures, published_issues
from newsletter.store.sql.values import stored_page


@dataclass(frozen=True)
class Archive:
    """The archive of one publication. Any thread may ask it."""

    _connections: Connections

    def publish(self, issue: ArchivedIssue, shown: Iterable[StoredPicture] = ()) -> None:
        """The issue as readers see it from now on, with its pictures, in one transaction.

        It takes the place of what had its name: that keeps the moment at which it was published.
        """
        with self._connections.writing() as connection:
            for picture in shown:
                _keep(connection, picture)
            _put(connection, issue)

    def find(self, name: str) -> ArchivedIssue | None:
        wanted = select(published_issues).where(published_issues.c.name == name)
        with self._connections.reading() as connection:
            mine = wanted.where(own(connection, published_issues))
            row = connection.execute(mine).one_or_none()
        return None if row is None else _issue(row)

    def all(self) -> Sequence[ArchivedIssue]:
        """The newest first."""
        wanted = select(published_issues).order_by(
            published_issues.c.local_date.desc(),
            published_issues.c.published_at.desc(),
            published_issues.c.name.desc(),
        )
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(own(connection, published_issues))).all()
        return [_issue(row) for row in rows]

    def mark(self) -> Hashable:
        """What is another whenever the archive is: names and digests, a hundred bytes an issue."""
        shown = published_issues.c
        wanted = select(shown.name, shown.digest, shown.corrected_at).order_by(shown.name)
        with self._connections.reading() as connection:
            rows = connection.execute(wanted.where(own(connection, published_issues))).all()
        return tuple(tuple(row) for row in rows)

    def picture(self, name: str) -> StoredPicture | None:
        wanted = select(pictures).where(pictures.c.name == name)
        with self._connections.reading() as connection:
            row = connection.execute(wanted.where(own(connection, pictures))).one_or_none()
        if row is None:
            return None
        return StoredPicture(name=row.name, media_type=row.media_type, octets=row.octets)

    def picture_names(self) -> Sequence[str]:
        with self._connections.reading() as connection:
            wanted = select(pictures.c.name).where(own(connection, pictures))
            return list(connection.execute(wanted.order_by(pictures.c.name)).scalars())


def _keep(connection: Connection, picture: StoredPicture) -> None:
    """Under its name there is never another picture."""
    connection.execute(
        insert_new(connection, pictures).values(
            publication_id=publication_of(connection),
            name=picture.name,
            media_type=picture.media_type,
            octets=picture.octets,
        )
    )


def _put(connection: Connection, issue: ArchivedIssue) -> None:
    mine = own(connection, published_issues), published_issues.c.name == issue.name
    content = {"digest": issue.digest, "content": stored_page(issue.content)}
    changed = {**content, "local_date": issue.local_date, "corrected_at": issue.corrected_at}
    if connection.execute(update(published_issues).where(*mine).values(**changed)).rowcount:
        return
    connection.execute(
        insert(published_issues).values(
            publication_id=publication_of(connection),
            name=issue.name,
            published_at=issue.published_at,
            **changed,
        )
    )


def _issue(row: Row[Any]) -> ArchivedIssue:
    return ArchivedIssue(
        name=row.name,
        local_date=row.local_date,
        published_at=row.published_at,
        corrected_at=row.corrected_at,
        digest=row.digest,
        content=row.content,
    )
