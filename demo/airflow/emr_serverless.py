"""EMR Serverless on this machine: moto's server, in a process of its own, with one application.

    python -m demo.airflow.emr_serverless PORT APPLICATION_ID

Its job runs end at once, and well. moto makes up the ids of applications; the rows know theirs.
"""

import sys

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.emrserverless.models import emrserverless_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from demo.local_aws import REGION


def serve(port: int, application_id: str) -> None:
    """Serve until the process is ended."""
    backend = emrserverless_backends[DEFAULT_ACCOUNT_ID][REGION]
    application = backend.create_application(
        name="retail",
        release_label="emr-7.0.0",
        application_type="SPARK",
        client_token="",
        # As when a request does not say them, whatever moto's annotations want.
        initial_capacity=None,  # type: ignore[arg-type]
        maximum_capacity=None,  # type: ignore[arg-type]
        tags={},
        auto_start_configuration=None,  # type: ignore[arg-type]
        auto_stop_configuration=None,  # type: ignore[arg-type]
        network_configuration=None,
    )
    del backend.applications[application.id]
    application.id = application_id
    backend.applications[application_id] = application
    run_simple("127.0.0.1", port, DomainDispatcherApplication(create_backend_app), threaded=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
