"""API Gateway v2 as Terraform uses it: custom domain names, whose state moto 5.2.1 doesn't tell."""

import json
from typing import Any

from .registry import shim

# Of us-east-1. Source: AWS General Reference, "Amazon API Gateway endpoints and quotas".
HOSTED_ZONE = "Z1UJRXOUMOOFQ8"


@shim("apigatewayv2", "CreateDomainName", "moto answers no state, name and zone of the endpoint, so nothing waits for it in vain")
def create_domain_name(response: Any, params: dict[str, Any]) -> Any:
    backend = response.apigatewayv2_backend
    for index, configuration in enumerate(params["DomainNameConfigurations"]):
        configuration |= {
            "apiGatewayDomainName": f"d-{abs(hash((params['DomainName'], index))) % 10**10:010d}.execute-api.{backend.region_name}.amazonaws.com",
            "domainNameStatus": "AVAILABLE",
            "hostedZoneId": HOSTED_ZONE,
        }
        configuration.setdefault("ipAddressType", "ipv4")
    domain = backend.create_domain_name(
        domain_name=params["DomainName"],
        domain_name_configurations=params["DomainNameConfigurations"],
        mutual_tls_authentication=params.get("MutualTlsAuthentication", {}),
        tags=params.get("Tags", {}),
    )
    return 201, {}, json.dumps(domain.to_json())
