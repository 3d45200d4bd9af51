"""AWS Config's findings: moto 5.2.1 keeps rules, but nothing of what they found.

Nothing is evaluated here either: PutExternalEvaluation, by which anybody may report to a rule, is how a test says so.
"""

import json
from typing import Any

from moto.core.exceptions import JsonRESTError

from .registry import MISSING, shim


def evaluations(response: Any, rule: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Of one rule, by the thing that it looked at."""
    if rule not in response.config_backend.config_rules:
        raise JsonRESTError("NoSuchConfigRuleException", f"The ConfigRule '{rule}' provided in the request is invalid")
    return response.config_backend.__dict__.setdefault("shim_evaluations", {}).setdefault(rule, {})


@shim("config", "PutExternalEvaluation", MISSING)
def put_external_evaluation(response: Any, params: dict[str, Any]) -> str:
    found = params["ExternalEvaluation"]
    key = (found["ComplianceResourceType"], found["ComplianceResourceId"])
    evaluations(response, params["ConfigRuleName"])[key] = found
    return json.dumps({})


@shim("config", "DescribeComplianceByConfigRule", MISSING)
def describe_compliance_by_config_rule(response: Any, params: dict[str, Any]) -> str:
    answer = []
    for rule in params.get("ConfigRuleNames") or response.config_backend.config_rules:
        types = {found["ComplianceType"] for found in evaluations(response, rule).values()}
        compliance = next((t for t in ("NON_COMPLIANT", "COMPLIANT") if t in types), "INSUFFICIENT_DATA")
        if compliance in params.get("ComplianceTypes", [compliance]):
            answer.append({"ConfigRuleName": rule, "Compliance": {"ComplianceType": compliance}})
    return json.dumps({"ComplianceByConfigRules": answer})


@shim("config", "GetComplianceDetailsByConfigRule", MISSING)
def get_compliance_details_by_config_rule(response: Any, params: dict[str, Any]) -> str:
    rule = params["ConfigRuleName"]
    found = [f for f in evaluations(response, rule).values() if f["ComplianceType"] in params.get("ComplianceTypes", [f["ComplianceType"]])]
    first, size = int(params.get("NextToken") or 0), int(params.get("Limit") or 10)
    results = [
        {
            "EvaluationResultIdentifier": {
                "EvaluationResultQualifier": {
                    "ConfigRuleName": rule,
                    "ResourceType": f["ComplianceResourceType"],
                    "ResourceId": f["ComplianceResourceId"],
                },
                "OrderingTimestamp": f["OrderingTimestamp"],
            },
            "ComplianceType": f["ComplianceType"],
            "ResultRecordedTime": f["OrderingTimestamp"],
            "ConfigRuleInvokedTime": f["OrderingTimestamp"],
            **({"Annotation": f["Annotation"]} if "Annotation" in f else {}),
        }
        for f in found[first : first + size]
    ]
    more = {"NextToken": str(first + size)} if len(found) > first + size else {}
    return json.dumps({"EvaluationResults": results} | more)
