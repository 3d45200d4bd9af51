"""CodeBuild as Terraform uses it: moto 5.2.1 forgets a project's key, and can't change a project."""

import json
from typing import Any

from .registry import shim

FIELDS = ("encryptionKey", "concurrentBuildLimit", "secondarySources", "secondaryArtifacts")


def project_of(response: Any, params: dict[str, Any]) -> dict[str, Any]:
    return response.codebuild_backend.codebuild_projects[plain(params["name"])].project_metadata


def plain(name: str) -> str:
    """A project's name, where it may be its ARN as well."""
    return name.split(":project/")[-1]


@shim("codebuild", "CreateProject", "moto forgets the key, and wants a place for a source that a pipeline hands over")
def create_project(response: Any, params: dict[str, Any]) -> str:
    if params["source"]["type"] == "CODEPIPELINE":
        # Not the original's check: the service itself asks for none.
        response.codebuild_backend.create_project(
            project_name=params["name"],
            description=params.get("description"),
            project_source=params["source"],
            artifacts=params["artifacts"],
            environment=params["environment"],
            service_role=params["serviceRole"],
            tags=params.get("tags"),
            cache=params.get("cache"),
            timeout=params.get("timeoutInMinutes"),
            queued_timeout=params.get("queuedTimeoutInMinutes"),
            source_version=params.get("sourceVersion"),
            logs_config=params.get("logsConfig"),
            vpc_config=params.get("vpcConfig"),
        )
    else:
        create_project.original(response)  # type: ignore[attr-defined]
    project = project_of(response, params)
    project.update({name: params[name] for name in FIELDS if name in params})
    return json.dumps({"project": project})


@shim("codebuild", "UpdateProject", "moto has no such action")
def update_project(response: Any, params: dict[str, Any]) -> str:
    project = project_of(response, params)
    project.update({**params, "name": project["name"]})
    return json.dumps({"project": project})


@shim("codebuild", "DeleteProject", "moto takes a project's name only, where the service takes its ARN as well")
def delete_project(response: Any, params: dict[str, Any]) -> str:
    response.codebuild_backend.codebuild_projects.pop(plain(params["name"]), None)
    response.codebuild_backend.build_metadata.pop(plain(params["name"]), None)
    return json.dumps({})
