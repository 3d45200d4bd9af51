"""Makes the emulated AWS fail now and then, as the real one does: what share of calls, how, and by which seed, is set over
HTTP; what was done is counted.

Which calls fail is drawn call by call from the seed; calls that come at the same time take the draws in the order of
their arrival.
"""

import json
import os
import random
import re
import socket
import struct
import threading
from typing import Any, Callable, Iterable

# Services whose REST answers are XML; the others' are JSON.
REST_XML = {"s3", "s3-control", "route53", "cloudfront"}

# Where a request's environment says which operation it is, of those that Terraform makes (calls.py).
OPERATION = "rehearsal.operation"

Answer = tuple[str, str, bytes]


class Faults:
    """`error`: 500, not done. `throttle`: told to slow down, not done. `reset`: the connection breaks, not done.
    `lost`: done, and the connection breaks before the answer."""

    KINDS = ("error", "throttle", "reset", "lost")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set({})

    def set(self, settings: dict[str, Any]) -> None:
        kinds = settings.get("kinds", [])
        if unknown := [kind for kind in kinds if kind not in self.KINDS]:
            raise ValueError(f"there is no fault {unknown[0]}; there are {', '.join(self.KINDS)}")
        with self._lock:
            self._random = random.Random(settings.get("seed", 0))
            self._share = settings.get("share", 0)
            self._kinds = kinds
            self._operations = settings.get("operations")
            self._counts = {"calls": 0} | {kind: 0 for kind in kinds}

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)

    def draw(self, operation: str | None) -> str | None:
        with self._lock:
            self._counts["calls"] += 1
            if self._operations is not None and operation not in self._operations:
                return None
            if not self._kinds or self._random.random() >= self._share:
                return None
            kind = self._random.choice(self._kinds)
            self._counts[kind] += 1
            return kind

    def over(self, moto: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """`moto`'s application with the faults in front of it. What isn't a call of AWS's is let through."""

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            service = service_of(environ)
            kind = self.draw(environ.get(OPERATION)) if service else None
            if service is None or kind is None:
                return moto(environ, start_response)
            if kind == "lost":
                b"".join(moto(environ, lambda *_: None))
            if kind in ("lost", "reset"):
                break_connection(environ)
            read_body(environ)
            status, content_type, body = failure(service, kind, environ.get("CONTENT_TYPE", ""))
            start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
            return [body]

        return application


def service_of(environ: dict[str, Any]) -> str | None:
    """As the request's signature names it: `Credential=<key>/<day>/<region>/<service>/aws4_request`."""
    match = re.search(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
    return match and match[1]


def read_body(environ: dict[str, Any]) -> None:
    """Else what is left of it is taken for the connection's next request."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def break_connection(environ: dict[str, Any]) -> None:
    connection = environ["werkzeug.socket"]
    # With a linger of 0 s the peer gets a reset instead of an end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # The server's readers and writers hold the socket: it ends when something else is put in its place.
    ours, other = socket.socketpair()
    other.close()
    os.dup2(ours.fileno(), connection.fileno())
    ours.close()
    raise ConnectionResetError("broken on purpose")


def failure(service: str, kind: str, content_type: str) -> Answer:
    """In the form in which the service answers errors. Source: https://smithy.io/2.0/aws/protocols/"""
    if service == "ec2":
        code, status = ("RequestLimitExceeded", 503) if kind == "throttle" else ("InternalError", 500)
        return xml(status, f"<Response><Errors><Error>{inner(code)}</Error></Errors><RequestID>0</RequestID></Response>")
    if service in REST_XML:
        code, status = ("SlowDown", 503) if kind == "throttle" else ("InternalError", 500)
        error = f"<Error>{inner(code)}</Error>"
        return xml(status, error if service == "s3" else f"<ErrorResponse>{error}</ErrorResponse>")
    if content_type.startswith("application/x-www-form-urlencoded"):
        code, status = ("Throttling", 400) if kind == "throttle" else ("InternalFailure", 500)
        return xml(status, f"<ErrorResponse><Error>{inner(code)}</Error><RequestId>0</RequestId></ErrorResponse>")
    code, status = ("ThrottlingException", 400) if kind == "throttle" else ("InternalFailure", 500)
    body = json.dumps({"__type": code, "code": code, "message": "on purpose"}).encode()
    return reason(status), "application/x-amz-json-1.1", body


def inner(code: str) -> str:
    return f"<Code>{code}</Code><Message>on purpose</Message>"


def xml(status: int, body: str) -> Answer:
    return reason(status), "text/xml", body.encode()


def reason(status: int) -> str:
    return f"{status} {({400: 'Bad Request', 500: 'Internal Server Error', 503: 'Service Unavailable'})[status]}"
