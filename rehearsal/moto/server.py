"""moto's server with the shims, for one rehearsal: `python server.py`.

Listens on a free port of 127.0.0.1, prints one JSON line `{"port", "version", "actions"}` on stdout when it is ready,
and ends when its standard input closes, so that it never outlives the process that started it.

Beside moto's own paths: GET /rehearsal/inventory.json answers what exists (inventory.py), GET /rehearsal/roles.json who
may do what, and POST /rehearsal/permitted whether moto's evaluator permits a call (permissions.py); POST
/rehearsal/functions names the host that runs Lambda's functions (shims/awslambda.py); PUT /rehearsal/faults sets what
fails, and GET tells how often something did (faults.py); POST /rehearsal/call makes a call of AWS's (hand.py), and GET
/rehearsal/calls tells those that Terraform made (calls.py).
"""

import json
import logging
import os
import sys
import threading
from importlib.metadata import version
from typing import Any, Callable, Iterable

import hand
import inventory
import permissions
from calls import Calls
from faults import Faults
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from repeats import Repeats
from shims import ACTIONS
from shims.awslambda import Host
from werkzeug.serving import make_server


def name_host(body: dict[str, str]) -> dict[str, str]:
    Host.url = body["url"]
    return body


class Paths:
    """Answers the rehearsal's own paths, and has moto answer the others."""

    def __init__(self, moto: Any) -> None:
        self._calls = Calls()
        self._faults = Faults()
        self._conditional = threading.Lock()
        self._moto = Repeats().over(self._calls.over(self._faults.over(moto)))
        self._answers: dict[tuple[str, str], Callable[[Any], Any]] = {
            ("GET", "/rehearsal/inventory.json"): lambda _: inventory.inventory(),
            ("GET", "/rehearsal/roles.json"): lambda _: permissions.roles(),
            ("POST", "/rehearsal/permitted"): lambda body: permissions.permitted(**body),
            ("POST", "/rehearsal/functions"): name_host,
            ("GET", "/rehearsal/faults"): lambda _: self._faults.counts(),
            ("PUT", "/rehearsal/faults"): self._faults.set,
            ("GET", "/rehearsal/calls"): lambda _: self._calls.made(),
            ("POST", "/rehearsal/call"): lambda body: hand.call(f"http://127.0.0.1:{os.environ['MOTO_PORT']}", body),
        }

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._answers.get((environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")))
        if answer is None and environ.get("HTTP_IF_NONE_MATCH") == "*":
            # moto looks whether the object is there, then puts it; S3 lets one of two through.
            with self._conditional:
                return list(self._moto(environ, start_response))
        if answer is None:
            return self._moto(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            status, told = "200 OK", answer(json.loads(sent or "null"))
        except Exception as error:  # told to the caller, who alone knows what it means
            status, told = "400 Bad Request", {"error": str(error)}
        body = json.dumps(told, default=str).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def stop_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    inventory.install()
    logging.getLogger("werkzeug").setLevel(os.environ.get("REHEARSAL_MOTO_LOG", "ERROR"))
    server = make_server("127.0.0.1", 0, Paths(DomainDispatcherApplication(create_backend_app)), threaded=True)
    os.environ["MOTO_PORT"] = str(server.server_port)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port, "version": version("moto"), "actions": ACTIONS}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
