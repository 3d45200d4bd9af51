"""CodePipeline as Terraform uses it: moto 5.2.1 answers times as text."""

import json
from typing import Any

from .registry import shim


@shim("codepipeline", "GetPipeline", "moto answers times as text, where the service has numbers")
def get_pipeline(response: Any, params: dict[str, Any]) -> str:
    pipeline, metadata = response.codepipeline_backend.get_pipeline(params["name"])
    kept = response.codepipeline_backend.pipelines[params["name"]]
    times = {"created": kept._created.timestamp(), "updated": kept._updated.timestamp()}
    return json.dumps({"pipeline": pipeline, "metadata": {**metadata, **times}})
