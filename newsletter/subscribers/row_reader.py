"""Reads the cells of a record into a row, or says what keeps it from being one.

What a column is, is worked out once for the file; here it is hot, so what comes again and again is
looked up.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from newsletter.addresses import AddrSpec, parse_addr_spec
from newsletter.errors import AddressError, Unfit
from newsletter.subscribers.cells import (
    CONTROL,
    MAX_FIRST_NAME,
    MAX_VALUE,
    one_line,
    original,
    parse_attributes,
    parse_tags,
)
from newsletter.subscribers.column_names import Meaning
from newsletter.subscribers.columns import Column, Columns, shown_cell
from newsletter.subscribers.instants import parse_instant
from newsletter.subscribers.judges import gone_at, witnesses_of
from newsletter.subscribers.model import Consent
from newsletter.subscribers.provenance import UNTOLD, Provenance
from newsletter.subscribers.row import Row
from newsletter.subscribers.standing import WEIGHT, Standing, weightiest
from newsletter.subscribers.suppression import Suppression, SuppressionKind
from newsletter.subscribers.table import Record

_NO_ATTRIBUTES: Mapping[str, str] = {}


class RowReader:
    """What is worked out once for all rows of a file. `cut` counts values that are too long."""

    def __init__(
        self,
        columns: Columns,
        name: str,
        cut: Counter[str],
        *,
        lenient: bool = False,
        provenance: Provenance = UNTOLD,
    ) -> None:
        assert columns.address is not None
        self._provenance = provenance
        self._at_best = weightiest([provenance.at_best, columns.at_best])
        self._columns, self._name, self._cut, self._lenient = columns, name, cut, lenient
        self._address, self._first_name = columns.address, columns.first_name
        self._witnesses = witnesses_of(columns)
        self._standings: dict[tuple[str, ...], Standing] = {}
        self._tags = [each.place for each in columns.of(Meaning.TAGS)]
        self._json, self._attributes = columns.of(Meaning.ATTRIBUTES), columns.attributes
        self._agreed_at = columns.of(Meaning.CONSENT_AT)
        self._agreed_by = columns.place_of(Meaning.CONSENT_SOURCE)
        self._source = columns.place_of(Meaning.SOURCE)
        self._created = columns.place_of(Meaning.CREATED_AT)
        self._updated = columns.place_of(Meaning.UPDATED_AT)
        self._paused = columns.place_of(Meaning.PAUSED_UNTIL)
        self._has_more = provenance is not UNTOLD or any(map(columns.of, _MORE))
        self._suppressed = columns.place_of(Meaning.SUPPRESSED) if columns.is_ours else None

    def row(self, record: Record) -> Row:
        """Raises Unfit; but of who has gone nothing more is needed than that."""
        try:
            return self._whole(record)
        except Unfit:
            if (gone := self._gone(record)) is None:
                raise
            return gone

    def _gone(self, record: Record) -> Row | None:
        """Somebody who has left or bounced, whatever else of their row cannot be read."""
        cells = record.cells + [""] * (self._columns.width - len(record.cells))
        if any(cells[self._columns.width :]):
            return None  # who knows which cell is which
        said = [cells[each.place] for each in self._witnesses]
        standing = weightiest([*self._heard(said, is_strict=False), self._at_best])
        if WEIGHT[standing] > WEIGHT[Standing.UNSUBSCRIBED]:
            return None
        try:
            address = self._spec(cells[self._address])
        except Unfit:
            return None
        at = gone_at(self._columns, cells)
        return Row(line=record.line, address=address, standing=standing, gone_at=at)

    def _whole(self, record: Record) -> Row:
        """Raises Unfit."""
        cells = self._cells(record.cells)
        first_name = "" if self._first_name is None else original(cells[self._first_name].strip())
        if len(first_name) > MAX_FIRST_NAME:
            raise Unfit(f"the first name is longer than {MAX_FIRST_NAME} characters")
        address = self._spec(cells[self._address])
        standing = self._standing(cells) if self._witnesses else self._at_best
        has_attributes = self._attributes or self._json
        if not self._has_more:
            return Row(
                line=record.line,
                address=address,
                first_name=first_name,
                standing=standing,
                tags=self._all_tags(cells) if self._tags else (),
                attributes=self._all_attributes(cells) if has_attributes else _NO_ATTRIBUTES,
            )
        created_at = _instant(cells, self._created)
        return Row(
            line=record.line,
            address=address,
            first_name=first_name,
            standing=standing,
            gone_at=None if standing is Standing.CONFIRMED else gone_at(self._columns, cells),
            tags=self._all_tags(cells) if self._tags else (),
            attributes=self._all_attributes(cells) if has_attributes else _NO_ATTRIBUTES,
            consent=self._consent(cells, created_at),
            created_at=created_at,
            updated_at=_instant(cells, self._updated),
            paused_until=_instant(cells, self._paused),
            suppression=self._suppression(cells, address),
        )

    def _cells(self, cells: list[str]) -> list[str]:
        """As many as the header has: what is missing is empty, and Excel adds empty ones."""
        width = self._columns.width
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        elif len(cells) > width and any(cells[width:]):
            raise Unfit(f"{len(cells)} columns where the first line has {width}")
        if not "".join(cells).isprintable():  # hardly ever, and far cheaper than looking
            self._check_controls(cells)
        return cells

    def _check_controls(self, cells: list[str]) -> None:
        strict = {self._address, self._first_name}
        texts = [each for meaning in _TEXTS for each in self._columns.of(meaning)]
        read = strict | {each.place for each in [*self._attributes, *texts]}
        for place, value in enumerate(cells):
            if place not in read:
                continue
            if found := CONTROL.search(value if place in strict else one_line(value)):
                what = f"a control character (U+{ord(found[0]):04X})"
                raise Unfit(f"column {place + 1} holds {what}")

    def _spec(self, cell: str) -> AddrSpec:
        text = original(cell.strip())
        if not text:
            raise Unfit("no address")
        try:
            return parse_addr_spec(text, lenient=self._lenient)
        except AddressError as error:
            raise Unfit(f"“{shown_cell(text)}”: {error.what}") from error

    def _standing(self, cells: Sequence[str]) -> Standing:
        said = tuple([cells[witness.place] for witness in self._witnesses])
        known = self._standings.get(said)
        if known is None:
            known = self._judged(said)
            if len(self._standings) < _MOST_KNOWN:
                self._standings[said] = known
        return known

    def _judged(self, said: Sequence[str]) -> Standing:
        return weightiest([*self._heard(said, is_strict=True), self._at_best])

    def _heard(self, said: Sequence[str], *, is_strict: bool) -> Iterator[Standing]:
        """What the columns say against somebody. Raises Unfit, if strict, for what nobody knows."""
        for witness, cell in zip(self._witnesses, said, strict=True):
            if not (text := cell.strip()) and not witness.hears_silence:
                continue
            if (standing := witness.judge(text)) is not None:
                yield standing
            elif is_strict and witness.is_at_a_loss(text):
                raise Unfit(f"the {witness.name} “{shown_cell(text)}” is not known")

    def _all_tags(self, cells: Sequence[str]) -> tuple[str, ...]:
        found = [parse_tags(text) for place in self._tags if (text := cells[place].strip())]
        if len(found) == 1:
            return found[0]
        return tuple(sorted({tag for each in found for tag in each}))

    def _all_attributes(self, cells: Sequence[str]) -> Mapping[str, str]:
        said: dict[str, str] = {}
        for column in self._json:
            self._add_object(column, original(cells[column.place].strip()), said)
        for column in self._attributes:
            if text := cells[column.place].strip():
                if not text.isprintable():
                    text = one_line(text)
                if text[0] == "'" or ";'" in text:
                    text = original(text)
                said[column.name] = text if len(text) <= MAX_VALUE else self._short(column, text)
        return said

    def _add_object(self, column: Column, text: str, said: dict[str, str]) -> None:
        found = parse_attributes(text)
        if found is None:
            raise Unfit(f"{column.name} is no JSON object")
        for name, value in found.items():
            if control := CONTROL.search(value):
                what = f"a control character (U+{ord(control[0]):04X})"
                raise Unfit(f"{column.name} holds {what}")
            said[name] = value if len(value) <= MAX_VALUE else self._short(column, value)

    def _short(self, column: Column, value: str) -> str:
        self._cut[column.name] += 1
        return value[: MAX_VALUE - 1].rstrip() + "…"

    def _consent(self, cells: Sequence[str], created_at: datetime | None) -> Consent | None:
        at, said_by = None, ""
        for column in self._agreed_at:
            text = cells[column.place].strip()
            if text and (at := parse_instant(text)) is not None:
                said_by = column.name
                break
        if source := _text(cells, self._agreed_by):
            return Consent(source=source, at=at)
        if at is not None:
            return Consent(source=f"{said_by} in {self._name}", at=at)
        source = _text(cells, self._source)
        if source and created_at:
            return Consent(source=source, at=created_at)
        source = self._provenance.source
        return Consent(source=source, at=created_at) if source else None

    def _suppression(self, cells: Sequence[str], address: AddrSpec) -> Suppression | None:
        """Our own export's word for it."""
        kind = _text(cells, self._suppressed)
        if not kind:
            return None
        at = _instant(cells, self._columns.place_of(Meaning.SUPPRESSED_AT))
        if kind not in _KINDS or at is None:
            raise Unfit(f"“{shown_cell(kind)}” is no suppression of ours, or has no date")
        reason = _text(cells, self._columns.place_of(Meaning.SUPPRESSED_BECAUSE))
        return Suppression(
            address_key=address.key, kind=SuppressionKind(kind), reason=reason, created_at=at
        )


def _text(cells: Sequence[str], place: int | None) -> str:
    text = "" if place is None else cells[place].strip()
    return original(one_line(text)) if text else ""


def _instant(cells: Sequence[str], place: int | None) -> datetime | None:
    text = "" if place is None else cells[place].strip()
    return parse_instant(text) if text else None


_MORE = (
    Meaning.WANTS_NOT,
    Meaning.GONE_AT,
    Meaning.BOUNCED_AT,
    Meaning.COMPLAINED_AT,
    Meaning.CONSENT_SOURCE,
    Meaning.CONSENT_AT,
    Meaning.SOURCE,
    Meaning.CREATED_AT,
    Meaning.UPDATED_AT,
    Meaning.PAUSED_UNTIL,
    Meaning.SUPPRESSED,
)
"""What most files of names have nothing of, and half the time is saved by not looking for."""
_KINDS = tuple(kind.value for kind in SuppressionKind)
_TEXTS = (Meaning.CONSENT_SOURCE, Meaning.SOURCE, Meaning.SUPPRESSED_BECAUSE)
_MOST_KNOWN = 10_000
"""Standings are looked up by what was said of them; with a date in it no two are alike."""
