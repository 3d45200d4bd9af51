"""EC2 as Terraform uses it: what moto 5.2.1 answers otherwise than the service."""

from typing import Any

from .registry import shim


@shim("ec2", "CreateLaunchTemplate", "moto adds the template's own tags to those of the instances it describes")
def create_launch_template(response: Any, params: dict[str, Any]) -> Any:
    answer = create_launch_template.original(response)  # type: ignore[attr-defined]
    template = response.ec2_backend.get_launch_template_by_name(params["LaunchTemplateName"])
    for version in template.versions:
        specifications = version.data.get("TagSpecifications", [])
        version.data["TagSpecifications"] = [s for s in specifications if s["ResourceType"] != "launch-template"]
    return answer


@shim("ec2", "DeleteNatGateway", "moto leaves the gateway's network interface behind")
def delete_nat_gateway(response: Any, params: dict[str, Any]) -> Any:
    answer = delete_nat_gateway.original(response)  # type: ignore[attr-defined]
    gateway = response.ec2_backend.nat_gateways[params["NatGatewayId"]]
    response.ec2_backend.enis.pop(gateway._eni.id, None)
    return answer
