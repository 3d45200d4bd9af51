"""SQS as Terraform uses it: what moto 5.2.1 answers otherwise than the service."""

import json
from typing import Any

from moto.sqs.models import Queue

from .registry import shim


@shim("sqs", "SetQueueAttributes", "moto forgets who may name a queue for dead letters, and the policy when another attribute is set")
def set_queue_attributes(response: Any, params: dict[str, Any]) -> Any:
    return set_queue_attributes.original(response)  # type: ignore[attr-defined]


_set_attributes = Queue._set_attributes


def _keep_attributes(self: Any, attributes: dict[str, Any], now: float | None = None) -> None:
    policy = getattr(self, "policy", None)
    _set_attributes(self, attributes, now)
    if "Policy" not in attributes:
        self.policy = policy
    # Set to nothing, it is gone.
    self.redrive_allow_policy = self.redrive_allow_policy or None


Queue._set_attributes = _keep_attributes  # type: ignore[method-assign]
Queue.redrive_allow_policy = None  # type: ignore[attr-defined]
Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")


@shim("sqs", "GetQueueAttributes", "moto spaces out the JSON of a redrive policy, which the service doesn't")
def get_queue_attributes(response: Any, params: dict[str, Any]) -> Any:
    return get_queue_attributes.original(response)  # type: ignore[attr-defined]


_attributes = Queue.attributes.fget


def _compact_attributes(self: Any) -> dict[str, Any]:
    """The service answers a policy as it was sent, and Terraform sends JSON without spaces."""
    answer = _attributes(self)  # type: ignore[misc]
    if answer.get("RedrivePolicy"):
        answer["RedrivePolicy"] = json.dumps(json.loads(answer["RedrivePolicy"]), separators=(",", ":"))
    return answer


Queue.attributes = property(_compact_attributes)  # type: ignore[assignment,method-assign]
