"""Lambda as Terraform and its callers use it: what moto 5.2.1 forgets of a function, and a place where functions run.

moto runs functions in Docker alone. Here a host outside, named by POST /rehearsal/functions, runs them as processes
by Lambda's runtime API; whoever invokes a function in moto (a caller, a queue, a bucket, a state machine) reaches it.
"""

import json
from typing import Any
from urllib.request import Request, urlopen

from moto.awslambda.models import LambdaFunction

from .registry import shim

FORGETS = "moto forgets the function's key, dead letters and log settings"


class Host:
    """Where functions run; moto's own way without one."""

    url: str | None = None


# What CreateFunction and UpdateFunctionConfiguration are told is kept on the function, and gone with it.

KEPT = ("KMSKeyArn", "DeadLetterConfig", "LoggingConfig")


def keep(function: LambdaFunction, params: dict[str, Any]) -> None:
    kept = function.__dict__.setdefault("shim_kept", {})
    kept.update({name: params[name] for name in KEPT if name in params})


@shim("lambda", "CreateFunction", FORGETS)
def create_function(response: Any, params: dict[str, Any]) -> Any:
    answer = create_function.original(response)  # type: ignore[attr-defined]
    keep(response.backend.get_function(params["FunctionName"]), params)
    return answer


@shim("lambda", "UpdateFunctionConfiguration", FORGETS)
def update_function_configuration(response: Any, params: dict[str, Any]) -> Any:
    keep(response.backend.get_function(params["FunctionName"]), params)
    return update_function_configuration.original(response)  # type: ignore[attr-defined]


_get_configuration = LambdaFunction.get_configuration


def _configuration_with_kept(self: Any, on_create: bool = False) -> dict[str, Any]:
    configuration = _get_configuration(self, on_create) | getattr(self, "shim_kept", {})
    logs = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    return configuration | {"LoggingConfig": logs | configuration.get("LoggingConfig", {})}


LambdaFunction.get_configuration = _configuration_with_kept  # type: ignore[method-assign]


@shim("lambda", "Invoke", "moto runs functions in Docker alone; a host runs them as processes, by Lambda's runtime API")
def invoke(response: Any, params: dict[str, Any]) -> Any:
    return invoke.original(response)  # type: ignore[attr-defined]


_invoke_lambda = LambdaFunction._invoke_lambda


def _invoke_on_host(self: Any, event: Any = None) -> tuple[str, bool, str]:
    if Host.url is None:
        return _invoke_lambda(self, event)
    invocation = {
        "functionName": self.function_name,
        "functionArn": self.function_arn,
        "command": self.image_config.cmd,
        "environment": self.environment_vars,
        "memoryMegabytes": int(self.memory_size),
        "timeoutSeconds": int(self.timeout),
        "event": {} if event is None else event,
    }
    body = json.dumps(invocation).encode()
    request = Request(Host.url, body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=invocation["timeoutSeconds"] + 60) as answer:
        outcome = json.load(answer)
    return json.dumps(outcome["payload"]), outcome["failed"], ""


LambdaFunction._invoke_lambda = _invoke_on_host  # type: ignore[method-assign]
