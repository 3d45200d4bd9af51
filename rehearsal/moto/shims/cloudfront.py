"""CloudFront as Terraform uses it: policies, functions, key-value stores and VPC origins, which moto 5.2.1 doesn't have,
and distributions as they were sent, of which moto forgets most fields."""

import copy
import json
import uuid
from typing import Any

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import random_id
from moto.core.responses import ActionResult, EmptyResult

from .kept import now, records
from .registry import MISSING, shim


class Record:
    """A thing of CloudFront's that moto doesn't know, kept in its backend so that the inventory and a reset see it."""

    def __init__(self, **fields: Any):
        self.etag = random_id()
        self.__dict__.update(fields)


class CachePolicy(Record):
    pass


class ResponseHeadersPolicy(Record):
    pass


class Function(Record):
    pass


class KeyValueStore(Record):
    pass


class VpcOrigin(Record):
    pass


def find(response: Any, kind: type, key: str) -> Any:
    found = records(response, kind).get(key)
    if found is None:
        error = "EntityNotFound" if kind in (KeyValueStore, VpcOrigin) else f"NoSuch{'FunctionExists' if kind is Function else kind.__name__}"
        raise CloudFrontException(error, f"No {kind.__name__} {key}")
    return found


def add(response: Any, kind: type, key: str, name: str, **fields: Any) -> Any:
    """Names are unique in an account, whatever the key is."""
    if any(other.name == name for other in records(response, kind).values()):
        raise CloudFrontException(f"{kind.__name__}AlreadyExists", f"There is a {kind.__name__} {name}")
    record = kind(name=name, modified=now(), created=now(), **fields)
    records(response, kind)[key] = record
    return record


def change(response: Any, kind: type, params: dict[str, Any], key: str, **fields: Any) -> Any:
    record = find(response, kind, key)
    check_etag(record, params)
    record.__dict__.update(fields, modified=now(), etag=random_id())
    return record


def remove(response: Any, kind: type, params: dict[str, Any], key: str, *used_as: str) -> None:
    """`used_as`: what a distribution or function that still uses it would name it by."""
    record = find(response, kind, key)
    check_etag(record, params)
    users = [d.distribution_config.sent for d in response.backend.distributions.values()]
    users += [f.config for f in records(response, Function).values()]
    if any(json.dumps(name) in json.dumps(user, default=str) for name in used_as for user in users):
        raise CloudFrontException(f"{kind.__name__}InUse", f"{kind.__name__} {key} is still used")
    del records(response, kind)[key]


def check_etag(record: Any, params: dict[str, Any]) -> None:
    if params.get("IfMatch") != record.etag:
        raise CloudFrontException("PreconditionFailed", f"If-Match is {params.get('IfMatch')}, the ETag {record.etag}")


def arn(response: Any, kind: str, name: str) -> str:
    return f"arn:{response.backend.partition}:cloudfront::{response.backend.account_id}:{kind}/{name}"


# Policies differ by their names alone.


def policy_shims(kind: type) -> None:
    config = f"{kind.__name__}Config"

    def answer(policy: Any) -> ActionResult:
        body = {"Id": policy.id, "LastModifiedTime": policy.modified, config: policy.config}
        return ActionResult({kind.__name__: body, "ETag": policy.etag, "Location": policy.id})

    @shim("cloudfront", f"Create{kind.__name__}", MISSING)
    def create(response: Any, params: dict[str, Any]) -> ActionResult:
        id_ = str(uuid.uuid4())
        return answer(add(response, kind, id_, params[config]["Name"], id=id_, config=params[config]))

    @shim("cloudfront", f"Get{kind.__name__}", MISSING)
    def get(response: Any, params: dict[str, Any]) -> ActionResult:
        return answer(find(response, kind, params["Id"]))

    @shim("cloudfront", f"Update{kind.__name__}", MISSING)
    def update(response: Any, params: dict[str, Any]) -> ActionResult:
        return answer(change(response, kind, params, params["Id"], config=params[config]))

    @shim("cloudfront", f"Delete{kind.__name__}", MISSING)
    def delete(response: Any, params: dict[str, Any]) -> EmptyResult:
        remove(response, kind, params, params["Id"], params["Id"])
        return EmptyResult()


policy_shims(CachePolicy)
policy_shims(ResponseHeadersPolicy)


# Functions: a published one is a copy of the one in development.


def function_answer(function: Any, stage: str) -> ActionResult:
    if stage == "LIVE" and not function.published:
        raise CloudFrontException("NoSuchFunctionExists", f"{function.name} is not published")
    metadata = {"FunctionARN": function.arn, "Stage": stage, "CreatedTime": function.created, "LastModifiedTime": function.modified}
    config = function.published["config"] if stage == "LIVE" else function.config
    summary = {"Name": function.name, "Status": "UNASSOCIATED", "FunctionConfig": config, "FunctionMetadata": metadata}
    return ActionResult({"FunctionSummary": summary, "ETag": function.etag, "Location": function.arn})


@shim("cloudfront", "CreateFunction", MISSING)
def create_function(response: Any, params: dict[str, Any]) -> ActionResult:
    name = params["Name"]
    fields = {"config": params["FunctionConfig"], "code": params["FunctionCode"], "published": None}
    return function_answer(add(response, Function, name, name, arn=arn(response, "function", name), **fields), "DEVELOPMENT")


@shim("cloudfront", "DescribeFunction", MISSING)
def describe_function(response: Any, params: dict[str, Any]) -> ActionResult:
    return function_answer(find(response, Function, params["Name"]), params.get("Stage", "DEVELOPMENT"))


@shim("cloudfront", "GetFunction", MISSING)
def get_function(response: Any, params: dict[str, Any]) -> ActionResult:
    function = find(response, Function, params["Name"])
    code = function.published["code"] if params.get("Stage") == "LIVE" else function.code
    return ActionResult({"FunctionCode": code, "ETag": function.etag, "ContentType": "application/octet-stream"})


@shim("cloudfront", "UpdateFunction", MISSING)
def update_function(response: Any, params: dict[str, Any]) -> ActionResult:
    fields = {"config": params["FunctionConfig"], "code": params["FunctionCode"]}
    return function_answer(change(response, Function, params, params["Name"], **fields), "DEVELOPMENT")


@shim("cloudfront", "PublishFunction", MISSING)
def publish_function(response: Any, params: dict[str, Any]) -> ActionResult:
    function = find(response, Function, params["Name"])
    check_etag(function, params)
    function.published = {"config": function.config, "code": function.code}
    return function_answer(function, "LIVE")


@shim("cloudfront", "DeleteFunction", MISSING)
def delete_function(response: Any, params: dict[str, Any]) -> EmptyResult:
    remove(response, Function, params, params["Name"], arn(response, "function", params["Name"]))
    return EmptyResult()


# Key-value stores; what is in them is of another service.


def store_answer(store: Any) -> ActionResult:
    body = {"Name": store.name, "Id": store.id, "Comment": store.comment, "ARN": store.arn, "Status": "READY"}
    return ActionResult({"KeyValueStore": body | {"LastModifiedTime": store.modified}, "ETag": store.etag, "Location": store.arn})


@shim("cloudfront", "CreateKeyValueStore", MISSING)
def create_key_value_store(response: Any, params: dict[str, Any]) -> ActionResult:
    id_, name = str(uuid.uuid4()), params["Name"]
    fields = {"id": id_, "arn": arn(response, "key-value-store", id_), "comment": params.get("Comment", "")}
    return store_answer(add(response, KeyValueStore, name, name, **fields))


@shim("cloudfront", "DescribeKeyValueStore", MISSING)
def describe_key_value_store(response: Any, params: dict[str, Any]) -> ActionResult:
    return store_answer(find(response, KeyValueStore, params["Name"]))


@shim("cloudfront", "UpdateKeyValueStore", MISSING)
def update_key_value_store(response: Any, params: dict[str, Any]) -> ActionResult:
    return store_answer(change(response, KeyValueStore, params, params["Name"], comment=params["Comment"]))


@shim("cloudfront", "DeleteKeyValueStore", MISSING)
def delete_key_value_store(response: Any, params: dict[str, Any]) -> EmptyResult:
    remove(response, KeyValueStore, params, params["Name"], find(response, KeyValueStore, params["Name"]).arn)
    return EmptyResult()


# VPC origins: in AWS a network interface for each, which takes minutes; here they are there at once.


def origin_answer(origin: Any) -> ActionResult:
    times = {"CreatedTime": origin.created, "LastModifiedTime": origin.modified}
    body = {"Id": origin.id, "Arn": origin.arn, "Status": "Deployed", "VpcOriginEndpointConfig": origin.config} | times
    return ActionResult({"VpcOrigin": body, "ETag": origin.etag, "Location": origin.id})


@shim("cloudfront", "CreateVpcOrigin", MISSING)
def create_vpc_origin(response: Any, params: dict[str, Any]) -> ActionResult:
    id_, config = f"vo_{random_id(length=22)}", params["VpcOriginEndpointConfig"]
    origin = add(response, VpcOrigin, id_, config["Name"], id=id_, arn=arn(response, "vpcorigin", id_), config=config)
    response.backend.tagger.tag_resource(origin.arn, params.get("Tags", {}).get("Items", []))
    return origin_answer(origin)


@shim("cloudfront", "GetVpcOrigin", MISSING)
def get_vpc_origin(response: Any, params: dict[str, Any]) -> ActionResult:
    return origin_answer(find(response, VpcOrigin, params["Id"]))


@shim("cloudfront", "UpdateVpcOrigin", MISSING)
def update_vpc_origin(response: Any, params: dict[str, Any]) -> ActionResult:
    return origin_answer(change(response, VpcOrigin, params, params["Id"], config=params["VpcOriginEndpointConfig"]))


@shim("cloudfront", "DeleteVpcOrigin", MISSING)
def delete_vpc_origin(response: Any, params: dict[str, Any]) -> ActionResult:
    origin = find(response, VpcOrigin, params["Id"])
    remove(response, VpcOrigin, params, params["Id"], params["Id"])
    return origin_answer(origin)


# Distributions: moto checks what was sent, then what was sent is answered.

FORGOTTEN = "moto forgets most of what a distribution was given"


NONE = {"Quantity": 0}
# What CloudFront answers of what it wasn't told.
OF_DISTRIBUTION = {
    "Aliases": NONE,
    "OriginGroups": NONE,
    "CacheBehaviors": NONE,
    "CustomErrorResponses": NONE,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "DefaultRootObject": "",
    "WebACLId": "",
    "Staging": False,
    "ContinuousDeploymentPolicyId": "",
}
OF_ORIGIN = {"OriginPath": "", "CustomHeaders": NONE, "OriginShield": {"Enabled": False}}
OF_BEHAVIOR = {
    "TrustedSigners": NONE | {"Enabled": False},
    "TrustedKeyGroups": NONE | {"Enabled": False},
    "LambdaFunctionAssociations": NONE,
    "FunctionAssociations": NONE,
    "SmoothStreaming": False,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}


class SentConfig:
    def __init__(self, sent: dict[str, Any]):
        self.sent = OF_DISTRIBUTION | copy.deepcopy(sent)
        self.sent.get("ViewerCertificate", {}).setdefault("CloudFrontDefaultCertificate", False)
        self.sent["Origins"]["Items"] = [OF_ORIGIN | origin for origin in self.sent["Origins"]["Items"]]
        for origin in self.sent["Origins"]["Items"]:
            # An origin of S3's that CloudFront signs requests to, and so without an identity.
            if "CustomOriginConfig" not in origin and "VpcOriginConfig" not in origin:
                origin.setdefault("S3OriginConfig", {"OriginAccessIdentity": ""})
        self.sent["DefaultCacheBehavior"] = OF_BEHAVIOR | self.sent["DefaultCacheBehavior"]
        behaviors = self.sent["CacheBehaviors"]
        if behaviors.get("Items"):
            self.sent["CacheBehaviors"] = behaviors | {"Items": [OF_BEHAVIOR | one for one in behaviors["Items"]]}
        self.caller_reference = sent["CallerReference"]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["sent"][name]
        except KeyError:
            raise AttributeError(name) from None


@shim("cloudfront", "CreateDistributionWithTags", FORGOTTEN)
def create_distribution_with_tags(response: Any, params: dict[str, Any]) -> Any:
    sent = SentConfig(params["DistributionConfigWithTags"]["DistributionConfig"])
    answer = create_distribution_with_tags.original(response)  # type: ignore[attr-defined]
    distribution = answer.result["Distribution"]
    distribution.distribution_config = sent
    # moto's ARN has a colon too few, by which no other service knows it.
    response.backend.tagger.delete_all_tags_for_resource(distribution.arn)
    distribution.arn = arn(response, "distribution", distribution.id)
    tags = params["DistributionConfigWithTags"].get("Tags", {}).get("Items", [])
    response.backend.tagger.tag_resource(distribution.arn, tags)
    return answer


@shim("cloudfront", "UpdateDistribution", FORGOTTEN)
def update_distribution(response: Any, params: dict[str, Any]) -> Any:
    sent = SentConfig(params["DistributionConfig"])
    answer = update_distribution.original(response)  # type: ignore[attr-defined]
    answer.result["Distribution"].distribution_config = sent
    return answer
