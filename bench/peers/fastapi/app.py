"""A recommender as FastAPI's documentation writes an app: lifespan, pydantic models, a path operation.

Run by uvicorn with one worker. The folder PEER_MODEL holds model.onnx and items.json, the file PEER_HISTORIES the
customers' histories.
"""

import json
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import onnxruntime
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel

state = {}


class Item(BaseModel):
    id: str
    name: str
    score: float


class Recommendations(BaseModel):
    user: str
    modelVersion: str
    rung: str
    fallback: str | None
    items: list[Item]


@asynccontextmanager
async def lifespan(app: FastAPI):
    folder = Path(os.environ["PEER_MODEL"])
    options = onnxruntime.SessionOptions()
    # One core: more threads would only stand in each other's way.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    state["session"] = onnxruntime.InferenceSession(folder / "model.onnx", options, ["CPUExecutionProvider"])
    state["items"] = json.loads((folder / "items.json").read_bytes())
    index = {item["id"]: i for i, item in enumerate(state["items"])}
    histories = json.loads(Path(os.environ["PEER_HISTORIES"]).read_bytes())
    state["histories"] = {str(user): [index[item] for item in items] for user, items in enumerate(histories)}
    yield
    state.clear()


app = FastAPI(lifespan=lifespan)


Limit = Annotated[int, Query(ge=1, le=100)]


# As on the documentation's page about lifespan events, whose example is a model: the run holds the event loop.
@app.get("/v1/users/{user}/recommendations")
async def recommendations(user: str, limit: Limit = 10) -> Recommendations:
    return recommend(user, limit)


# As on its page about concurrency, for libraries that can't be awaited: the run is in a pool of threads.
@app.get("/threads/v1/users/{user}/recommendations")
def recommendations_in_threads(user: str, limit: Limit = 10) -> Recommendations:
    return recommend(user, limit)


def recommend(user: str, limit: int) -> Recommendations:
    history = state["histories"].get(user)
    if history is None:
        raise HTTPException(status_code=404, detail="nothing is known of this customer")
    mask = np.zeros((1, len(state["items"])), dtype=bool)
    mask[0, history] = True
    indices, scores = state["session"].run(
        ["indices", "scores"],
        {
            "items": np.array([history], dtype=np.int32),
            "weights": np.ones((1, len(history)), dtype=np.float32),
            "mask": mask,
            "k": np.array([limit], dtype=np.int32),
            "explain": np.array([False]),
        },
    )
    items = [
        Item(**state["items"][index], score=round(float(score), 6))
        for index, score in zip(indices[0], scores[0])
        if index >= 0
    ]
    return Recommendations(user=user, modelVersion="0" * 64, rung="personal", fallback=None, items=items)
