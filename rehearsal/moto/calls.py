"""Every call that Terraform makes of the emulated AWS, told apart by service, operation and parameters: what a role
that deploys has to be allowed. botocore's models say which operation a request is, and how its parameters are named.
"""

import io
import json
import os
import re
import threading
from functools import cache
from typing import Any, Callable, Iterable, Iterator
from urllib.parse import parse_qsl, unquote

from botocore.session import get_session
from faults import OPERATION, service_of
from moto.ec2.models import ec2_backends
from moto.kms.models import kms_backends

# botocore's services by the name that a request is signed with, where that is another one.
SIGNED_AS = {
    "access-analyzer": ["accessanalyzer"],
    "apigateway": ["apigatewayv2", "apigateway"],
    "elasticloadbalancing": ["elbv2"],
    "monitoring": ["cloudwatch"],
    "s3": ["s3control", "s3"],
    "states": ["stepfunctions"],
    "tagging": ["resourcegroupstaggingapi"],
}

# Longer texts are documents: policies, definitions of tasks and dashboards.
LONGEST_VALUE = 2048


class Calls:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, dict[str, Any]] = {}

    def made(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._made.values())

    def over(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """`application`, and what Terraform asks of it is kept."""

        def recording(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if "Terraform/" in environ.get("HTTP_USER_AGENT", "") and service_of(environ):
                environ[OPERATION] = self._record(environ)
            return application(environ, start_response)

        return recording

    def _record(self, environ: dict[str, Any]) -> str:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        call = call_of(environ, body)
        with self._lock:
            self._made.setdefault(json.dumps(call, sort_keys=True), call)
        return call["operation"]


def call_of(environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Raises ValueError when AWS has no such operation."""
    signed = service_of(environ) or ""
    credential = re.search(r"Credential=[^/]+/\d+/([^/]*)/", environ["HTTP_AUTHORIZATION"])
    found = targeted(environ, body) or queried(body) or routed(signed, environ, body)
    if found is None:
        raise ValueError(f"{signed} has no operation for {environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    operation, parameters = found
    region = credential[1] if credential else ""
    told = dict(flat(parameters))
    tags = {path: found for path, value in told.items() if (found := tags_of(signed, region, value))}
    return {"service": signed, "region": region, "operation": operation, "parameters": told, "tags": tags}


def tags_of(service: str, region: str, value: str) -> dict[str, str]:
    """What AWS would know of a thing as aws:ResourceTag, where its id says nothing."""
    account = os.environ["MOTO_ACCOUNT_ID"]
    if service == "ec2":
        return dict(ec2_backends[account][region].tags.get(value, {}))
    if service == "kms" and value:
        backend = kms_backends[account][region]
        key = backend.keys.get(backend.get_key_id(value)) if not value.startswith("alias/") else None
        return {tag["TagKey"]: tag["TagValue"] for tag in backend.list_resource_tags(key.id)["Tags"]} if key else {}
    return {}


Operation = tuple[str, dict[str, Any]] | None


def targeted(environ: dict[str, Any], body: bytes) -> Operation:
    """Protocols with the operation in a header."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    return (target.split(".")[-1], json.loads(body or b"{}")) if target else None


def queried(body: bytes) -> Operation:
    """Protocols with the operation in a form."""
    if not re.search(rb"(^|&)Action=", body):
        return None
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    return form.pop("Action"), form


def routed(signed: str, environ: dict[str, Any], body: bytes) -> Operation:
    """Protocols with the operation in method and path: the one whose path has the most that is fixed."""
    path = environ.get("REQUEST_URI") or environ["PATH_INFO"]
    path, _, asked = path.partition("?")
    path = unquote(unquote(path))
    query = dict(parse_qsl(asked, keep_blank_values=True))
    matching = [
        (fixed, name, match.groupdict())
        for fixed, name, method, pattern, wanted in routes(signed)
        if method == environ["REQUEST_METHOD"]
        and wanted.items() <= query.items()
        and (match := pattern.fullmatch(path))
    ]
    if not matching:
        return None
    _, name, labels = max(matching, key=lambda found: found[0])
    content = json.loads(body) if body.startswith(b"{") and "json" in environ.get("CONTENT_TYPE", "") else {}
    return name, {**content, **query, **labels}


@cache
def routes(signed: str) -> list["Route"]:
    session = get_session()
    return [
        route(service, operation, session.get_service_model(service).operation_model(operation).http)
        for service in SIGNED_AS.get(signed, [signed])
        for operation in session.get_service_model(service).operation_names
    ]


# How much of it is fixed (parameters of the query, characters of the path), operation, method, path, query.
Route = tuple[tuple[int, int], str, str, re.Pattern[str], dict[str, str]]


def route(service: str, operation: str, http: dict[str, Any]) -> Route:
    path, _, asked = http["requestUri"].partition("?")
    wanted = dict(parse_qsl(asked, keep_blank_values=True))
    # A label with a + takes slashes; so does an ARN, unescaped.
    pattern = re.sub(r"\\\{(\w+)(\\\+)?\\\}", label, re.escape(path.rstrip("/")))
    fixed = (len(wanted), len(re.sub(r"\{[^}]*\}", "", path)))
    name = operation if service != "s3control" else f"Control{operation}"
    return fixed, name, http["method"], re.compile(f"{pattern}/?", re.DOTALL), wanted


def label(match: re.Match[str]) -> str:
    anything = match[2] or match[1].lower().endswith("arn")
    return f"(?P<{match[1]}>{'.+' if anything else '[^/]+'})"


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from flat(inner, f"{path}.{at + 1}")
    elif value is not None and len(text := str(value)) <= LONGEST_VALUE:
        yield path, text
