"""What every test shares."""

import os

from hypothesis import settings

# A deadline would be a timed test: it fails on a busy machine, whatever the code does. And a run is
# to say the same twice: new cases are looked for when somebody asks (CONTRIBUTING).
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
