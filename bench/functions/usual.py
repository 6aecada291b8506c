"""The start of a compiler that uses the usual libraries in the usual way, and does nothing yet."""

from typing import Any

import black
import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent, event_source
from aws_lambda_powertools.utilities.typing import LambdaContext
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel

logger = Logger()
dynamodb = boto3.client("dynamodb")
s3 = boto3.client("s3")
environment = Environment(loader=FileSystemLoader("templates"), autoescape=False)  # noqa: S701
mode = black.Mode()


class TaskRow(BaseModel):
    """One row, as a model."""

    task_id: str
    task_name: str
    task_type: str
    task_params: dict[str, Any]
    status: int = 1


@event_source(data_class=DynamoDBStreamEvent)
def handle(_event: DynamoDBStreamEvent, _context: LambdaContext) -> dict[str, str]:
    """Answers."""
    return {}
