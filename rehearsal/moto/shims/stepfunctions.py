"""Step Functions as Terraform and its callers use it: what moto 5.2.1 lacks, and what keeps it from a second execution."""

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from .registry import shim


@shim("stepfunctions", "ValidateStateMachineDefinition", "moto has no such action; its own executor's parser decides")
def validate_state_machine_definition(response: Any, params: dict[str, Any]) -> ActionResult:
    try:
        StepFunctionsParserBackend._validate_definition(params["definition"])
    except InvalidDefinition as error:
        diagnostic = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": error.message}
        return ActionResult({"result": "FAIL", "diagnostics": [diagnostic], "truncated": False})
    return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


@shim("stepfunctions", "StartExecution", "moto copies a machine with all executions of the account, which fails on the second")
def start_execution(response: Any, params: dict[str, Any]) -> Any:
    return start_execution.original(response)  # type: ignore[attr-defined]


def _without_executions(self: Any, memo: dict[int, Any]) -> Any:
    """What an execution sees of its machine; an update sets new values, and changes none in place."""
    clone = copy.copy(self)
    clone.executions = []
    return clone


StateMachine.__deepcopy__ = _without_executions  # type: ignore[attr-defined]


@shim("stepfunctions", "ListStateMachineVersions", "moto keeps versions, and has no such action")
def list_state_machine_versions(response: Any, params: dict[str, Any]) -> ActionResult:
    machine = response.stepfunction_backend.describe_state_machine(params["stateMachineArn"])
    newest_first = [machine.versions[number] for number in sorted(machine.versions, reverse=True)]
    versions = [{"stateMachineVersionArn": one.arn, "creationDate": one.creation_date} for one in newest_first]
    return ActionResult({"stateMachineVersions": versions})
