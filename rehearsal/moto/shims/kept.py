"""What moto 5.2.1 forgets or doesn't know, kept where its inventory and its reset find it."""

from datetime import datetime, timezone
from typing import Any, Iterable

from botocore import xform_name

from .registry import package


def now() -> datetime:
    """To the second, as AWS tells times."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def keep(thing: Any, params: dict[str, Any], names: Iterable[str], **others: str) -> None:
    """Sets on moto's object what the request says of `names`, in moto's spelling of them; `others` it calls otherwise."""
    attributes = {name: xform_name(name) for name in names} | others
    thing.__dict__.update({attribute: params[name] for name, attribute in attributes.items() if name in params})


def records(response: Any, kind: type) -> dict[Any, Any]:
    """Things of a kind that moto doesn't know, by their keys, in the backend that the response is of."""
    backend = getattr(response, f"{package(response.service_name)}_backend", None) or response.backend
    return backend.__dict__.setdefault(f"shim_{kind.__name__}", {})
