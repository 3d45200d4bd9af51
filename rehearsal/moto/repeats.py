"""Answers a call that an SDK sends again, because the first answer never reached it, as the first time.

On a busy machine a connection breaks between the emulator and the provider, and what was done is done: sent again, a
creation would find that its own thing already exists. AWS's network loses an answer far less often; that it does is
what the faults are for (faults.py), whose lost answers are not kept here.
"""

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Any, Callable, Iterable

# Answers that are kept: those of the last minutes.
MOST = 5000

Answer = tuple[str, list[tuple[str, str]], bytes]


class Repeats:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Future[Answer | None]] = OrderedDict()

    def over(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """`application`, of which a call that changes something is asked once."""

        def once(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            # The same for all attempts: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
            invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
            if invocation is None or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return application(environ, start_response)
            with self._lock:
                earlier = self._answers.get(invocation)
                mine: Future[Answer | None] = Future()
                if earlier is None:
                    self._keep(invocation, mine)
            answer = earlier.result() if earlier else None
            if answer is None:
                return self._ask(application, environ, start_response, invocation, mine)
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            status, headers, body = answer
            start_response(status, headers)
            return [body]

        return once

    def _keep(self, invocation: str, answer: "Future[Answer | None]") -> None:
        self._answers[invocation] = answer
        while len(self._answers) > MOST:
            self._answers.popitem(last=False)

    def _ask(
        self,
        application: Callable[..., Iterable[bytes]],
        environ: dict[str, Any],
        start_response: Any,
        invocation: str,
        mine: "Future[Answer | None]",
    ) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        try:
            body = b"".join(application(environ, lambda status, headers, *_: started.append((status, headers))))
        except BaseException:
            mine.set_result(None)
            raise
        status, headers = started[0]
        done = status.startswith("2")
        # What was refused or failed was not done, so it is tried again when it is sent again.
        mine.set_result((status, headers, body) if done else None)
        if done:
            with self._lock:
                self._keep(invocation, mine)
        start_response(status, headers)
        return [body]
