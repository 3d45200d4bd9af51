"""Athena as Terraform uses it: what moto 5.2.1 has no action for."""

import json
from typing import Any

from .registry import shim


@shim("athena", "UpdateWorkGroup", "moto has no such action")
def update_work_group(response: Any, params: dict[str, Any]) -> str:
    group = response.athena_backend.work_groups[params["WorkGroup"]]
    group.description = params.get("Description", group.description)
    group.state = params.get("State", group.state)
    updates = dict(params.get("ConfigurationUpdates", {}))
    results = updates.pop("ResultConfigurationUpdates", {})
    for name, value in updates.items():
        change(group.configuration, name, value)
    for name, value in results.items():
        change(group.configuration.setdefault("ResultConfiguration", {}), name, value)
    return json.dumps({})


def change(settings: dict[str, Any], name: str, value: Any) -> None:
    """An update names what is to be taken away as `Remove<setting>: true`."""
    if not name.startswith("Remove"):
        settings[name] = value
    elif value:
        settings.pop(name.removeprefix("Remove"), None)
