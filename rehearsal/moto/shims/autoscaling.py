"""EC2 Auto Scaling as Terraform uses it: what moto 5.2.1 forgets of a group, and makes up of hooks and policies."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

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


@shim("autoscaling", "UpdateAutoScalingGroup", "moto forgets the warm-up, and the machines when it is not told")
def update_auto_scaling_group(response: Any, params: dict[str, Any]) -> Any:
    group = group_of(response, params)
    policy = group.mixed_instances_policy
    answer = update_auto_scaling_group.original(response)  # type: ignore[attr-defined]
    if not {"LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy"} & params.keys():
        group.mixed_instances_policy = policy
    keep(group, params, FIELDS)
    return answer


@shim("autoscaling", "PutLifecycleHook", "moto makes up a queue and a role that the hook tells")
def put_lifecycle_hook(response: Any, params: dict[str, Any]) -> Any:
    answer = put_lifecycle_hook.original(response)  # type: ignore[attr-defined]
    hook = response.autoscaling_backend.lifecycle_hooks[f"{params['AutoScalingGroupName']}_{params['LifecycleHookName']}"]
    hook.notification_target_arn = params.get("NotificationTargetARN")
    hook.role_arn = params.get("RoleARN")
    return answer


@shim("autoscaling", "PutScalingPolicy", "moto has a name once, not once a group, and forgets what is on")
def put_scaling_policy(response: Any, params: dict[str, Any]) -> Any:
    answer = put_scaling_policy.original(response)  # type: ignore[attr-defined]
    policies = response.autoscaling_backend.policies
    policy = policies.pop(params["PolicyName"])
    policies[policy_key(params)] = policy
    policy.enabled = params.get("Enabled", True)
    policy.predictive_scaling_configuration = params.get("PredictiveScalingConfiguration")
    return answer


@shim("autoscaling", "DeletePolicy", "moto has a name once, not once a group")
def delete_policy(response: Any, params: dict[str, Any]) -> ActionResult:
    response.autoscaling_backend.policies.pop(policy_key(params), None)
    return EmptyResult()


def policy_key(params: dict[str, Any]) -> str:
    return f"{params['AutoScalingGroupName']}/{params['PolicyName']}"
