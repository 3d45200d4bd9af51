"""DMS as Terraform uses it: what moto 5.2.1 answers otherwise than the service."""

import json
from typing import Any

from moto.dms.models import FakeReplicationInstance, FakeReplicationSubnetGroup, FakeReplicationTask
from moto.ec2.models import ec2_backends

from .registry import shim

TIMES = ("InstanceCreateTime", "ReplicationTaskCreationDate", "ReplicationTaskStartDate")
SECONDS = "moto writes times as text, the service as seconds"


def with_seconds(original: Any) -> Any:
    """`to_dict` of a model, with times as the protocol has them."""

    def to_dict(self: Any) -> dict[str, Any]:
        answer = original(self)
        dates = {"InstanceCreateTime": "creation_date", "ReplicationTaskCreationDate": "creation_date"}
        for name in TIMES:
            if name in answer:
                date = getattr(self, dates.get(name, "start_date"))
                answer[name] = date.timestamp() if date else None
        # Of a task that was never started there is nothing to tell.
        answer.pop("ReplicationTaskStats", None)
        return {name: value for name, value in answer.items() if value is not None}

    return to_dict


FakeReplicationInstance.to_dict = with_seconds(FakeReplicationInstance.to_dict)  # type: ignore[method-assign]
FakeReplicationTask.to_dict = with_seconds(FakeReplicationTask.to_dict)  # type: ignore[method-assign]


@shim("dms", "CreateReplicationInstance", SECONDS)
def create_replication_instance(response: Any, params: dict[str, Any]) -> Any:
    return create_replication_instance.original(response)  # type: ignore[attr-defined]


@shim("dms", "DescribeReplicationTasks", f"{SECONDS}, and a new task is never ready")
def describe_replication_tasks(response: Any, params: dict[str, Any]) -> Any:
    for task in response.dms_backend.replication_tasks.values():
        if task.status == "creating":
            task.ready()
    return describe_replication_tasks.original(response)  # type: ignore[attr-defined]


@shim("dms", "ModifyReplicationTask", "moto has no such action")
def modify_replication_task(response: Any, params: dict[str, Any]) -> str:
    task = response.dms_backend.replication_tasks[params["ReplicationTaskArn"]]
    task.table_mappings = params.get("TableMappings", task.table_mappings)
    task.replication_task_settings = params.get("ReplicationTaskSettings", task.replication_task_settings)
    task.migration_type = params.get("MigrationType", task.migration_type)
    return json.dumps({"ReplicationTask": task.to_dict()})


# Subnet groups: moto makes up their subnets, and tags them by their name instead of their ARN.


@shim("dms", "CreateReplicationSubnetGroup", "moto makes up the subnets, and tags the name instead of the ARN")
def create_replication_subnet_group(response: Any, params: dict[str, Any]) -> Any:
    answer = create_replication_subnet_group.original(response)  # type: ignore[attr-defined]
    backend, name = response.dms_backend, params["ReplicationSubnetGroupIdentifier"]
    group = backend.replication_subnet_groups[name]
    group.shim_subnets = ec2_backends[backend.account_id][backend.region_name].describe_subnets(params["SubnetIds"])
    arn = f"arn:aws:dms:{backend.region_name}:{backend.account_id}:subgrp:{name}"
    backend.tagger.delete_all_tags_for_resource(name)
    backend.tagger.tag_resource(arn, params.get("Tags", []))
    return answer


_subnet_group = FakeReplicationSubnetGroup.to_dict


def _with_subnets(self: Any) -> dict[str, Any]:
    subnets = getattr(self, "shim_subnets", [])
    zones = [(subnet.id, subnet.availability_zone) for subnet in subnets]
    return _subnet_group(self) | {
        "VpcId": subnets[0].vpc_id if subnets else None,
        "Subnets": [
            {"SubnetIdentifier": id_, "SubnetAvailabilityZone": {"Name": zone}, "SubnetStatus": "Active"} for id_, zone in zones
        ],
    }


FakeReplicationSubnetGroup.to_dict = _with_subnets  # type: ignore[method-assign]
