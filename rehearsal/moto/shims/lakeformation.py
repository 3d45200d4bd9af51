"""Lake Formation as Terraform uses it: hybrid access, and what it answers when there is nothing to revoke."""

import json
import threading
from datetime import datetime, timezone
from typing import Any

from moto.lakeformation.exceptions import InvalidInput

from .registry import shim

MISSING = "moto has no such action"
# moto walks a set of permissions that other requests change.
ONE_AT_A_TIME = threading.Lock()


class OptIn:
    """A principal that Lake Formation decides for, at one database or table."""

    def __init__(self, principal: dict[str, str], resource: dict[str, Any]):
        self.principal = principal
        self.resource = resource
        self.last_modified = datetime.now(timezone.utc)


def opt_ins(response: Any) -> list[OptIn]:
    return response.lakeformation_backend.__dict__.setdefault("shim_opt_ins", [])


def in_full(response: Any, resource: dict[str, Any]) -> dict[str, Any]:
    """AWS says whose catalogue it is, and calls all tables by a name."""
    kind, named = next(iter(resource.items()))
    tables = {"Name": "ALL_TABLES"} if "TableWildcard" in named else {}
    return {kind: {"CatalogId": response.current_account} | named | tables}


@shim("lakeformation", "RegisterResource", "moto forgets whether access is hybrid")
def register_resource(response: Any, params: dict[str, Any]) -> str:
    answer = register_resource.original(response)
    resource = response.lakeformation_backend.resources[params["ResourceArn"]]
    resource.hybrid = params.get("HybridAccessEnabled", False)
    return answer


@shim("lakeformation", "DescribeResource", "moto forgets whether access is hybrid")
def describe_resource(response: Any, params: dict[str, Any]) -> str:
    resource = response.lakeformation_backend.describe_resource(params["ResourceArn"])
    return json.dumps({"ResourceInfo": resource.to_dict() | {"HybridAccessEnabled": resource.hybrid}})


@shim("lakeformation", "GrantPermissions", "moto fails when two requests come at once")
def grant_permissions(response: Any, params: dict[str, Any]) -> str:
    with ONE_AT_A_TIME:
        return grant_permissions.original(response)


@shim("lakeformation", "ListPermissions", "moto fails when two requests come at once")
def list_permissions(response: Any, params: dict[str, Any]) -> str:
    with ONE_AT_A_TIME:
        return list_permissions.original(response)


@shim("lakeformation", "RevokePermissions", "Terraform revokes until it is told that nothing is left; moto never says so")
def revoke_permissions(response: Any, params: dict[str, Any]) -> str:
    with ONE_AT_A_TIME:
        grants = response.lakeformation_backend.grants
        held = grants[response.current_account].permissions if response.current_account in grants else ()
        wanted = (params["Principal"], params["Resource"])
        if not any((one.principal, one.resource) == wanted for one in held):
            raise InvalidInput("No permissions revoked. Grantee has no permissions on the resource.")
        answer = revoke_permissions.original(response)
        if not grants[response.current_account].permissions:
            del grants[response.current_account]
        return answer


@shim("lakeformation", "CreateLakeFormationOptIn", MISSING)
def create_opt_in(response: Any, params: dict[str, Any]) -> str:
    opt_ins(response).append(OptIn(params["Principal"], in_full(response, params["Resource"])))
    return json.dumps({})


@shim("lakeformation", "ListLakeFormationOptIns", MISSING)
def list_opt_ins(response: Any, params: dict[str, Any]) -> str:
    resource = in_full(response, params["Resource"]) if params.get("Resource") else None
    principal = params.get("Principal")
    found = [
        {
            "Principal": one.principal,
            "Resource": one.resource,
            "LastModified": one.last_modified.timestamp(),
            "LastUpdatedBy": f"arn:aws:iam::{response.current_account}:root",
        }
        for one in opt_ins(response)
        if resource in (None, one.resource) and principal in (None, one.principal)
    ]
    return json.dumps({"LakeFormationOptInsInfoList": found})


@shim("lakeformation", "DeleteLakeFormationOptIn", MISSING)
def delete_opt_in(response: Any, params: dict[str, Any]) -> str:
    wanted = (params["Principal"], in_full(response, params["Resource"]))
    opt_ins(response)[:] = [one for one in opt_ins(response) if (one.principal, one.resource) != wanted]
    return json.dumps({})
