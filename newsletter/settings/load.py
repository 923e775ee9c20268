"""Reads all of newsletter.toml and the environment; every fault is told at once."""

from collections.abc import Sequence
from pathlib import Path

from newsletter.books import PublicationKey, key_of
from newsletter.settings import sections
from newsletter.settings.approval import approval
from newsletter.settings.bounces import bounces
from newsletter.settings.clients import clients
from newsletter.settings.dkim import DkimSettings, dkim, unused_key_faults
from newsletter.settings.environment import Environment, missing_faults, read_environment
from newsletter.settings.faults import Fault, Origin, Variables, settings_error
from newsletter.settings.file import FILE_NAME, read_toml
from newsletter.settings.house import house, language_in
from newsletter.settings.images import images
from newsletter.settings.limits import limits
from newsletter.settings.model import Settings
from newsletter.settings.notifications import Notifications, notifications, secret_faults
from newsletter.settings.relay import relay
from newsletter.settings.schedule import schedule
from newsletter.settings.site import site
from newsletter.settings.table import Table
from newsletter.settings.tests import tests
from newsletter.settings.theme import themed
from newsletter.settings.theme_package import table_in

SECTIONS = (
    "publication",
    "words",
    "sender",
    "house",
    "theme",
    "schedule",
    "approval",
    "test",
    "notifications",
    "limits",
    "bounces",
    "clients",
    "images",
    "dkim",
    "relay",
    "site",
    "letters",
)


def load_settings(
    folder: Path, environ: Variables, *, with_environment: bool = True, needs: Sequence[str] = ()
) -> Settings:
    """Read and check everything. Raises SettingsError with every fault there is, each at its place.

    Commands that neither send nor store do without the environment, and without its faults; `needs`
    are variables, of `TO_SEND`, that a command cannot do without.
    """
    path = folder / FILE_NAME
    faults: list[str] = []
    cautions: list[str] = []
    data = read_toml(path)
    tables = {name: Table(name, data.get(name, {}), faults) for name in SECTIONS}
    Table("newsletter.toml", data, faults).no_other(also=SECTIONS)

    house_format = house(tables["house"], language_in(data))
    words = sections.words(tables["words"], house_format.calendar, house_format.language)
    given = sections.given_key(tables["publication"])
    publication = sections.publication(tables["publication"], words, cautions)
    base_url = publication.base_url if publication else "https://example.com"
    sender = sections.sender(tables["sender"], base_url)
    theme, package = themed(tables["theme"], table_in(data, "theme"), faults, cautions)
    rule, approvals = schedule(tables["schedule"]), approval(tables["approval"])
    tried = tests(tables["test"])
    told = notifications(tables["notifications"])
    ceilings, returned = limits(tables["limits"]), bounces(tables["bounces"], folder)
    mail_programs = clients(tables["clients"])
    pictures = images(tables["images"])
    signatures = dkim(tables["dkim"], folder, sender, environ)
    own_relay = relay(tables["relay"])
    letter_words = sections.letters(tables["letters"], house_format.language)
    public_site = site(tables["site"], folder, house_format.language)
    environment, elsewhere = Environment(), list[Fault]()
    if with_environment:
        environment, elsewhere = _environment(Origin(folder, environ), needs, told, signatures)
    if faults or elsewhere or publication is None or sender is None or theme is None:
        raise settings_error(path, faults, elsewhere)
    return Settings(
        folder=folder,
        publication=publication,
        key=_key(given, publication.name),
        sender=sender,
        house=house_format,
        theme=theme,
        theme_package=package,
        schedule=rule,
        approval=approvals,
        tests=tried,
        notifications=told,
        limits=ceilings,
        bounces=returned,
        clients=mail_programs,
        images=pictures,
        dkim=signatures,
        relay=own_relay,
        site=public_site,
        letters=letter_words,
        environment=environment,
        cautions=tuple(cautions),
    )


def _environment(
    origin: Origin, needs: Sequence[str], told: Notifications, signatures: DkimSettings | None
) -> tuple[Environment, list[Fault]]:
    """The environment, and its faults beside what newsletter.toml says of secrets."""
    environment, faults = read_environment(origin.folder, origin.environ)
    return environment, [
        *faults,
        *missing_faults(environment, needs, origin),
        *secret_faults(told, environment, origin),
        *unused_key_faults(signatures, environment, origin),
    ]


def _key(given: str | None, name: str) -> PublicationKey:
    return PublicationKey(key=given or key_of(name), name=name, is_given=given is not None)
