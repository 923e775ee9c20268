"""Newsletters as code: an issue is a text file that is checked, rendered, delivered and proven."""

__version__ = "0.1.0"
