"""What exists in the emulated AWS: the objects that moto's backends hold now, not those that it ever made.

moto's own /moto-api/data.json lists every object since the last reset, deleted ones too, so it can't tell whether a
destroy left something. This walks the backends instead. What a backend holds at its birth (default VPC, managed
policies) is AWS's own and left out.
"""

from typing import Any, Iterator

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend, backend_lock

# Held here, an object's id() can't be given to another one.
_born_with: dict[int, Any] = {}

_get_backend = AccountSpecificBackend.__getitem__


def _remember_at_birth(self: Any, region: str) -> Any:
    with backend_lock:
        existed = dict.__contains__(self, "aws" if region == "global" else region)
        backend = _get_backend(self, region)
        if not existed:
            _born_with.update((id(thing), thing) for _, thing in _things(backend))
        return backend


def install() -> None:
    AccountSpecificBackend.__getitem__ = _remember_at_birth  # type: ignore[method-assign]


def inventory() -> dict[str, list[dict[str, str]]]:
    """`left`: resources; `pendingDeletion`: keys and secrets that AWS keeps until their window ends."""
    left: list[dict[str, str]] = []
    pending: list[dict[str, str]] = []
    seen: set[int] = set()
    with backend_lock:
        backends = [(d.service_name, *b) for d in list(BackendDict._instances) for b in d.iter_backends()]
        for service, account, region, backend in backends:
            for path, thing in _things(backend):
                if id(thing) in _born_with or id(thing) in seen or _aws_owned(thing):
                    continue
                if _gone(thing) or _went_with_vpc(thing, backend) or _happened(thing):
                    continue
                seen.add(id(thing))
                entry = {"service": service, "region": region, "type": type(thing).__name__, "id": _name(thing, path)}
                (pending if _pending_deletion(thing) else left).append(entry)
    return {"left": left, "pendingDeletion": pending}


def _things(backend: BaseBackend) -> Iterator[tuple[str, Any]]:
    """Every service object that the backend's containers hold, with the path to it; not what such an object holds."""
    stack: list[tuple[str, Any]] = [(k, v) for k, v in vars(backend).items()]
    visited: set[int] = set()
    while stack:
        path, value = stack.pop()
        if id(value) in visited:
            continue
        visited.add(id(value))
        if isinstance(value, dict):
            stack.extend((f"{path}/{k}", v) for k, v in list(value.items()))
        elif isinstance(value, (list, tuple, set, frozenset)):
            stack.extend((f"{path}/{i}", v) for i, v in enumerate(list(value)))
        elif isinstance(value, BaseBackend) or not hasattr(value, "__dict__") or isinstance(value, type):
            continue
        elif _is_store(value):
            stack.extend((f"{path}/{k}", v) for k, v in list(vars(value).items()))
        elif type(value).__module__.startswith(("moto.", "shims.")) and not type(value).__module__.startswith(
            ("moto.core.", "moto.utilities.", "moto.moto_api.")
        ):
            yield path, value


def _is_store(value: Any) -> bool:
    """moto keeps some resources in an object of its own instead of a dict, e.g. Lambda's functions."""
    return type(value).__name__.endswith(("Storage", "Store", "Container"))


def _aws_owned(thing: Any) -> bool:
    """
    A key that AWS makes when a service first needs one (aws/s3, aws/secretsmanager …) and never deletes; a parameter that
    it publishes for everybody, which moto makes when one is first asked for.

    moto says of some keys whose they are, and of others only the alias: alias/aws/dynamodb.
    """
    if type(thing).__module__ == "moto.ssm.models":
        return str(getattr(thing, "name", "")).startswith("/aws/service/")
    aliases = thing.aliases if type(thing).__module__ == "moto.kms.models" and hasattr(thing, "aliases") else ()
    return getattr(thing, "key_manager", None) == "AWS" or any(alias.startswith("alias/aws/") for alias in aliases)


def _went_with_vpc(thing: Any, backend: Any) -> bool:
    """A VPC's own default network ACL, which AWS deletes with the VPC and moto forgets."""
    return getattr(thing, "default", None) in (True, "true") and getattr(thing, "vpc_id", None) not in getattr(backend, "vpcs", {None})


def _gone(thing: Any) -> bool:
    """
    EC2 answers for a deleted gateway or endpoint, or a machine and its network interface, for an hour, ECS for what was
    deleted for longer, moto for ever. Inspector says that an account has it off.
    """
    if type(thing).__name__ == "AccountStatus":
        return thing.to_json()["status"] == "DISABLED"
    if type(thing).__module__.startswith(("moto.ec2.", "moto.packages.boto.ec2.")):
        machines = getattr(thing, "instances", None) or [getattr(thing, "instance", None)]
        if all(getattr(machine, "state", None) == "terminated" for machine in machines):
            return True
    inactive = type(thing).__module__ == "moto.ecs.models" and getattr(thing, "status", None) == "INACTIVE"
    return inactive or getattr(thing, "state", None) == "deleted"


def _happened(thing: Any) -> bool:
    """RDS tells for 14 days what happened to an instance, of deleted ones too."""
    return (type(thing).__module__, type(thing).__name__) == ("moto.rds.models", "Event")


def _pending_deletion(thing: Any) -> bool:
    return getattr(thing, "key_state", None) == "PendingDeletion" or getattr(thing, "deleted_date", None) is not None


def _name(thing: Any, path: str) -> str:
    for attribute in ("arn", "id", "name", "addonArn", "associationArn", "accessEntryArn"):
        value = getattr(thing, attribute, None)
        if isinstance(value, str) and value:
            return value
    return path
