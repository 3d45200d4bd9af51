"""SageMaker as Terraform uses it: instances that moto 5.2.1 is older than, and what it forgets of what it is told."""

from typing import Any

from moto.core.responses import ActionResult
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpointConfig, SageMakerModelBackend

from .registry import service_model, shim

LIFECYCLE_CONFIG = "notebook-instance-lifecycle-config"


def validate_instance_type(self: Any, instance_type: str) -> None:
    allowed = service_model("sagemaker").shape_for("ProductionVariantInstanceType").enum
    if instance_type not in allowed:
        raise ValidationError(message=f"Value '{instance_type}' at 'instanceType' failed to satisfy constraint")


FakeEndpointConfig.validate_instance_type = validate_instance_type  # type: ignore[method-assign]


@shim("sagemaker", "CreateEndpointConfig", "moto's list of instances ends before Graviton; botocore's decides")
def create_endpoint_config(response: Any, params: dict[str, Any]) -> Any:
    return create_endpoint_config.original(response)  # type: ignore[attr-defined]


@shim("sagemaker", "CreateEndpoint", "moto forgets how a change is to be carried out")
def create_endpoint(response: Any, params: dict[str, Any]) -> Any:
    answer = create_endpoint.original(response)  # type: ignore[attr-defined]
    endpoint = response.sagemaker_backend.endpoints[params["EndpointName"]]
    endpoint.last_deployment_config = params.get("DeploymentConfig")
    return answer


@shim("sagemaker", "UpdateEndpoint", "moto has no such action; the change is over at once")
def update_endpoint(response: Any, params: dict[str, Any]) -> ActionResult:
    backend = response.sagemaker_backend
    backend.describe_endpoint(params["EndpointName"])
    endpoint = backend.endpoints[params["EndpointName"]]
    config = backend.describe_endpoint_config(params["EndpointConfigName"])
    endpoint.endpoint_config_name = params["EndpointConfigName"]
    endpoint.production_variants = endpoint._process_production_variants(config["ProductionVariants"])
    endpoint.data_capture_config = config["DataCaptureConfig"]
    endpoint.last_deployment_config = params.get("DeploymentConfig")
    return ActionResult({"EndpointArn": endpoint.arn})


@shim("sagemaker", "DeleteEndpointConfig", "the API reference forbids it of one that an endpoint has; moto lets it be")
def delete_endpoint_config(response: Any, params: dict[str, Any]) -> Any:
    used = [one.endpoint_config_name for one in response.sagemaker_backend.endpoints.values()]
    if params["EndpointConfigName"] in used:
        raise ValidationError(message=f"Endpoint configuration {params['EndpointConfigName']} is in use")
    return delete_endpoint_config.original(response)  # type: ignore[attr-defined]


@shim("sagemaker", "CreateNotebookInstance", "moto forgets the version of the metadata service, and the platform")
def create_notebook_instance(response: Any, params: dict[str, Any]) -> Any:
    answer = create_notebook_instance.original(response)  # type: ignore[attr-defined]
    notebook = response.sagemaker_backend.notebook_instances[params["NotebookInstanceName"]]
    notebook.shim_fields = {
        "InstanceMetadataServiceConfiguration": params.get("InstanceMetadataServiceConfiguration"),
        "PlatformIdentifier": params.get("PlatformIdentifier", "notebook-al2-v3"),
    }
    return answer


@shim("sagemaker", "DescribeNotebookInstance", "moto forgets the version of the metadata service, and the platform")
def describe_notebook_instance(response: Any, params: dict[str, Any]) -> ActionResult:
    notebook = response.sagemaker_backend.get_notebook_instance(params["NotebookInstanceName"])
    return ActionResult({**notebook.to_dict(), **notebook.shim_fields})


@shim("sagemaker", "CreateNotebookInstanceLifecycleConfig", "moto forgets the tags")
def create_notebook_instance_lifecycle_config(response: Any, params: dict[str, Any]) -> Any:
    answer = create_notebook_instance_lifecycle_config.original(response)  # type: ignore[attr-defined]
    configs = response.sagemaker_backend.notebook_instance_lifecycle_configurations
    configs[params["NotebookInstanceLifecycleConfigName"]].tags = params.get("Tags", [])
    return answer


@shim("sagemaker", "ListTags", "moto finds the tags of no lifecycle configuration")
def list_tags(response: Any, params: dict[str, Any]) -> Any:
    return list_tags.original(response)  # type: ignore[attr-defined]


_moto_finds = SageMakerModelBackend._get_resource_from_arn


def find(self: Any, arn: str) -> Any:
    kind, name = arn.split(":")[-1].split("/")
    return self.notebook_instance_lifecycle_configurations[name] if kind == LIFECYCLE_CONFIG else _moto_finds(self, arn)


SageMakerModelBackend._get_resource_from_arn = find  # type: ignore[method-assign]


@shim("sagemaker", "DescribeModel", "moto answers an empty network for none, which Terraform takes for a change")
def describe_model(response: Any, params: dict[str, Any]) -> ActionResult:
    model = response.sagemaker_backend.describe_model(params["ModelName"])
    return without(model.response_object, "VpcConfig")


@shim("sagemaker", "DescribeEndpointConfig", "moto answers an empty capture for none, which Terraform takes for a change")
def describe_endpoint_config(response: Any, params: dict[str, Any]) -> ActionResult:
    return without(response.sagemaker_backend.describe_endpoint_config(params["EndpointConfigName"]), "DataCaptureConfig")


def without(answer: dict[str, Any], empty: str) -> ActionResult:
    return ActionResult({name: value for name, value in answer.items() if name != empty or value})
