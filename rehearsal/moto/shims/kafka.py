"""MSK as Terraform uses it: a cluster of moto 5.2.1 is never ready, and can't be asked for its addresses."""

import json
from typing import Any

from moto.kafka.exceptions import NotFoundException

from .registry import shim


def cluster_of(response: Any, arn: str) -> Any:
    if arn not in response.kafka_backend.clusters:
        raise NotFoundException(f"Resource not found: {arn}")
    return response.kafka_backend.clusters[arn]


@shim("kafka", "DescribeClusterV2", "a cluster of moto's is being made for ever, and its absence is an error of moto's own")
def describe_cluster_v2(response: Any, params: dict[str, Any]) -> str:
    cluster_of(response, params["ClusterArn"]).state = "ACTIVE"
    return describe_cluster_v2.original(response)  # type: ignore[attr-defined]


@shim("kafka", "GetBootstrapBrokers", "moto has no such action")
def get_bootstrap_brokers(response: Any, params: dict[str, Any]) -> str:
    cluster = cluster_of(response, params["ClusterArn"])
    host = f"boot-{cluster.arn.rsplit('/', 1)[-1][:8]}.c1.kafka-serverless.{response.region}.amazonaws.com"
    return json.dumps({"bootstrapBrokerStringSaslIam": f"{host}:9098"} if cluster.cluster_type == "SERVERLESS" else {})
