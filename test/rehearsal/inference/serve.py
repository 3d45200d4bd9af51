"""Serves a model of scikit-learn by MLServer, until standard input ends.

usage: serve.py <file.joblib>; prints {"url": …} when it is ready.
"""

import asyncio
import json
import socket
import sys

import joblib
from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec
from mlserver.settings import ModelParameters
from mlserver.types import InferenceRequest, InferenceResponse, MetadataTensor


class ScikitLearn(MLModel):
    async def load(self) -> bool:
        self.model = joblib.load(self.settings.parameters.uri)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = NumpyCodec.decode_input(payload.inputs[0])
        outputs = [
            NumpyCodec.encode_output("label", self.model.predict(rows)),
            NumpyCodec.encode_output("probabilities", self.model.predict_proba(rows)),
        ]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def main(file):
    http, grpc, metrics = free_ports(3)
    server = MLServer(
        Settings(host="127.0.0.1", http_port=http, grpc_port=grpc, metrics_port=metrics, parallel_workers=0)
    )
    model = ModelSettings(
        name="wine",
        implementation=ScikitLearn,
        parameters=ModelParameters(uri=file, version="v1"),
        inputs=[MetadataTensor(name="X", datatype="FP32", shape=[-1, 13])],
        outputs=[
            MetadataTensor(name="label", datatype="INT64", shape=[-1, 1]),
            MetadataTensor(name="probabilities", datatype="FP64", shape=[-1, 3]),
        ],
    )
    serving = asyncio.create_task(server.start([model]))
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", http)
            writer.write(b"GET /v2/models/wine/ready HTTP/1.0\r\n\r\n")
            if b" 200 " in await reader.readline():
                break
        except OSError:
            pass
        await asyncio.sleep(0.05)
    print(json.dumps({"url": f"http://127.0.0.1:{http}"}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.stop()
    await serving


asyncio.run(main(sys.argv[1]))
