"""moto's server with the shims, for one rehearsal: `python server.py`.

Listens on a free port of 127.0.0.1, prints one JSON line `{"port", "version", "actions"}` on stdout when it is ready,
and ends when its standard input closes, so that it never outlives the process that started it.

Beside moto's own paths: GET /rehearsal/inventory.json answers what exists (see inventory.py).
"""

import json
import logging
import os
import sys
import threading
from importlib.metadata import version
from typing import Any, Callable, Iterable

import inventory
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from shims import ACTIONS
from werkzeug.serving import make_server


def with_inventory(moto: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/rehearsal/inventory.json":
            return moto(environ, start_response)
        body = json.dumps(inventory.inventory()).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def stop_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    inventory.install()
    logging.getLogger("werkzeug").setLevel(os.environ.get("REHEARSAL_MOTO_LOG", "ERROR"))
    server = make_server("127.0.0.1", 0, with_inventory(DomainDispatcherApplication(create_backend_app)), threaded=True)
    os.environ["MOTO_PORT"] = str(server.server_port)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port, "version": version("moto"), "actions": ACTIONS}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
