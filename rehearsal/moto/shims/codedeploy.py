"""CodeDeploy as Terraform uses it: what moto 5.2.1 has no action for, and times that no SDK can read."""

import json
import time
import uuid
from typing import Any

from botocore import xform_name
from moto.codedeploy.exceptions import CodeDeployException

from .registry import MISSING, shim


class DeploymentConfig:
    """How requests go over to a new version, kept in the backend so that the inventory and a reset see it."""

    def __init__(self, params: dict[str, Any]):
        self.name: str = params["deploymentConfigName"]
        self.info = {**params, "deploymentConfigId": str(uuid.uuid4()), "createTime": time.time()}


def configs(response: Any) -> dict[str, DeploymentConfig]:
    return response.codedeploy_backend.__dict__.setdefault("shim_deployment_configs", {})


def group_of(response: Any, params: dict[str, Any], name: str = "deploymentGroupName") -> Any:
    return response.codedeploy_backend.get_deployment_group(params["applicationName"], params[name])


@shim("codedeploy", "GetApplication", "moto answers a time as text, where the service has a number")
def get_application(response: Any, params: dict[str, Any]) -> str:
    application = response.codedeploy_backend.get_application(params["applicationName"])
    created = application.__dict__.setdefault("shim_created", time.time())
    return json.dumps({"application": {**application.to_dict(), "createTime": created}})


@shim("codedeploy", "DeleteApplication", MISSING)
def delete_application(response: Any, params: dict[str, Any]) -> str:
    response.codedeploy_backend.applications.pop(params["applicationName"], None)
    response.codedeploy_backend.deployment_groups.pop(params["applicationName"], None)
    return json.dumps({})


@shim("codedeploy", "CreateDeploymentConfig", MISSING)
def create_deployment_config(response: Any, params: dict[str, Any]) -> str:
    name = params["deploymentConfigName"]
    if name in configs(response):
        raise CodeDeployException("DeploymentConfigAlreadyExistsException", f"{name} already exists.")
    configs(response)[name] = DeploymentConfig(params)
    return json.dumps({"deploymentConfigId": configs(response)[name].info["deploymentConfigId"]})


@shim("codedeploy", "GetDeploymentConfig", MISSING)
def get_deployment_config(response: Any, params: dict[str, Any]) -> str:
    name = params["deploymentConfigName"]
    if name not in configs(response):
        raise CodeDeployException("DeploymentConfigDoesNotExistException", f"No deployment config is called {name}.")
    return json.dumps({"deploymentConfigInfo": configs(response)[name].info})


@shim("codedeploy", "DeleteDeploymentConfig", MISSING)
def delete_deployment_config(response: Any, params: dict[str, Any]) -> str:
    configs(response).pop(params["deploymentConfigName"], None)
    return json.dumps({})


@shim("codedeploy", "GetDeploymentGroup", "moto answers no alarms, and none as the text None")
def get_deployment_group(response: Any, params: dict[str, Any]) -> str:
    group = group_of(response, params)
    info = {**group.to_dict(), "alarmConfiguration": group.alarm_configuration or {}}
    return json.dumps({"deploymentGroupInfo": {key: value for key, value in info.items() if value is not None}})


@shim("codedeploy", "UpdateDeploymentGroup", MISSING)
def update_deployment_group(response: Any, params: dict[str, Any]) -> str:
    group = group_of(response, params, "currentDeploymentGroupName")
    group.__dict__.update({xform_name(key): value for key, value in params.items() if xform_name(key) in group.__dict__})
    return json.dumps({"hooksNotCleanedUp": []})


@shim("codedeploy", "DeleteDeploymentGroup", MISSING)
def delete_deployment_group(response: Any, params: dict[str, Any]) -> str:
    response.codedeploy_backend.deployment_groups[params["applicationName"]].pop(params["deploymentGroupName"], None)
    return json.dumps({"hooksNotCleanedUp": []})
