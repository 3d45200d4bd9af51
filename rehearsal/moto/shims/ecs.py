"""ECS as Terraform uses it: fields of a service that moto 5.2.1 forgets, and tasks that never start."""

from typing import Any

from .kept import keep
from .registry import shim

FIELDS = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
)


def service_of(response: Any, params: dict[str, Any], name: str) -> Any:
    (service,), _ = response.ecs_backend.describe_services(params.get("cluster", "default"), [params[name]])
    return service


def run(service: Any, params: dict[str, Any]) -> None:
    """Tasks run as soon as they are wanted; Terraform may wait for that."""
    keep(service, params, FIELDS)
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(runningCount=service.desired_count, pendingCount=0, rolloutState="COMPLETED")


@shim("ecs", "CreateService", "moto forgets where and how tasks are placed, and starts none")
def create_service(response: Any, params: dict[str, Any]) -> Any:
    answer = create_service.original(response)  # type: ignore[attr-defined]
    service = service_of(response, params, "serviceName")
    service.availability_zone_rebalancing = "DISABLED"
    run(service, params)
    return answer


@shim("ecs", "UpdateService", "moto forgets where and how tasks are placed, and starts none")
def update_service(response: Any, params: dict[str, Any]) -> Any:
    answer = update_service.original(response)  # type: ignore[attr-defined]
    run(service_of(response, params, "service"), params)
    return answer
