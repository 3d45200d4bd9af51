"""ElastiCache as Terraform uses it: what moto 5.2.1 has no action for, or forgets between create and describe."""

from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.exceptions import CacheSubnetGroupNotFound

from .kept import records
from .registry import MISSING, shim

# What a minor version is as the service answers it.
FULL_VERSIONS = {"8.0": "8.0.1"}


class Record:
    """A thing of ElastiCache's that moto doesn't know, kept in its backend so that the inventory and a reset see it."""

    def __init__(self, **fields: Any):
        self.__dict__.update(fields)


class UserGroup(Record):
    pass


class ParameterGroup(Record):
    pass


class MemberCluster(Record):
    pass


class NotFound(ServiceException):
    def __init__(self, code: str, message: str):
        self.code = code
        super().__init__(message)


def find(response: Any, kind: type, key: str) -> Any:
    if key not in records(response, kind):
        code = {UserGroup: "UserGroupNotFound", ParameterGroup: "CacheParameterGroupNotFound"}.get(kind, "CacheClusterNotFound")
        raise NotFound(code, f"{kind.__name__} {key} not found")
    return records(response, kind)[key]


def arn(response: Any, kind: str, name: str) -> str:
    backend = response.elasticache_backend
    return f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:{kind}:{name}"


def tag(response: Any, resource_arn: str, params: dict[str, Any]) -> None:
    response.elasticache_backend.tagging_service.tag_resource(resource_arn, params.get("Tags", []))


# Tags: moto's own pattern of ARNs knows neither of the groups.


@shim("elasticache", "ListTagsForResource", "moto refuses ARNs of user groups and parameter groups")
def list_tags_for_resource(response: Any, params: dict[str, Any]) -> ActionResult:
    tags = response.elasticache_backend.tagging_service.list_tags_for_resource(params["ResourceName"])
    return ActionResult({"TagList": tags["Tags"]})


# Users


@shim("elasticache", "CreateUser", "moto demands a password of a user who logs in by IAM")
def create_user(response: Any, params: dict[str, Any]) -> ActionResult:
    mode = params.get("AuthenticationMode", {})
    if mode.get("Type") != "iam":
        return create_user.original(response)  # type: ignore[attr-defined]
    user = response.elasticache_backend.create_user(
        user_id=params["UserId"],
        user_name=params["UserName"],
        engine=params["Engine"],
        passwords=[],
        access_string=params["AccessString"],
        no_password_required=False,
        authentication_type="iam",
        tags=params.get("Tags"),
    )
    tag(response, user.arn, params)
    return ActionResult(user)


@shim("elasticache", "ModifyUser", MISSING)
def modify_user(response: Any, params: dict[str, Any]) -> ActionResult:
    (user,) = response.elasticache_backend.describe_users(params["UserId"])
    user.access_string = params.get("AccessString", user.access_string)
    mode = params.get("AuthenticationMode", {})
    user.authentication_type = mode.get("Type", user.authentication_type)
    user.passwords = mode.get("Passwords", user.passwords)
    return ActionResult(user)


# Groups of users


@shim("elasticache", "CreateUserGroup", MISSING)
def create_user_group(response: Any, params: dict[str, Any]) -> ActionResult:
    name, users = params["UserGroupId"], params.get("UserIds", [])
    group = UserGroup(
        user_group_id=name,
        status="active",
        engine=params["Engine"],
        user_ids=users,
        minimum_engine_version="7.2",
        arn=arn(response, "usergroup", name),
    )
    records(response, UserGroup)[name] = group
    for user_id in users:
        (user,) = response.elasticache_backend.describe_users(user_id)
        user.user_group_ids = [*user.user_group_ids, name]
    tag(response, group.arn, params)
    return ActionResult(group)


@shim("elasticache", "DescribeUserGroups", MISSING)
def describe_user_groups(response: Any, params: dict[str, Any]) -> ActionResult:
    named = params.get("UserGroupId")
    groups = [find(response, UserGroup, named)] if named else list(records(response, UserGroup).values())
    return ActionResult({"UserGroups": groups})


@shim("elasticache", "DeleteUserGroup", MISSING)
def delete_user_group(response: Any, params: dict[str, Any]) -> ActionResult:
    group = find(response, UserGroup, params["UserGroupId"])
    del records(response, UserGroup)[group.user_group_id]
    group.status = "deleting"
    return ActionResult(group)


# Groups of parameters


@shim("elasticache", "CreateCacheParameterGroup", MISSING)
def create_cache_parameter_group(response: Any, params: dict[str, Any]) -> ActionResult:
    name = params["CacheParameterGroupName"]
    group = ParameterGroup(
        cache_parameter_group_name=name,
        cache_parameter_group_family=params["CacheParameterGroupFamily"],
        description=params["Description"],
        is_global=False,
        arn=arn(response, "parametergroup", name),
        parameters={},
    )
    records(response, ParameterGroup)[name] = group
    tag(response, group.arn, params)
    return ActionResult({"CacheParameterGroup": group})


@shim("elasticache", "DescribeCacheParameterGroups", MISSING)
def describe_cache_parameter_groups(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"CacheParameterGroups": [find(response, ParameterGroup, params["CacheParameterGroupName"])]})


@shim("elasticache", "ModifyCacheParameterGroup", MISSING)
def modify_cache_parameter_group(response: Any, params: dict[str, Any]) -> ActionResult:
    group = find(response, ParameterGroup, params["CacheParameterGroupName"])
    group.parameters.update({p["ParameterName"]: p["ParameterValue"] for p in params["ParameterNameValues"]})
    return ActionResult({"CacheParameterGroupName": group.cache_parameter_group_name})


@shim("elasticache", "DescribeCacheParameters", MISSING)
def describe_cache_parameters(response: Any, params: dict[str, Any]) -> ActionResult:
    group = find(response, ParameterGroup, params["CacheParameterGroupName"])
    found = [{"ParameterName": name, "ParameterValue": value, "Source": "user"} for name, value in group.parameters.items()]
    return ActionResult({"Parameters": found if params.get("Source", "user") == "user" else []})


@shim("elasticache", "DeleteCacheParameterGroup", MISSING)
def delete_cache_parameter_group(response: Any, params: dict[str, Any]) -> EmptyResult:
    group = find(response, ParameterGroup, params["CacheParameterGroupName"])
    del records(response, ParameterGroup)[group.cache_parameter_group_name]
    return EmptyResult()


@shim("elasticache", "DeleteCacheSubnetGroup", MISSING)
def delete_cache_subnet_group(response: Any, params: dict[str, Any]) -> EmptyResult:
    name = params["CacheSubnetGroupName"]
    if response.elasticache_backend.cache_subnet_groups.pop(name, None) is None:
        raise CacheSubnetGroupNotFound(name)
    return EmptyResult()


# Replication groups: moto names member clusters, and doesn't have them.


@shim("elasticache", "CreateReplicationGroup", "moto has no member clusters, and knows cluster mode by a parameter that Terraform leaves out")
def create_replication_group(response: Any, params: dict[str, Any]) -> ActionResult:
    name, shards = params["ReplicationGroupId"], int(params.get("NumNodeGroups", 1))
    replicas = int(params.get("ReplicasPerNodeGroup", int(params.get("NumCacheClusters", 1)) - 1))
    group = create_replication_group.original(response)._result["ReplicationGroup"]  # type: ignore[attr-defined]
    parameters = records(response, ParameterGroup).get(params.get("CacheParameterGroupName"))
    group.cluster_enabled = parameters is not None and parameters.parameters.get("cluster-enabled") == "yes"
    group.cluster_mode = "enabled" if group.cluster_enabled else "disabled"
    group.auto_minor_version_upgrade = params.get("AutoMinorVersionUpgrade", True)
    domain = f"{name}.abc123.use1.cache.amazonaws.com"
    if group.cluster_enabled:
        group.configuration_endpoint = {"address": f"clustercfg.{domain}", "port": group.port}
    group.member_clusters = []
    for index, shard in enumerate(group.node_groups):
        prefix = f"{name}-{index + 1:0>4}" if group.cluster_enabled else name
        members = [f"{prefix}-{number + 1:0>3}" for number in range(1 + replicas)]
        shard["node_group_members"] = [{"cache_cluster_id": member, "cache_node_id": "0001"} for member in members]
        group.member_clusters += members
    for member in group.member_clusters:
        records(response, MemberCluster)[member] = member_cluster(response, group, member, params)
    assert len(group.node_groups) == shards
    return ActionResult({"ReplicationGroup": group})


def member_cluster(response: Any, group: Any, member: str, params: dict[str, Any]) -> MemberCluster:
    version = params.get("EngineVersion")
    return MemberCluster(
        cache_cluster_id=member,
        cache_cluster_status="available",
        cache_node_type=group.cache_node_type,
        engine=group.engine,
        engine_version=FULL_VERSIONS.get(version, version),
        num_cache_nodes=1,
        replication_group_id=group.replication_group_id,
        cache_parameter_group={
            "CacheParameterGroupName": params.get("CacheParameterGroupName"),
            "ParameterApplyStatus": "in-sync",
        },
        cache_subnet_group_name=params.get("CacheSubnetGroupName"),
        security_groups=[{"SecurityGroupId": id_, "Status": "active"} for id_ in params.get("SecurityGroupIds", [])],
        preferred_maintenance_window=params.get("PreferredMaintenanceWindow", "sun:07:00-sun:08:00"),
        snapshot_retention_limit=group.snapshot_retention_limit,
        snapshot_window=group.snapshot_window,
        auto_minor_version_upgrade=group.auto_minor_version_upgrade,
        transit_encryption_enabled=group.transit_encryption_enabled,
        transit_encryption_mode=params.get("TransitEncryptionMode"),
        at_rest_encryption_enabled=group.at_rest_encryption_enabled,
        arn=arn(response, "cluster", member),
    )


@shim("elasticache", "DescribeCacheClusters", "moto has no member clusters")
def describe_cache_clusters(response: Any, params: dict[str, Any]) -> Any:
    member = records(response, MemberCluster).get(params.get("CacheClusterId"))
    if member:
        return ActionResult({"CacheClusters": [member]})
    return describe_cache_clusters.original(response)  # type: ignore[attr-defined]


@shim("elasticache", "DeleteReplicationGroup", "moto's group is being deleted for ever")
def delete_replication_group(response: Any, params: dict[str, Any]) -> Any:
    answer = delete_replication_group.original(response)  # type: ignore[attr-defined]
    group = response.elasticache_backend.replication_groups.pop(params["ReplicationGroupId"])
    for member in group.member_clusters:
        del records(response, MemberCluster)[member]
    return answer
