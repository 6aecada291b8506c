"""One PostgreSQL, one local AWS and one Data API for all tests here."""

from collections.abc import Iterator

import boto3
import pytest
from mypy_boto3_redshift_data import RedshiftDataAPIServiceClient
from mypy_boto3_s3 import S3Client

from demo.airflow.postgres import Postgres, postgres
from demo.airflow.redshift_data import redshift_data
from demo.local_aws import REGION, LocalAws, local_aws

DATABASE = "retail"


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """A PostgreSQL with the database `retail`."""
    with postgres() as server:
        server.create_database(DATABASE)
        yield server


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """A local AWS."""
    with local_aws() as running:
        yield running


@pytest.fixture(scope="session")
def s3(aws: LocalAws) -> S3Client:
    """Its S3, with the bucket `landing`."""
    client: S3Client = aws.session().client("s3", endpoint_url=aws.endpoint)
    client.create_bucket(Bucket="landing", CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


@pytest.fixture(scope="session")
def data_api(database_server: Postgres, s3: S3Client) -> Iterator[RedshiftDataAPIServiceClient]:
    """boto3's client of the local Data API."""
    with redshift_data(database_server, s3) as url:
        session = boto3.Session("test", "test", region_name=REGION)
        client: RedshiftDataAPIServiceClient = session.client("redshift-data", endpoint_url=url)
        yield client
        client.close()
