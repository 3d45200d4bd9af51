"""Cost Explorer's anomaly detection, which moto 5.2.1 lacks: monitors and subscriptions."""

import json
import uuid
from typing import Any

from moto.core.exceptions import JsonRESTError

from .kept import records
from .registry import MISSING, shim


class Record:
    """A thing of Cost Explorer's that moto doesn't know, kept in its backend so that the inventory and a reset see it."""

    def __init__(self, arn: str, fields: dict[str, Any]):
        self.arn = arn
        self.fields = fields


class AnomalyMonitor(Record):
    pass


class AnomalySubscription(Record):
    pass


def find(response: Any, kind: type, arn: str) -> Any:
    try:
        return records(response, kind)[arn]
    except KeyError:
        unknown = "UnknownMonitorException" if kind is AnomalyMonitor else "UnknownSubscriptionException"
        raise JsonRESTError(unknown, f"No {kind.__name__} {arn}") from None


def add(response: Any, kind: type, fields: dict[str, Any], tags: list[dict[str, str]]) -> str:
    arn = f"arn:aws:ce::{response.current_account}:{kind.__name__.lower()}/{uuid.uuid4()}"
    records(response, kind)[arn] = kind(arn, fields)
    response.ce_backend.tag_resource(arn, tags)
    return arn


def listed(response: Any, kind: type, arns: list[str] | None, arn_field: str) -> list[dict[str, Any]]:
    wanted = [find(response, kind, arn) for arn in arns] if arns else list(records(response, kind).values())
    return [record.fields | {arn_field: record.arn} for record in wanted]


@shim("ce", "CreateAnomalyMonitor", MISSING)
def create_anomaly_monitor(response: Any, params: dict[str, Any]) -> str:
    fields = params["AnomalyMonitor"]
    dimensional = [r for r in records(response, AnomalyMonitor).values() if r.fields["MonitorType"] == "DIMENSIONAL"]
    if fields["MonitorType"] == "DIMENSIONAL" and dimensional:
        raise JsonRESTError("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
    return json.dumps({"MonitorArn": add(response, AnomalyMonitor, fields, params.get("ResourceTags", []))})


@shim("ce", "GetAnomalyMonitors", MISSING)
def get_anomaly_monitors(response: Any, params: dict[str, Any]) -> str:
    return json.dumps({"AnomalyMonitors": listed(response, AnomalyMonitor, params.get("MonitorArnList"), "MonitorArn")})


@shim("ce", "UpdateAnomalyMonitor", MISSING)
def update_anomaly_monitor(response: Any, params: dict[str, Any]) -> str:
    record = find(response, AnomalyMonitor, params["MonitorArn"])
    record.fields["MonitorName"] = params.get("MonitorName", record.fields["MonitorName"])
    return json.dumps({"MonitorArn": record.arn})


@shim("ce", "DeleteAnomalyMonitor", MISSING)
def delete_anomaly_monitor(response: Any, params: dict[str, Any]) -> str:
    del records(response, AnomalyMonitor)[find(response, AnomalyMonitor, params["MonitorArn"]).arn]
    return json.dumps({})


@shim("ce", "CreateAnomalySubscription", MISSING)
def create_anomaly_subscription(response: Any, params: dict[str, Any]) -> str:
    fields = params["AnomalySubscription"]
    for arn in fields["MonitorArnList"]:
        find(response, AnomalyMonitor, arn)
    return json.dumps({"SubscriptionArn": add(response, AnomalySubscription, fields, params.get("ResourceTags", []))})


@shim("ce", "GetAnomalySubscriptions", MISSING)
def get_anomaly_subscriptions(response: Any, params: dict[str, Any]) -> str:
    arns = params.get("SubscriptionArnList")
    return json.dumps({"AnomalySubscriptions": listed(response, AnomalySubscription, arns, "SubscriptionArn")})


@shim("ce", "UpdateAnomalySubscription", MISSING)
def update_anomaly_subscription(response: Any, params: dict[str, Any]) -> str:
    record = find(response, AnomalySubscription, params["SubscriptionArn"])
    record.fields.update({key: value for key, value in params.items() if key != "SubscriptionArn"})
    return json.dumps({"SubscriptionArn": record.arn})


@shim("ce", "DeleteAnomalySubscription", MISSING)
def delete_anomaly_subscription(response: Any, params: dict[str, Any]) -> str:
    del records(response, AnomalySubscription)[find(response, AnomalySubscription, params["SubscriptionArn"]).arn]
    return json.dumps({})
