"""CloudFormation as the bootstrap's templates use it: what moto 5.2.1 reads otherwise than the service."""

from typing import Any

from moto.cloudformation import parsing

from .registry import ACTIONS

_clean_json = parsing.clean_json


def clean_json(resource_json: Any, resources_map: Any) -> Any:
    cleaned = _clean_json(resource_json, resources_map)
    return [item for item in cleaned if item is not None] if isinstance(cleaned, list) else cleaned


parsing.clean_json = clean_json
ACTIONS.append(
    {"service": "cloudformation", "action": "CreateStack", "why": "moto leaves a null where a list's item is AWS::NoValue"}
)
