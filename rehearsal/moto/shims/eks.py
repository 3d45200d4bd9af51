"""EKS as Terraform uses it: what moto 5.2.1 has no action for, or forgets between create and describe."""

import base64
import uuid
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.eks.exceptions import InvalidParameterException, ResourceInUseException, ResourceNotFoundException

from .kept import now, records
from .registry import MISSING, service_model, shim


# A value that base64decode() and a PEM reader accept, as the service's own is.
CERTIFICATE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nrehearsal\n-----END CERTIFICATE-----\n").decode()


class Record:
    """A thing of EKS's that moto doesn't know, kept in its backend so that the inventory and a reset see it."""

    def __init__(self, **fields: Any):
        self.__dict__.update(fields)


class Addon(Record):
    pass


class PodIdentityAssociation(Record):
    pass


class AccessEntry(Record):
    pass


def find(response: Any, kind: type, key: Any) -> Any:
    try:
        return records(response, kind)[key]
    except KeyError:
        raise ResourceNotFoundException(message=f"No {kind.__name__} found for {key}") from None


def add(response: Any, kind: type, key: Any, **fields: Any) -> Any:
    response.eks_backend.describe_cluster(name=fields["clusterName"])  # 404 when there is none, as the service does
    if key in records(response, kind):
        raise ResourceInUseException(message=f"{kind.__name__} already exists: {key}")
    record = kind(**fields, createdAt=now(), modifiedAt=now())
    records(response, kind)[key] = record
    return record


def remove(response: Any, kind: type, key: Any) -> Any:
    record = find(response, kind, key)
    del records(response, kind)[key]
    return record


def change(record: Any, params: dict[str, Any], *names: str) -> None:
    record.__dict__.update({name: params[name] for name in names if name in params}, modifiedAt=now())


def arn(response: Any, kind: str, *parts: str) -> str:
    backend = response.eks_backend
    return f"arn:{backend.partition}:eks:{backend.region_name}:{backend.account_id}:{kind}/" + "/".join(parts)


def update(response: Any, kind: str) -> ActionResult:
    """Every change is done when it is answered; DescribeUpdate has only to say so."""
    record = {"id": str(uuid.uuid4()), "status": "Successful", "type": kind, "params": [], "createdAt": now(), "errors": []}
    return ActionResult({"update": record})


# Cluster and node group: fields that moto drops, so that a second plan would want to set or replace them.

CLUSTER_FIELDS = ("accessConfig", "upgradePolicy", "zonalShiftConfig", "computeConfig", "storageConfig", "deletionProtection")


def keep_cluster_fields(cluster: Any, params: dict[str, Any]) -> None:
    known = service_model("eks").shape_for("Cluster").members
    for name in CLUSTER_FIELDS:
        if name not in known or name not in params:
            continue
        value = params[name]
        before = getattr(cluster, xform_name(name), None)
        setattr(cluster, xform_name(name), before | value if isinstance(before, dict) and isinstance(value, dict) else value)


def ec2(response: Any) -> Any:
    backend = response.eks_backend
    return ec2_backends[backend.account_id][backend.region_name]


def add_security_group(response: Any, cluster: Any) -> None:
    """The group of the control plane and of all nodes, which EKS makes with a cluster and deletes with it."""
    subnets = ec2(response).describe_subnets(subnet_ids=cluster.resources_vpc_config["subnetIds"])
    group = ec2(response).create_security_group(
        f"eks-cluster-sg-{cluster.name}-{uuid.uuid4().int % 10**10}",
        "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
        vpc_id=subnets[0].vpc_id,
    )
    cluster.resources_vpc_config |= {"clusterSecurityGroupId": group.id, "vpcId": group.vpc_id}


@shim("eks", "CreateCluster", "moto forgets accessConfig, upgradePolicy and others; its CA is not base64; it has no group")
def create_cluster(response: Any, params: dict[str, Any]) -> ActionResult:
    result = create_cluster.original(response)  # type: ignore[attr-defined]
    cluster = result._result["cluster"]
    if params["resourcesVpcConfig"].get("subnetIds"):
        add_security_group(response, cluster)
    cluster.certificate_authority = {"data": CERTIFICATE}
    cluster.access_config = {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True}
    cluster.upgrade_policy = {"supportType": "EXTENDED"}
    keep_cluster_fields(cluster, params)
    return result


@shim("eks", "UpdateClusterConfig", "moto answers with the cluster, the service with an update")
def update_cluster_config(response: Any, params: dict[str, Any]) -> ActionResult:
    cluster = response.eks_backend.describe_cluster(name=params["name"])
    vpc = params.get("resourcesVpcConfig")
    if vpc:
        cluster.resources_vpc_config = cluster.resources_vpc_config | vpc
    if "logging" in params:
        cluster.logging = params["logging"]
    keep_cluster_fields(cluster, params)
    return update(response, "ConfigUpdate")


@shim("eks", "UpdateClusterVersion", MISSING)
def update_cluster_version(response: Any, params: dict[str, Any]) -> ActionResult:
    response.eks_backend.describe_cluster(name=params["name"]).version = params["version"]
    return update(response, "VersionUpdate")


@shim("eks", "DescribeUpdate", MISSING)
def describe_update(response: Any, params: dict[str, Any]) -> ActionResult:
    return update(response, "ConfigUpdate")


@shim("eks", "DeleteCluster", "moto knows no deletion protection, and none of the things that are shimmed here")
def delete_cluster(response: Any, params: dict[str, Any]) -> ActionResult:
    name = params["name"]
    cluster = response.eks_backend.describe_cluster(name=name)
    if getattr(cluster, "deletion_protection", False):
        raise InvalidParameterException(message=f"Cluster {name} has deletion protection enabled")
    result = delete_cluster.original(response)  # type: ignore[attr-defined]
    if group_id := cluster.resources_vpc_config.get("clusterSecurityGroupId"):
        ec2(response).delete_security_group(group_id=group_id)
    for kind in (Addon, PodIdentityAssociation, AccessEntry):
        for key in [k for k, record in records(response, kind).items() if record.clusterName == name]:
            del records(response, kind)[key]
    return result


@shim("eks", "CreateNodegroup", "moto invents remoteAccess and drops updateConfig and nodeRepairConfig")
def create_nodegroup(response: Any, params: dict[str, Any]) -> ActionResult:
    result = create_nodegroup.original(response)  # type: ignore[attr-defined]
    group = result._result["nodegroup"]
    if "remoteAccess" not in params:
        group.remote_access = None
    if "launchTemplate" in params and "instanceTypes" not in params:
        group.instance_types = []
    group.update_config = params.get("updateConfig", {"maxUnavailable": 1})
    group.node_repair_config = params.get("nodeRepairConfig")
    return result


@shim("eks", "UpdateNodegroupVersion", MISSING)
def update_nodegroup_version(response: Any, params: dict[str, Any]) -> ActionResult:
    group = response.eks_backend.describe_nodegroup(params["clusterName"], params["nodegroupName"])
    group.version = params.get("version", group.version)
    group.release_version = params.get("releaseVersion", group.release_version)
    group.launch_template = params.get("launchTemplate", group.launch_template)
    return update(response, "VersionUpdate")


# Add-ons


@shim("eks", "CreateAddon", MISSING)
def create_addon(response: Any, params: dict[str, Any]) -> ActionResult:
    cluster, name = params["clusterName"], params["addonName"]
    optional = {k: params[k] for k in ("serviceAccountRoleArn", "configurationValues", "resolveConflicts") if k in params}
    addon = add(
        response,
        Addon,
        (cluster, name),
        clusterName=cluster,
        addonName=name,
        addonVersion=params.get("addonVersion", "v1.0.0-eksbuild.1"),
        addonArn=arn(response, "addon", cluster, name, str(uuid.uuid4())),
        status="ACTIVE",
        health={"issues": []},
        tags=params.get("tags", {}),
        **optional,
    )
    return ActionResult({"addon": vars(addon)})


@shim("eks", "DescribeAddon", MISSING)
def describe_addon(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"addon": vars(find(response, Addon, (params["clusterName"], params["addonName"])))})


@shim("eks", "UpdateAddon", MISSING)
def update_addon(response: Any, params: dict[str, Any]) -> ActionResult:
    addon = find(response, Addon, (params["clusterName"], params["addonName"]))
    change(addon, params, "addonVersion", "serviceAccountRoleArn", "configurationValues")
    return update(response, "AddonUpdate")


@shim("eks", "DeleteAddon", MISSING)
def delete_addon(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"addon": vars(remove(response, Addon, (params["clusterName"], params["addonName"])))})


@shim("eks", "DescribeAddonVersions", MISSING + "; answers one made-up version")
def describe_addon_versions(response: Any, params: dict[str, Any]) -> ActionResult:
    version = params.get("kubernetesVersion", "1.35")
    compatible = {"clusterVersion": version, "defaultVersion": True}
    versions = [{"addonVersion": "v1.0.0-eksbuild.1", "compatibilities": [compatible]}]
    return ActionResult({"addons": [{"addonName": params.get("addonName", "addon"), "addonVersions": versions}]})


# Pod Identity


@shim("eks", "CreatePodIdentityAssociation", MISSING)
def create_pod_identity_association(response: Any, params: dict[str, Any]) -> ActionResult:
    cluster, id_ = params["clusterName"], f"a-{uuid.uuid4().hex[:17]}"
    for other in records(response, PodIdentityAssociation).values():
        if (other.clusterName, other.namespace, other.serviceAccount) == (cluster, params["namespace"], params["serviceAccount"]):
            raise ResourceInUseException(message=f"Association already exists: {other.associationId}")
    association = add(
        response,
        PodIdentityAssociation,
        (cluster, id_),
        clusterName=cluster,
        namespace=params["namespace"],
        serviceAccount=params["serviceAccount"],
        roleArn=params["roleArn"],
        associationArn=arn(response, "podidentityassociation", cluster, id_),
        associationId=id_,
        tags=params.get("tags", {}),
        disableSessionTags=params.get("disableSessionTags", False),
    )
    return ActionResult({"association": vars(association)})


@shim("eks", "ListPodIdentityAssociations", MISSING)
def list_pod_identity_associations(response: Any, params: dict[str, Any]) -> ActionResult:
    asked = {name: params[name] for name in ("clusterName", "namespace", "serviceAccount") if name in params}
    found = [vars(record) for record in records(response, PodIdentityAssociation).values()]
    return ActionResult({"associations": [one for one in found if asked.items() <= one.items()]})


@shim("eks", "DescribePodIdentityAssociation", MISSING)
def describe_pod_identity_association(response: Any, params: dict[str, Any]) -> ActionResult:
    key = (params["clusterName"], params["associationId"])
    return ActionResult({"association": vars(find(response, PodIdentityAssociation, key))})


@shim("eks", "UpdatePodIdentityAssociation", MISSING)
def update_pod_identity_association(response: Any, params: dict[str, Any]) -> ActionResult:
    association = find(response, PodIdentityAssociation, (params["clusterName"], params["associationId"]))
    change(association, params, "roleArn", "disableSessionTags")
    return ActionResult({"association": vars(association)})


@shim("eks", "DeletePodIdentityAssociation", MISSING)
def delete_pod_identity_association(response: Any, params: dict[str, Any]) -> ActionResult:
    association = remove(response, PodIdentityAssociation, (params["clusterName"], params["associationId"]))
    return ActionResult({"association": vars(association)})


# Access entries and their policies


@shim("eks", "CreateAccessEntry", MISSING)
def create_access_entry(response: Any, params: dict[str, Any]) -> ActionResult:
    cluster, principal = params["clusterName"], params["principalArn"]
    account, name = principal.split(":")[4], principal.rsplit("/", 1)[-1]
    entry = add(
        response,
        AccessEntry,
        (cluster, principal),
        clusterName=cluster,
        principalArn=principal,
        kubernetesGroups=params.get("kubernetesGroups", []),
        accessEntryArn=arn(response, "access-entry", cluster, "role", account, name, str(uuid.uuid4())),
        username=params.get("username", principal),
        type=params.get("type", "STANDARD"),
        tags=params.get("tags", {}),
        policies={},
    )
    return ActionResult({"accessEntry": vars(entry)})


@shim("eks", "DescribeAccessEntry", MISSING)
def describe_access_entry(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"accessEntry": vars(find(response, AccessEntry, (params["clusterName"], params["principalArn"])))})


@shim("eks", "UpdateAccessEntry", MISSING)
def update_access_entry(response: Any, params: dict[str, Any]) -> ActionResult:
    entry = find(response, AccessEntry, (params["clusterName"], params["principalArn"]))
    change(entry, params, "kubernetesGroups", "username")
    return ActionResult({"accessEntry": vars(entry)})


@shim("eks", "DeleteAccessEntry", MISSING)
def delete_access_entry(response: Any, params: dict[str, Any]) -> EmptyResult:
    remove(response, AccessEntry, (params["clusterName"], params["principalArn"]))
    return EmptyResult()


@shim("eks", "AssociateAccessPolicy", MISSING)
def associate_access_policy(response: Any, params: dict[str, Any]) -> ActionResult:
    entry = find(response, AccessEntry, (params["clusterName"], params["principalArn"]))
    policy = {"policyArn": params["policyArn"], "accessScope": params["accessScope"], "associatedAt": now(), "modifiedAt": now()}
    entry.policies[params["policyArn"]] = policy
    named = {"clusterName": entry.clusterName, "principalArn": entry.principalArn}
    return ActionResult(named | {"associatedAccessPolicy": policy})


@shim("eks", "ListAssociatedAccessPolicies", MISSING)
def list_associated_access_policies(response: Any, params: dict[str, Any]) -> ActionResult:
    entry = find(response, AccessEntry, (params["clusterName"], params["principalArn"]))
    named = {"clusterName": entry.clusterName, "principalArn": entry.principalArn}
    return ActionResult(named | {"associatedAccessPolicies": list(entry.policies.values())})


@shim("eks", "DisassociateAccessPolicy", MISSING)
def disassociate_access_policy(response: Any, params: dict[str, Any]) -> EmptyResult:
    entry = find(response, AccessEntry, (params["clusterName"], params["principalArn"]))
    if entry.policies.pop(params["policyArn"], None) is None:
        raise ResourceNotFoundException(message=f"No policy {params['policyArn']} on {entry.principalArn}")
    return EmptyResult()
