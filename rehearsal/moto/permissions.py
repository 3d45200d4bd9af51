"""The roles of the emulated AWS: what is attached to them, and what moto's own evaluator makes of it.

moto enforces IAM on signed requests, but takes every resource for `*`, apart from those of S3, SQS, IAM and STS, and
looks past conditions. Here its evaluator is asked with the resource.
"""

import json
from typing import Any, Iterator

from moto.core.base_backend import BackendDict
from moto.iam.access_control import IAMPolicy, PermissionResult


def roles() -> list[dict[str, Any]]:
    """Every role with its trust and policies, but for those that a service of AWS makes for itself."""
    return [
        {
            "name": role.name,
            "arn": role.arn,
            "trust": _document(role.assume_role_policy_document),
            "policies": list(_policies(role)),
            "boundary": role.permissions_boundary_arn or None,
        }
        for role in _roles()
        if not role.path.startswith("/aws-service-role/")
    ]


def permitted(role_name: str, action: str, resource: str) -> bool:
    """moto's verdict: permitted by one policy, and denied by none."""
    role = next(role for role in _roles() if role.name == role_name)
    results = [
        IAMPolicy(json.dumps(policy["document"])).is_action_permitted(action, resource) for policy in _policies(role)
    ]
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results


def _roles() -> Iterator[Any]:
    for backends in list(BackendDict._instances):
        if backends.service_name == "iam":
            for _, _, backend in backends.iter_backends():
                yield from backend.roles.values()


def _policies(role: Any) -> Iterator[dict[str, Any]]:
    for name, document in role.policies.items():
        yield {"name": name, "managed": False, "document": _document(document)}
    for arn, policy in role.managed_policies.items():
        default = next(version for version in policy.versions if version.is_default)
        yield {"name": arn, "managed": True, "document": _document(default.document)}


def _document(kept: Any) -> Any:
    """Text, as IAM's API gives it, or what CloudFormation has made of the template."""
    return json.loads(kept) if isinstance(kept, str) else kept
