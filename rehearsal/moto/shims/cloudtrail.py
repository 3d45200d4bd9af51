"""CloudTrail: moto 5.2.1 starts, stops and deletes a trail by its name only; Terraform names it by its ARN."""

import json
from typing import Any

from .registry import shim

WHY = "moto takes a trail's name only, the service its ARN too"


def name_of(response: Any, params: dict[str, Any]) -> str:
    """Fails as the service does when there is no such trail."""
    return response.cloudtrail_backend.get_trail(params["Name"]).trail_name


@shim("cloudtrail", "StartLogging", WHY)
def start_logging(response: Any, params: dict[str, Any]) -> str:
    response.cloudtrail_backend.start_logging(name_of(response, params))
    return json.dumps({})


@shim("cloudtrail", "StopLogging", WHY)
def stop_logging(response: Any, params: dict[str, Any]) -> str:
    response.cloudtrail_backend.stop_logging(name_of(response, params))
    return json.dumps({})


@shim("cloudtrail", "DeleteTrail", WHY)
def delete_trail(response: Any, params: dict[str, Any]) -> str:
    response.cloudtrail_backend.delete_trail(name_of(response, params))
    return json.dumps({})
