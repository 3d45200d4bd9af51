"""Route 53 as Terraform uses it: DNSSEC, which moto 5.2.1 doesn't have, and query logs by a log group's plain ARN."""

import base64
import hashlib
import uuid
from datetime import datetime, timezone
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from .registry import MISSING, shim


class KeySigningKey:
    def __init__(self, **fields: Any):
        self.__dict__.update(fields)


def change_info() -> dict[str, Any]:
    return {"Id": f"/change/C{uuid.uuid4().hex[:13].upper()}", "Status": "INSYNC", "SubmittedAt": utcnow()}


def zone_of(response: Any, params: dict[str, Any]) -> Any:
    return response.backend.get_hosted_zone(params["HostedZoneId"])


def keys_of(zone: Any) -> dict[str, KeySigningKey]:
    return zone.__dict__.setdefault("shim_key_signing_keys", {})


def key_of(response: Any, params: dict[str, Any]) -> Any:
    key = keys_of(zone_of(response, params)).get(params["Name"])
    if key is None:
        raise ServiceException("NoSuchKeySigningKey", f"No key {params['Name']}")
    return key


def signing(zone: Any) -> bool:
    return zone.__dict__.get("shim_signing", False)


@shim("route53", "CreateKeySigningKey", MISSING)
def create_key_signing_key(response: Any, params: dict[str, Any]) -> ActionResult:
    zone = zone_of(response, params)
    if params["Name"] in keys_of(zone):
        raise ServiceException("KeySigningKeyAlreadyExists", f"There is a key {params['Name']}")
    # Texts of the right kind; nothing is signed here.
    public = hashlib.sha256(params["KeyManagementServiceArn"].encode()).digest()
    digest, tag, now = hashlib.sha256(public).hexdigest().upper(), public[0] * 256 + public[1], datetime.now(timezone.utc)
    encoded = base64.b64encode(public + public).decode()
    key = KeySigningKey(
        Name=params["Name"],
        KmsArn=params["KeyManagementServiceArn"],
        Flag=257,
        SigningAlgorithmMnemonic="ECDSAP256SHA256",
        SigningAlgorithmType=13,
        DigestAlgorithmMnemonic="SHA-256",
        DigestAlgorithmType=2,
        KeyTag=tag,
        DigestValue=digest,
        PublicKey=encoded,
        DSRecord=f"{tag} 13 2 {digest}",
        DNSKEYRecord=f"257 3 13 {encoded}",
        Status=params["Status"],
        CreatedDate=now,
        LastModifiedDate=now,
    )
    keys_of(zone)[key.Name] = key
    return ActionResult({"ChangeInfo": change_info(), "KeySigningKey": key, "Location": key.Name})


def status_shim(operation: str, status: str) -> None:
    @shim("route53", operation, MISSING)
    def set_status(response: Any, params: dict[str, Any]) -> ActionResult:
        key = key_of(response, params)
        if status == "INACTIVE" and signing(zone_of(response, params)):
            raise ServiceException("KeySigningKeyInParentDSRecord", f"The zone is signed with {key.Name}")
        key.Status = status
        return ActionResult({"ChangeInfo": change_info()})


status_shim("ActivateKeySigningKey", "ACTIVE")
status_shim("DeactivateKeySigningKey", "INACTIVE")


@shim("route53", "DeleteKeySigningKey", MISSING)
def delete_key_signing_key(response: Any, params: dict[str, Any]) -> ActionResult:
    key = key_of(response, params)
    if key.Status == "ACTIVE":
        raise ServiceException("InvalidKeySigningKeyStatus", f"{key.Name} is active")
    del keys_of(zone_of(response, params))[key.Name]
    return ActionResult({"ChangeInfo": change_info()})


@shim("route53", "GetDNSSEC", "moto answers that no zone is signed and has keys")
def get_dnssec(response: Any, params: dict[str, Any]) -> ActionResult:
    zone = zone_of(response, params)
    status = {"ServeSignature": "SIGNING" if signing(zone) else "NOT_SIGNING"}
    return ActionResult({"Status": status, "KeySigningKeys": list(keys_of(zone).values())})


def signing_shim(operation: str, signs: bool) -> None:
    @shim("route53", operation, MISSING)
    def set_signing(response: Any, params: dict[str, Any]) -> ActionResult:
        zone = zone_of(response, params)
        if signs and not any(key.Status == "ACTIVE" for key in keys_of(zone).values()):
            raise ServiceException("KeySigningKeyWithActiveStatusNotFound", "The zone has no active key")
        zone.shim_signing = signs
        return ActionResult({"ChangeInfo": change_info()})


signing_shim("EnableHostedZoneDNSSEC", True)
signing_shim("DisableHostedZoneDNSSEC", False)


@shim("route53", "CreateHostedZone", "moto leaves the set of name servers behind that it makes for a zone")
def create_hosted_zone(response: Any, params: dict[str, Any]) -> Any:
    answer = create_hosted_zone.original(response)  # type: ignore[attr-defined]
    sets = response.backend.delegation_sets
    # One that somebody asked for has an id; the zone keeps its own.
    for key in [key for key, one in sets.items() if one.id == ""]:
        del sets[key]
    return answer


@shim("route53", "CreateQueryLoggingConfig", "moto knows log groups by an ARN that ends by :* only")
def create_query_logging_config(response: Any, params: dict[str, Any]) -> Any:
    arn = params["CloudWatchLogsLogGroupArn"]
    params["CloudWatchLogsLogGroupArn"] = arn if arn.endswith(":*") else f"{arn}:*"
    answer = create_query_logging_config.original(response)  # type: ignore[attr-defined]
    answer.result["QueryLoggingConfig"].cloud_watch_logs_log_group_arn = arn
    return answer
