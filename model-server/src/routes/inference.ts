import { json, type RequestHandler, Router, raw } from 'express';
import type { TensorMetadata } from '../inference/backend';
import { DATATYPES } from '../inference/datatypes';
import { readInferRequest } from '../inference/infer-request';
import { writeInferResponse } from '../inference/infer-response';
import type { Inference } from '../inference/inference';
import { BINARY_EXTENSION, JSON_LENGTH_HEADER } from '../inference/open-inference-protocol';
import { inferRequestSchema } from '../inference/request-json-schema';
import { SERVER_NAME, SERVER_VERSION } from '../inference/server-metadata';
import type { Lifecycle } from '../lifecycle';
import { Problem } from '../problem';
import { allowOnly } from './methods';

/**
 * The Open Inference Protocol over HTTP, for every model by its name: what the server and a model are, whether they are
 * ready, a request's JSON schema, and inference.
 *
 * @see https://github.com/kserve/open-inference-protocol
 */
export function inferenceRoutes(inference: Inference, lifecycle: Lifecycle, maxBytes: number): Router {
  const router = Router();
  router.use('/v2', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    next();
  });
  // One route for each path: logs and metrics tell them apart by it.
  const get = (paths: string[], handler: RequestHandler) => {
    for (const path of paths) router.route(path).get(handler).all(allowOnly('GET'));
  };
  const ofModel = (path: string) => [`/v2/models/:model${path}`, `/v2/models/:model/versions/:version${path}`];

  get(['/v2'], (_request, response) => {
    response.json({ name: SERVER_NAME, version: SERVER_VERSION, extensions: [BINARY_EXTENSION] });
  });

  get(['/v2/health/live'], (_request, response) => {
    response.json({ live: true });
  });

  get(['/v2/health/ready'], (_request, response) => {
    const ready = inference.ready && !lifecycle.draining;
    response.status(ready ? 200 : 503).json({ ready });
  });

  get(['/v2/models'], (_request, response) => {
    response.json({ models: inference.names });
  });

  get(ofModel(''), (request, response) => {
    const { model: name, version } = parameters(request.params);
    const model = inference.available(name, version);
    response.json({
      name,
      versions: model.version === undefined ? undefined : [model.version],
      platform: model.platform,
      inputs: model.backend.inputs.map(described),
      outputs: model.backend.outputs.map(described),
      parameters: model.sha256 === undefined ? undefined : { sha256: model.sha256 },
    });
  });

  get(ofModel('/ready'), (request, response) => {
    const { model: name, version } = parameters(request.params);
    const ready = inference.find(name, version).backend !== undefined;
    response.status(ready ? 200 : 503).json({ name, ready });
  });

  get(ofModel('/schema'), (request, response) => {
    const { model: name, version } = parameters(request.params);
    response.type('application/schema+json').json(inferRequestSchema(name, inference.available(name, version).backend));
  });

  // Before the body is read: what is not there needs no tensors.
  const knownModel: RequestHandler = (request, _response, next) => {
    const { model, version } = parameters(request.params);
    inference.available(model, version);
    next();
  };
  const asJson = json({ limit: maxBytes });
  const asBytes = raw({ limit: maxBytes, type: () => true });
  const body: RequestHandler = (request, response, next) => {
    (request.headers[JSON_LENGTH_HEADER] === undefined ? asJson : asBytes)(request, response, next);
  };
  const infer: RequestHandler = async (request, response) => {
    const jsonLength = request.header(JSON_LENGTH_HEADER);
    if (jsonLength === undefined && !request.is('json')) {
      throw new Problem('unsupported-media-type', 'send Content-Type: application/json');
    }
    const { model, version } = parameters(request.params);
    const read = readInferRequest(request.body, jsonLength);
    const { record } = request;
    const answer = await inference.infer({ model, version, inputs: read.inputs, outputs: read.outputs, record });
    const written = writeInferResponse(answer, read);
    record.modelVersion = answer.model.version ?? null;
    record.rankedAt = performance.now();
    if (answer.model.version !== undefined) response.setHeader('x-model-version', answer.model.version);
    if (written.jsonLength !== undefined) response.setHeader(JSON_LENGTH_HEADER, written.jsonLength);
    response.type(written.jsonLength === undefined ? 'application/json' : 'application/octet-stream');
    response.end(written.body);
  };
  for (const path of ofModel('/infer')) {
    router.route(path).post(knownModel, body, infer).all(allowOnly('POST'));
  }

  return router;
}

function parameters(params: Record<string, unknown>): { model: string; version: string | undefined } {
  return { model: String(params.model), version: params.version === undefined ? undefined : String(params.version) };
}

/** `$metadata_tensor`: a dimension that varies is -1. */
function described({ name, type, shape }: TensorMetadata) {
  return { name, datatype: DATATYPES[type], shape: shape.map((size) => (typeof size === 'number' ? size : -1)) };
}
