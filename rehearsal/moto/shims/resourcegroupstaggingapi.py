"""The tagging API as an inventory asks it: what moto 5.2.1 leaves out of what the service answers for."""

from typing import Any, Iterator

from moto.budgets.models import budgets_backends
from moto.ec2.models import ec2_backends
from moto.eks.models import eks_backends
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from .eks import AccessEntry, Addon, PodIdentityAssociation
from .registry import shim

_moto_answers = ResourceGroupsTaggingAPIBackend._get_resources_generator


@shim(
    "resourcegroupstaggingapi",
    "GetResources",
    "moto leaves out EKS, budgets, and EC2's addresses, launch templates and endpoints; a flow log's ARN is another",
)
def get_resources(response: Any, params: dict[str, Any]) -> Any:
    return get_resources.original(response)  # type: ignore[attr-defined]


def _with_what_is_left_out(
    self: Any, tag_filters: list[dict[str, Any]] | None = None, resource_type_filters: list[str] | None = None
) -> Iterator[dict[str, Any]]:
    for answer in _moto_answers(self, tag_filters, resource_type_filters):
        yield answer | {"ResourceARN": answer["ResourceARN"].replace(":flow-logs/", ":vpc-flow-log/")}
    for arn, tags in [*_of_ec2(self), *_of_eks(self), *_of_budgets(self)]:
        if all(_has(tags, asked) for asked in tag_filters or []):
            yield {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


ResourceGroupsTaggingAPIBackend._get_resources_generator = _with_what_is_left_out  # type: ignore[method-assign]


def _has(tags: dict[str, str], asked: dict[str, Any]) -> bool:
    return asked["Key"] in tags and tags[asked["Key"]] in (asked.get("Values") or [tags[asked["Key"]]])


def _of_ec2(backend: Any) -> Iterator[tuple[str, dict[str, str]]]:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    ids = {
        "elastic-ip": [address.allocation_id for address in ec2.addresses if address.allocation_id],
        "launch-template": list(ec2.launch_templates),
        "vpc-endpoint": list(ec2.vpc_end_points),
    }
    for kind, ids_of_kind in ids.items():
        for id_ in ids_of_kind:
            arn = f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:{kind}/{id_}"
            yield arn, ec2.tags.get(id_, {})


def _of_eks(backend: Any) -> Iterator[tuple[str, dict[str, str]]]:
    eks = eks_backends[backend.account_id][backend.region_name]
    for cluster in eks.clusters.values():
        yield cluster.arn, cluster.tags or {}
        for group in cluster.nodegroups.values():
            yield group.arn, group.tags or {}
    arns = {Addon: "addonArn", PodIdentityAssociation: "associationArn", AccessEntry: "accessEntryArn"}
    for kind, arn in arns.items():
        for record in vars(eks).get(f"shim_{kind.__name__}", {}).values():
            yield getattr(record, arn), record.tags


def _of_budgets(backend: Any) -> Iterator[tuple[str, dict[str, str]]]:
    # Global services answer in one region.
    if backend.region_name != "us-east-1":
        return
    budgets = budgets_backends[backend.account_id][backend.partition].budgets
    for name, budget in budgets.get(backend.account_id, {}).items():
        yield f"arn:{backend.partition}:budgets::{backend.account_id}:budget/{name}", vars(budget).get("shim_tags", {})
