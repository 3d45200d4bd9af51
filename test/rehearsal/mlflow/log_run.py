"""Logs a run with an artifact and registers a model through an MLflow server: `python log_run.py <url>`.

Prints what the server then knows of them as one JSON line.
"""

import json
import sys
import tempfile
from pathlib import Path

import mlflow

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment("recommender")
with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
    mlflow.log_param("algorithm", "ease")
    mlflow.log_metric("ndcg_20", 0.1382)
    manifest = Path(folder, "manifest.json")
    manifest.write_text("{}")
    mlflow.log_artifact(str(manifest))
client = mlflow.MlflowClient()
client.create_registered_model("online-retail")
version = client.create_model_version("online-retail", run.info.artifact_uri, run.info.run_id)
known = client.get_run(run.info.run_id)
print(
    json.dumps(
        {
            "params": known.data.params,
            "metrics": known.data.metrics,
            "artifacts": [file.path for file in client.list_artifacts(run.info.run_id)],
            "artifactUri": run.info.artifact_uri,
            "version": version.version,
        }
    )
)
