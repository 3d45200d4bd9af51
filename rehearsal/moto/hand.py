"""A hand in the emulated AWS: calls of its API behind Terraform's back, as somebody at the console would make them."""

from functools import cache
from typing import Any

import boto3


@cache
def client(service: str, region: str, endpoint: str) -> Any:
    keys = {"aws_access_key_id": "hand", "aws_secret_access_key": "hand"}
    return boto3.client(service, region_name=region, endpoint_url=endpoint, **keys)


def call(endpoint: str, request: dict[str, Any]) -> dict[str, Any]:
    """`request`: service, region, operation by boto3's name (`put_bucket_policy`) and its parameters."""
    method = getattr(client(request["service"], request["region"], endpoint), request["operation"])
    answer = method(**request["parameters"])
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}
