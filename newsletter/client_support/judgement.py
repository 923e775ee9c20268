"""What mail programs make of the features in use: how many of them each shows, and what lacks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsletter.client_support.allowances import Allowance
from newsletter.client_support.detection import Part, Use
from newsletter.client_support.support import Client, Feature, Support, SupportData

STYLE = "html-style"
"""A client without it drops every style sheet whole: that is said of it once, here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCount:
    """How many of the features in use a client shows fully, partly, not; the rest is untested."""

    client: Client
    fully: int
    partly: int
    lacking: int
    untested: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Lack:
    """A feature in use that some client does not show, or only in part.

    `not_in` and `partly_in` leave out what is allowed, which is in `allowed`.
    """

    feature: Feature
    not_in: tuple[Client, ...]
    partly_in: tuple[Client, ...]
    allowed: tuple[Allowance, ...]
    uses: tuple[Use, ...]


def count_support(uses: Iterable[Use], data: SupportData) -> tuple[ClientCount, ...]:
    """One for each client, in the data's order; each feature counts once."""
    slugs = {use.slug for use in uses}
    return tuple(_count(client, slugs, data) for client in data.clients)


def _count(client: Client, slugs: Iterable[str], data: SupportData) -> ClientCount:
    counts = Counter(data.of(slug, client) for slug in slugs)
    return ClientCount(
        client=client,
        fully=counts[Support.FULLY],
        partly=counts[Support.PARTLY],
        lacking=counts[Support.NOT],
        untested=counts[Support.UNTESTED],
    )


def find_lacks(
    uses: Iterable[Use],
    data: SupportData,
    *,
    clients: Sequence[Client],
    allowances: Sequence[Allowance],
) -> tuple[Lack, ...]:
    """What lacks in these clients, by feature in the order of use, the allowed ones too."""
    by_slug: dict[str, list[Use]] = {}
    for use in uses:
        by_slug.setdefault(use.slug, []).append(use)
    lacks = (_lack(data.features[slug], of_it, data, clients, allowances)
             for slug, of_it in by_slug.items())  # fmt: skip
    return tuple(lack for lack in lacks if lack.not_in or lack.partly_in or lack.allowed)


def _lack(
    feature: Feature,
    uses: Sequence[Use],
    data: SupportData,
    clients: Sequence[Client],
    allowances: Sequence[Allowance],
) -> Lack:
    in_sheets_only = all(use.part is Part.SHEET for use in uses)
    found: dict[Support, list[Client]] = {Support.NOT: [], Support.PARTLY: []}
    allowed: dict[Allowance, None] = {}
    for client in clients:
        support = data.of(feature.slug, client)
        if support not in found:
            continue
        if in_sheets_only and data.of(STYLE, client) is Support.NOT:
            continue
        covering = next((one for one in allowances if one.covers(feature.slug, client)), None)
        if covering:
            allowed[covering] = None
        else:
            found[support].append(client)
    return Lack(
        feature=feature,
        not_in=tuple(found[Support.NOT]),
        partly_in=tuple(found[Support.PARTLY]),
        allowed=tuple(allowed),
        uses=tuple(uses),
    )


def unused_allowances(
    allowances: Iterable[Allowance], lacks: Iterable[Lack]
) -> tuple[Allowance, ...]:
    """Those that allow nothing that lacks."""
    used = {allowance for lack in lacks for allowance in lack.allowed}
    return tuple(allowance for allowance in allowances if allowance not in used)


def say_clients(clients: Sequence[Client], among: Sequence[Client]) -> str:
    """`Gmail, Outlook (Mac, Windows)`: a family that lacks whole goes by its name."""
    families: dict[str, list[str]] = {}
    for client in clients:
        families.setdefault(client.family, []).append(client.platform)
    whole = Counter(client.family for client in among)
    return ", ".join(
        family if len(platforms) == whole[family] else f"{family} ({', '.join(platforms)})"
        for family, platforms in families.items()
    )
