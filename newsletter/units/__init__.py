"""The door of the units room: what makes a machine ask for due slots, as text to be installed."""

from newsletter.units.cron import cron_line
from newsletter.units.place import Place
from newsletter.units.systemd import systemd_units

__all__ = ["Place", "cron_line", "systemd_units"]
