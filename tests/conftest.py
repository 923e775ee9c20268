"""What every test shares."""

from hypothesis import settings

# A deadline would be a timed test: it fails on a busy machine, whatever the code does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
