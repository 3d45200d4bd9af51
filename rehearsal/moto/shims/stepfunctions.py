"""Step Functions as Terraform and its callers use it: what moto 5.2.1 lacks, and what keeps it from a second execution."""

import copy
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.utils import json_path
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

# moto looks for a service of botocore by the name that Step Functions has for it.
StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES["elasticloadbalancingv2"] = "elbv2"


@shim("stepfunctions", "ListStateMachineVersions", "moto keeps versions, and has no such action")
def list_state_machine_versions(response: Any, params: dict[str, Any]) -> ActionResult:
    machine = response.stepfunction_backend.describe_state_machine(params["stateMachineArn"])
    newest_first = [machine.versions[number] for number in sorted(machine.versions, reverse=True)]
    versions = [{"stateMachineVersionArn": one.arn, "creationDate": one.creation_date} for one in newest_first]
    return ActionResult({"stateMachineVersions": versions})


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {rename(name): _renamed(one, rename) for name, one in value.items()}
    return [_renamed(one, rename) for one in value] if isinstance(value, list) else value


def _replace(data: dict[str, Any], rename: Callable[[str], str]) -> None:
    renamed = _renamed(data, rename)
    data.clear()
    data.update(renamed)


def _ask_by_own_names(self: Any, parameters: dict[str, Any], *_: Any) -> None:
    """States say PascalCase to any service; Step Functions' own API takes camelCase, and moto hands on what it gets."""
    if self._get_boto_service_name() == "stepfunctions":
        _replace(parameters, lambda name: name[:1].lower() + name[1:])


def _answer_by_names_of_states(self: Any, response: Any, *_: Any) -> None:
    if self._get_boto_service_name() == "stepfunctions":
        _replace(response, lambda name: name[:1].upper() + name[1:])


StateTaskServiceAwsSdk._normalise_parameters = _ask_by_own_names  # type: ignore[method-assign]
StateTaskServiceAwsSdk._normalise_response = _answer_by_names_of_states  # type: ignore[method-assign]


def _extract_json(path: str, data: Any) -> Any:
    """A path that names one thing answers it, below an element of a list as well, of which moto makes a list."""
    matches = parse(path).find(data)  # type: ignore[name-defined] # noqa: F821
    if re.search(r"\*|\[\?|\.\.|\[[^\]]*[:,]", path):  # type: ignore[name-defined] # noqa: F821
        return [match.value for match in matches]
    if not matches:
        raise NoSuchJsonPathError(json_path=path, data=data)  # type: ignore[name-defined] # noqa: F821
    return matches[0].value


# Its names are those of its module, which others have imported it from.
json_path.extract_json.__code__ = _extract_json.__code__
