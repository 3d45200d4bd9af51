"""Kinesis as Terraform uses it: what moto 5.2.1 forgets of a new stream."""

from typing import Any

from .registry import shim


@shim("kinesis", "CreateStream", "moto forgets the tags")
def create_stream(response: Any, params: dict[str, Any]) -> Any:
    answer = create_stream.original(response)  # type: ignore[attr-defined]
    response.kinesis_backend.streams[params["StreamName"]].tags.update(params.get("Tags", {}))
    return answer
