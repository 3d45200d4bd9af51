"""Asks a server by clients of other makes, and prints what they heard as JSON.

usage: clients.py <http host:port> <grpc host:port> <folder of train.py> <session as JSON>
"""

import json
import pathlib
import sys

import grpc
import numpy
import tritonclient.grpc
import tritonclient.http
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

http_address, grpc_address, folder, session = sys.argv[1:]


def triton(module, address):
    """The test split's predictions by NVIDIA's client of the Open Inference Protocol."""
    client = module.InferenceServerClient(address)
    answers = {"live": client.is_server_live(), "ready": client.is_model_ready("wine")}
    for name in ("wine", "digits"):
        rows = json.loads((pathlib.Path(folder) / f"{name}.json").read_text())["rows"]
        tensor = module.InferInput("X", [len(rows), len(rows[0])], "FP32")
        tensor.set_data_from_numpy(numpy.array(rows, dtype=numpy.float32))
        answer = client.infer(name, [tensor])
        labels = answer.as_numpy("label").tolist()
        answers[name] = {
            "labels": [label.decode() if isinstance(label, bytes) else label for label in labels],
            "probabilities": answer.as_numpy("probabilities").tolist(),
        }
    return answers


def by_reflection(channel):
    """Calls services of which it knows nothing but what the server's reflection says."""
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = DescriptorPool(database)

    def call(service, method, request):
        found = pool.FindServiceByName(service).FindMethodByName(method)
        serialize = json_format.ParseDict(request, GetMessageClass(found.input_type)())
        unary = channel.unary_unary(
            f"/{service}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(found.output_type).FromString,
        )
        return json_format.MessageToDict(unary(serialize, timeout=10))

    return {
        "services": sorted(database.get_services()),
        "health": call("grpc.health.v1.Health", "Check", {}),
        "recommendations": call("recommender.v1.Recommender", "RecommendForSession", json.loads(session)),
        "fields": sorted(
            field.name for field in pool.FindMessageTypeByName("recommender.v1.RecommendForUserRequest").fields
        ),
    }


with grpc.insecure_channel(grpc_address) as channel:
    print(
        json.dumps(
            {
                "http": triton(tritonclient.http, http_address),
                "grpc": triton(tritonclient.grpc, grpc_address),
                "reflection": by_reflection(channel),
            }
        )
    )
