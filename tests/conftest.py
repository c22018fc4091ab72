"""Settings for every test."""

import os

from hypothesis import settings

# The machines are shared, so an example may be slow for no fault of its own; in CI the same examples run each time.
settings.register_profile("ducha", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ducha")
