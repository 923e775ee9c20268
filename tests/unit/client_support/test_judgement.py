"""Who lacks what: counted, allowed, told by family, and said of a dropped style sheet once."""

from collections.abc import Iterable

from newsletter.client_support import (
    Allowance,
    Client,
    Feature,
    Lack,
    SupportData,
    count_support,
    find_lacks,
    find_uses,
    load_support,
    say_clients,
    unused_allowances,
)

A, B, C = (
    Client(key=key, family=key.split(".")[0], platform=key.split(".")[1])
    for key in ("one.ios", "one.web", "two.web")
)


def world(**letters: str) -> SupportData:
    """Features by slug, a letter for each of the three clients."""
    return SupportData(
        release="1",
        updated="2026-01-01",
        clients=(A, B, C),
        of_note=(),
        features={
            slug.replace("_", "-"): Feature(
                slug=slug.replace("_", "-"), title=slug, category="css", letters=row
            )
            for slug, row in letters.items()
        },
        places={client.key: place for place, client in enumerate((A, B, C))},
    )


def lacks(html: str, data: SupportData, *allowances: Allowance) -> list[Lack]:
    wanted = (use for use in find_uses(html) if use.slug in data.features)
    return list(find_lacks(wanted, data, clients=data.clients, allowances=allowances))


def names(clients: Iterable[Client]) -> list[str]:
    return [client.key for client in clients]


GAP = '<p style="gap: 1px">x</p>'
GAP_IN_SHEET = "<style>p { gap: 1px }</style><p>x</p>"


def test_find_lacks_tells_not_from_partly_and_from_untested() -> None:
    (lack,) = lacks(GAP, world(css_gap="na-"))

    assert ["one.ios"] == names(lack.not_in)
    assert ["one.web"] == names(lack.partly_in)


def test_find_lacks_leaves_out_what_is_allowed_where_it_is_allowed() -> None:
    allowance = Allowance(slug="css-gap", reason="so", clients=("one",))

    (lack,) = lacks(GAP, world(css_gap="nnn"), allowance)

    assert ["two.web"] == names(lack.not_in)
    assert (allowance,) == lack.allowed


def test_find_lacks_says_of_dropped_style_sheets_once() -> None:
    """Nothing in a sheet is news for a client that drops them all; in an attribute it is."""
    data = world(html_style="nyy", css_gap="nny")

    in_sheet, in_attribute = lacks(GAP_IN_SHEET, data), lacks(GAP, data)

    assert [["one.ios"], ["one.web"]] == [names(lack.not_in) for lack in in_sheet]
    assert [["one.ios", "one.web"]] == [names(lack.not_in) for lack in in_attribute]


def test_unused_allowances_are_those_that_allow_nothing() -> None:
    used = Allowance(slug="css-gap", reason="so")
    unused = Allowance(slug="css-gap", reason="so", clients=("two",))

    found = lacks(GAP, world(css_gap="nny"), used, unused)

    assert (unused,) == unused_allowances((used, unused), found)


def test_count_support_counts_each_feature_once_for_each_client() -> None:
    data = world(css_gap="yan", html_p="y-u")
    uses = [use for use in find_uses(GAP + GAP_IN_SHEET) if use.slug in data.features]

    counts = [
        (count.client.key, count.fully, count.partly, count.lacking, count.untested)
        for count in count_support(uses, data)
    ]

    assert [("one.ios", 2, 0, 0, 0), ("one.web", 0, 1, 0, 1), ("two.web", 0, 0, 1, 1)] == counts


def test_say_clients_names_a_whole_family_by_its_name() -> None:
    assert "one, two" == say_clients((A, B, C), (A, B, C))
    assert "one (web), two" == say_clients((B, C), (A, B, C))


def test_chosen_takes_keys_and_families() -> None:
    data = load_support()

    assert ["Gmail (Android)", "Outlook (Windows)", "Yahoo Mail (web)"] == [
        client.name
        for client in data.chosen(
            ["yahoo.desktop-webmail", "gmail.android", "outlook.windows", "nobody"]
        )
    ]
    assert 6 == len(data.chosen(["outlook"]))
    assert ("nobody",) == data.unknown(["outlook", "nobody"])
