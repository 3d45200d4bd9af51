"""RDS as Terraform uses it: what moto 5.2.1 forgets between create and describe."""

import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import DBInstance

from .kept import keep
from .registry import shim

INSTANCE_FIELDS = (
    "MonitoringInterval",
    "MonitoringRoleArn",
    "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod",
    "EngineLifecycleSupport",
)

# What AWS gives an instance of PostgreSQL that asks for none: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
DEFAULT_AUTHORITY = "rds-ca-rsa2048-g1"


def keep_fields(response: Any, params: dict[str, Any]) -> None:
    instance = response.backend.databases[params["DBInstanceIdentifier"].lower()]
    keep(instance, params, INSTANCE_FIELDS, EnablePerformanceInsights="performance_insights_enabled")


@shim("rds", "CreateDBInstance", "moto forgets insights, enhanced monitoring and the lifecycle of the engine")
def create_db_instance(response: Any, params: dict[str, Any]) -> Any:
    answer = create_db_instance.original(response)  # type: ignore[attr-defined]
    keep_fields(response, params)
    return answer


@shim("rds", "ModifyDBInstance", "moto forgets insights, enhanced monitoring and the lifecycle of the engine")
def modify_db_instance(response: Any, params: dict[str, Any]) -> Any:
    answer = modify_db_instance.original(response)  # type: ignore[attr-defined]
    keep_fields(response, params)
    return answer


@shim("rds", "DescribeDBParameters", "moto doesn't say that who set a parameter is the user")
def describe_db_parameters(response: Any, params: dict[str, Any]) -> ActionResult:
    groups = response.backend.describe_db_parameter_groups({"db_parameter_group_name": params["DBParameterGroupName"]})
    if not groups:
        raise DBParameterGroupNotFoundError(params["DBParameterGroupName"])
    # A group of moto's has what was set in it, and none of the engine's own.
    found = [{**parameter, "Source": "user"} for parameter in groups[0].parameters.values()]
    return ActionResult({"Parameters": found if params.get("Source", "user") == "user" else []})


_init = DBInstance.__init__


def _init_with_id(self: Any, *args: Any, **kwargs: Any) -> None:
    _init(self, *args, **{"ca_certificate_identifier": DEFAULT_AUTHORITY} | kwargs)
    # moto gives every instance the same one, by which IAM authentication tells them apart.
    self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"


DBInstance.__init__ = _init_with_id  # type: ignore[method-assign]
