"""The door of the agenda: what should be done with a publication now, the most urgent first."""

from newsletter.publishing.agenda.gathering import Agenda, agenda_of
from newsletter.publishing.agenda.item import Fact, Facts, Item, Kind, Urgency
from newsletter.publishing.agenda.slots import NextSlot

__all__ = ["Agenda", "Fact", "Facts", "Item", "Kind", "NextSlot", "Urgency", "agenda_of"]
