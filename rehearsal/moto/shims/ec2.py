"""EC2 as Terraform uses it: what moto 5.2.1 answers otherwise than the service."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

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


@shim("ec2", "DescribeSecurityGroupRules", "moto tells a rule's description only where the rule is about addresses")
def describe_security_group_rules(response: Any, params: dict[str, Any]) -> Any:
    return describe_security_group_rules.original(response)  # type: ignore[attr-defined]


_rule_init = SecurityGroupRule.__init__


def _init_with_prefix_list(self: Any, *args: Any, **kwargs: Any) -> None:
    _rule_init(self, *args, **kwargs)
    # moto's own order of arguments, when it names none: …, ip_range, source_group, prefix_list_id
    self.shim_prefix_list = kwargs.get("prefix_list_id", args[7] if len(args) > 7 else None) or {}


SecurityGroupRule.__init__ = _init_with_prefix_list  # type: ignore[method-assign]
SecurityGroupRule.description = property(  # type: ignore[assignment,method-assign]
    lambda rule: (rule.ip_range or rule.source_group or rule.shim_prefix_list).get("Description")
)
