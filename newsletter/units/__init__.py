"""The door of the units room: what makes a machine ask for due slots, as text to be installed."""

from newsletter.units.cron import cron_line
from newsletter.units.place import Place, folder_in, unit_name
from newsletter.units.systemd import SiteAddress, site_unit, systemd_units, worker_unit

__all__ = [
    "Place",
    "SiteAddress",
    "cron_line",
    "folder_in",
    "site_unit",
    "systemd_units",
    "unit_name",
    "worker_unit",
]
