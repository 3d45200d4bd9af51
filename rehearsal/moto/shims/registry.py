"""Adds AWS actions to moto, each checked against botocore's model of the service.

A shim may only add or replace an action that AWS has: its name, path and parameters come from botocore, and moto
serialises its answer by botocore's output shape. What was shimmed is listed with every rehearsal.
"""

import re
import threading
from functools import cache
from importlib import import_module
from typing import Any, Callable
from urllib.parse import unquote

from botocore import xform_name
from botocore.session import get_session
from moto.core.responses import BaseResponse

ACTIONS: list[dict[str, str]] = []

# The commonest reason for a shim.
MISSING = "moto has no such action"


@cache
def service_model(service: str) -> Any:
    return get_session().get_service_model(service)


def shim(service: str, operation: str, why: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Registers `handler(response, params)` as `service`'s `operation`.

    `params` holds the request's parameters by their AWS names, path parameters included. A handler that replaces an
    action of moto's own gets moto's as `handler.original(response)`.

    Raises ValueError when AWS has no such operation.
    """
    model = service_model(service)
    if operation not in model.operation_names:
        raise ValueError(f"{service} has no operation {operation} in botocore's model")
    operation_model = model.operation_model(operation)

    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        response_class = response_class_of(service)
        name = xform_name(operation)
        handler.original = getattr(response_class, name, None)  # type: ignore[attr-defined]
        answer = once_per_token(handler, operation_model)
        setattr(response_class, name, lambda response: answer(response, parameters(response, operation_model)))
        route(service, operation_model.http.get("requestUri", "/"))
        ACTIONS.append({"service": service, "action": operation, "why": why})
        return handler

    return register


def once_per_token(handler: Callable[..., Any], operation_model: Any) -> Callable[..., Any]:
    """Has a request that an SDK sends again, by its idempotency token, get the first one's answer, as AWS does."""
    token = next(iter(operation_model.idempotent_members), None)
    if token is None:
        return handler
    answers: dict[str, Any] = {}
    one_at_a_time = threading.Lock()

    def answer(response: Any, params: dict[str, Any]) -> Any:
        sent = params.get(token)
        if sent is None:
            return handler(response, params)
        with one_at_a_time:
            if sent not in answers:
                answers[sent] = handler(response, params)
            return answers[sent]

    return answer


def package(service: str) -> str:
    """
    moto's package for a service of botocore's: `application-autoscaling` is `applicationautoscaling` there, and `lambda`,
    which is no name in Python, `awslambda`.
    """
    return "awslambda" if service == "lambda" else service.replace("-", "")


def response_class_of(service: str) -> Any:
    module = import_module(f"moto.{package(service)}.responses")
    classes = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, BaseResponse)]
    return next(found for found in classes if found.__module__ == module.__name__)


def parameters(response: Any, operation_model: Any) -> dict[str, Any]:
    # Of services that speak XML, moto reads a request by botocore's model itself.
    if response.automated_parameter_parsing:
        return response.params
    shape = operation_model.input_shape
    found: dict[str, Any] = {}
    for name, member in (shape.members if shape else {}).items():
        value = response._get_param(member.serialization.get("name", name))
        if value is not None:
            found[name] = value
    return found | path_parameters(response, operation_model)


def path_parameters(response: Any, operation_model: Any) -> dict[str, str]:
    """By botocore's own path, because an ARN in a path holds slashes, which moto's matching takes for separators."""
    # Go's SDK leaves out the slash that some paths end with.
    match = re.fullmatch(uri_regex(operation_model.http["requestUri"]) + "/?", unquote(unquote(response.path)))
    return match.groupdict() if match else {}


def uri_regex(request_uri: str) -> str:
    return re.sub(r"\{(\w+)\+?\}", r"(?P<\1>.+?)", request_uri.split("?")[0].rstrip("/"))


def route(service: str, request_uri: str) -> None:
    urls = import_module(f"moto.{package(service)}.urls")
    labels = re.sub(r"\{(\w*[aA]rn)\+?\}", r"(?P<\1>.+)", request_uri.split("?")[0])
    path = "{0}" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", labels) + "$"
    if path != "{0}/$" and path not in urls.url_paths:
        urls.url_paths[path] = response_class_of(service).dispatch
