"""Security Hub as Terraform and the audit report use it: settings, standards and filtered findings, which moto 5.2.1 lacks."""

import json
from typing import Any

from .registry import MISSING, shim


class StandardsSubscription:
    """Kept in moto's backend, so that the inventory and a reset see it."""

    def __init__(self, arn: str, standards_arn: str):
        self.arn = arn
        self.standards_arn = standards_arn

    def describe(self) -> dict[str, Any]:
        return {
            "StandardsSubscriptionArn": self.arn,
            "StandardsArn": self.standards_arn,
            "StandardsInput": {},
            "StandardsStatus": "READY",
        }


def subscriptions(response: Any) -> dict[str, StandardsSubscription]:
    return response.securityhub_backend.__dict__.setdefault("shim_subscriptions", {})


def settings(response: Any) -> dict[str, Any]:
    return response.securityhub_backend.__dict__.setdefault("shim_settings", {})


@shim("securityhub", "EnableSecurityHub", "moto forgets who generates findings of controls")
def enable_security_hub(response: Any, params: dict[str, Any]) -> str:
    answer = enable_security_hub.original(response)  # type: ignore[attr-defined]
    if "ControlFindingGenerator" in params:
        settings(response)["ControlFindingGenerator"] = params["ControlFindingGenerator"]
    return answer


@shim("securityhub", "DescribeHub", "moto answers settings of its own")
def describe_hub(response: Any, params: dict[str, Any]) -> str:
    answer = json.loads(describe_hub.original(response))  # type: ignore[attr-defined]
    return json.dumps(answer | settings(response))


@shim("securityhub", "UpdateSecurityHubConfiguration", MISSING)
def update_security_hub_configuration(response: Any, params: dict[str, Any]) -> str:
    response.securityhub_backend.describe_hub()  # fails when it is off, as the service does
    settings(response).update(params)
    return json.dumps({})


@shim("securityhub", "DisableSecurityHub", "moto keeps what is shimmed here")
def disable_security_hub(response: Any, params: dict[str, Any]) -> str:
    subscriptions(response).clear()
    settings(response).clear()
    return disable_security_hub.original(response)  # type: ignore[attr-defined]


@shim("securityhub", "BatchEnableStandards", MISSING)
def batch_enable_standards(response: Any, params: dict[str, Any]) -> str:
    response.securityhub_backend.describe_hub()
    enabled = []
    for request in params["StandardsSubscriptionRequests"]:
        standards_arn = request["StandardsArn"]
        name = standards_arn.split("standards/")[-1]
        arn = f"arn:aws:securityhub:{response.region}:{response.current_account}:subscription/{name}"
        subscriptions(response)[arn] = StandardsSubscription(arn, standards_arn)
        enabled.append(subscriptions(response)[arn].describe())
    return json.dumps({"StandardsSubscriptions": enabled})


@shim("securityhub", "GetEnabledStandards", MISSING)
def get_enabled_standards(response: Any, params: dict[str, Any]) -> str:
    wanted = params.get("StandardsSubscriptionArns")
    found = [s.describe() for arn, s in subscriptions(response).items() if wanted is None or arn in wanted]
    return json.dumps({"StandardsSubscriptions": found})


@shim("securityhub", "BatchDisableStandards", MISSING)
def batch_disable_standards(response: Any, params: dict[str, Any]) -> str:
    gone = [subscriptions(response).pop(arn, None) for arn in params["StandardsSubscriptionArns"]]
    disabled = [s.describe() | {"StandardsStatus": "DELETING"} for s in gone if s]
    return json.dumps({"StandardsSubscriptions": disabled})


# What each filter of the report looks at in a finding.
FIELDS = {
    "RecordState": lambda finding: finding.get("RecordState", "ACTIVE"),
    "WorkflowStatus": lambda finding: finding.get("Workflow", {}).get("Status", "NEW"),
    "ComplianceStatus": lambda finding: finding.get("Compliance", {}).get("Status"),
    "SeverityLabel": lambda finding: finding.get("Severity", {}).get("Label"),
}


def passes(finding: dict[str, Any], name: str, filters: list[dict[str, str]]) -> bool:
    if name not in FIELDS:
        raise NotImplementedError(f"the rehearsal filters findings by {', '.join(FIELDS)} only, not by {name}")
    value = FIELDS[name](finding)
    equal = [f["Value"] for f in filters if f["Comparison"] == "EQUALS"]
    unequal = [f["Value"] for f in filters if f["Comparison"] == "NOT_EQUALS"]
    return (not equal or value in equal) and value not in unequal


@shim("securityhub", "GetFindings", "moto ignores filters, and pages by an Id that findings share")
def get_findings(response: Any, params: dict[str, Any]) -> str:
    response.securityhub_backend.describe_hub()
    wanted = params.get("Filters") or {}
    found = [
        f.as_dict()
        for f in response.securityhub_backend.findings
        if all(passes(f.as_dict(), name, filters) for name, filters in wanted.items())
    ]
    first, size = int(params.get("NextToken") or 0), int(params.get("MaxResults") or 100)
    more = {"NextToken": str(first + size)} if len(found) > first + size else {}
    return json.dumps({"Findings": found[first : first + size]} | more)
