"""Application Auto Scaling as Terraform uses it: moto 5.2.1 has no tags of targets."""

import json
from typing import Any

from .registry import MISSING, shim


def target_of(response: Any, arn: str) -> Any:
    targets = response.applicationautoscaling_backend.targets
    return next(target for by_id in targets.values() for target in by_id.values() if target.arn == arn)


# Tags are kept on the target, so that a deregistered target's are gone with it.


def tags_of(response: Any, arn: str) -> dict[str, str]:
    return target_of(response, arn).__dict__.setdefault("shim_tags", {})


@shim("application-autoscaling", "RegisterScalableTarget", "moto forgets the tags")
def register_scalable_target(response: Any, params: dict[str, Any]) -> str:
    answer = register_scalable_target.original(response)  # type: ignore[attr-defined]
    if "Tags" in params:
        tags_of(response, json.loads(answer)["ScalableTargetARN"]).update(params["Tags"])
    return answer


@shim("application-autoscaling", "ListTagsForResource", MISSING)
def list_tags_for_resource(response: Any, params: dict[str, Any]) -> str:
    return json.dumps({"Tags": tags_of(response, params["ResourceARN"])})


@shim("application-autoscaling", "TagResource", MISSING)
def tag_resource(response: Any, params: dict[str, Any]) -> str:
    tags_of(response, params["ResourceARN"]).update(params["Tags"])
    return json.dumps({})


@shim("application-autoscaling", "UntagResource", MISSING)
def untag_resource(response: Any, params: dict[str, Any]) -> str:
    for key in params["TagKeys"]:
        tags_of(response, params["ResourceARN"]).pop(key, None)
    return json.dumps({})
