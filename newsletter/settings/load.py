"""Reads all of newsletter.toml and the environment; every fault is told at once."""

from collections.abc import Mapping
from pathlib import Path

from newsletter.books import PublicationKey, key_of
from newsletter.errors import SettingsError
from newsletter.settings import sections
from newsletter.settings.approval import approval
from newsletter.settings.clients import clients
from newsletter.settings.dkim import dkim, unused_key_faults
from newsletter.settings.environment import Environment, read_environment
from newsletter.settings.file import FILE_NAME, read_toml
from newsletter.settings.house import house, language_in
from newsletter.settings.limits import limits
from newsletter.settings.model import Settings
from newsletter.settings.notifications import notifications, secret_faults
from newsletter.settings.schedule import schedule
from newsletter.settings.table import Table

SECTIONS = (
    "publication",
    "words",
    "sender",
    "house",
    "theme",
    "schedule",
    "approval",
    "notifications",
    "limits",
    "clients",
    "dkim",
)


def load_settings(
    folder: Path, environ: Mapping[str, str], *, with_environment: bool = True
) -> Settings:
    """Read and check everything. Raises SettingsError with every fault there is.

    Commands that neither send nor store do without the environment, and without its faults.
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
    publication = sections.publication(tables["publication"], words)
    base_url = publication.base_url if publication else "https://example.com"
    sender = sections.sender(tables["sender"], base_url)
    theme_values = data.get("theme", {})
    theme_values = theme_values if isinstance(theme_values, dict) else {}
    theme = sections.theme(tables["theme"], faults, cautions, theme_values)
    rule = schedule(tables["schedule"])
    approvals = approval(tables["approval"])
    told = notifications(tables["notifications"])
    ceilings = limits(tables["limits"])
    mail_programs = clients(tables["clients"])
    signatures = dkim(tables["dkim"], folder, sender, environ)
    environment = Environment()
    if with_environment:
        environment, more = read_environment(folder, environ)
        faults += [*more, *secret_faults(told, environment)]
        faults += unused_key_faults(signatures, environment)
    if faults or publication is None or sender is None or theme is None:
        raise SettingsError(faults, where=str(path), next_step="mend them and try again")
    return Settings(
        folder=folder,
        publication=publication,
        key=PublicationKey(
            key=given or key_of(publication.name),
            name=publication.name,
            is_given=given is not None,
        ),
        sender=sender,
        house=house_format,
        theme=theme,
        schedule=rule,
        approval=approvals,
        notifications=told,
        limits=ceilings,
        clients=mail_programs,
        dkim=signatures,
        environment=environment,
        cautions=tuple(cautions),
    )
