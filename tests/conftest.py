"""Hypothesis profiles: `check` (few examples, the same each time) and `long` (many, anew).

`DAGC_PROPERTIES=long pytest tests/properties` runs the long one.
"""

import os

from hypothesis import HealthCheck, Phase, settings

PROFILE = os.environ.get("DAGC_PROPERTIES", "check")

settings.register_profile(
    "check",
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "long", max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(PROFILE)
EXAMPLES = settings.get_profile(PROFILE).max_examples
