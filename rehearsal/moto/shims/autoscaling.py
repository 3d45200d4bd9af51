"""EC2 Auto Scaling as Terraform uses it: what moto 5.2.1 forgets of a group, and makes up of hooks and policies."""

from typing import Any

from .kept import keep
from .registry import shim

FIELDS = ("DefaultInstanceWarmup", "InstanceMaintenancePolicy")


def group_of(response: Any, params: dict[str, Any]) -> Any:
    return response.autoscaling_backend.autoscaling_groups[params["AutoScalingGroupName"]]


@shim("autoscaling", "CreateAutoScalingGroup", "moto forgets the warm-up and how many are kept while machines change")
def create_auto_scaling_group(response: Any, params: dict[str, Any]) -> Any:
    answer = create_auto_scaling_group.original(response)  # type: ignore[attr-defined]
    keep(group_of(response, params), params, FIELDS)
    return answer


@shim("autoscaling", "UpdateAutoScalingGroup", "moto forgets the warm-up and how many are kept while machines change")
def update_auto_scaling_group(response: Any, params: dict[str, Any]) -> Any:
    answer = update_auto_scaling_group.original(response)  # type: ignore[attr-defined]
    keep(group_of(response, params), params, FIELDS)
    return answer


@shim("autoscaling", "PutLifecycleHook", "moto makes up a queue and a role that the hook tells")
def put_lifecycle_hook(response: Any, params: dict[str, Any]) -> Any:
    answer = put_lifecycle_hook.original(response)  # type: ignore[attr-defined]
    hook = response.autoscaling_backend.lifecycle_hooks[f"{params['AutoScalingGroupName']}_{params['LifecycleHookName']}"]
    hook.notification_target_arn = params.get("NotificationTargetARN")
    hook.role_arn = params.get("RoleARN")
    return answer


@shim("autoscaling", "PutScalingPolicy", "moto forgets whether a policy is on, and makes up a prediction")
def put_scaling_policy(response: Any, params: dict[str, Any]) -> Any:
    answer = put_scaling_policy.original(response)  # type: ignore[attr-defined]
    policy = response.autoscaling_backend.policies[params["PolicyName"]]
    policy.enabled = params.get("Enabled", True)
    policy.predictive_scaling_configuration = params.get("PredictiveScalingConfiguration")
    return answer
