"""Trains models on data that scikit-learn brings along, and converts them by skl2onnx.

usage: train.py <folder>; it gets <name>/model.onnx, <name>.joblib and <name>.json with the test split's rows and what
the original model says of them.
"""

import json
import pathlib
import sys

import joblib
import numpy
from skl2onnx import to_onnx
from sklearn.datasets import load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder = pathlib.Path(sys.argv[1])


def publish(name, model, data, labels):
    rows, targets = data.data.astype(numpy.float32), labels(data.target)
    train, test, train_targets, test_targets = train_test_split(
        rows, targets, test_size=0.5, random_state=0, stratify=targets
    )
    model.fit(train, train_targets)
    onnx = to_onnx(model, train[:1], options={id(model): {"zipmap": False}})
    (folder / name).mkdir(parents=True)
    (folder / name / "model.onnx").write_bytes(onnx.SerializeToString())
    joblib.dump(model, folder / f"{name}.joblib")
    original = {
        "rows": test.tolist(),
        "labels": model.predict(test).tolist(),
        "probabilities": model.predict_proba(test).tolist(),
        "accuracy": model.score(test, test_targets),
    }
    (folder / f"{name}.json").write_text(json.dumps(original))


publish("wine", RandomForestClassifier(n_estimators=50, random_state=0), load_wine(), lambda target: target)
publish(
    "digits",
    make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
    load_digits(),
    lambda target: numpy.array([f"digit {value}" for value in target]),
)
