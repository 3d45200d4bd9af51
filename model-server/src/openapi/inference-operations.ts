import { z } from 'zod';
import { InferRequestBody, ModelMetadataBody } from '../inference/open-inference-protocol';
import type { Operation, SuccessResponse } from './operation';

const ServerMetadata = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'ServerMetadata' });
const Live = z.object({ live: z.boolean() }).meta({ id: 'ServerLive' });
const ServerReady = z.object({ ready: z.boolean() }).meta({ id: 'ServerReady' });
const ModelReady = z.object({ name: z.string(), ready: z.boolean() }).meta({ id: 'ModelReady' });
const Models = z.object({ models: z.array(z.string()) }).meta({ id: 'Models' });
const ModelMetadata = ModelMetadataBody.extend({
  parameters: z
    .object({ sha256: z.string().meta({ description: 'Of the file that was loaded.' }) })
    .optional()
    .meta({ description: 'Of a model that this server runs.' }),
}).meta({ id: 'ModelMetadata' });
const Schema = z.looseObject({ $schema: z.string(), type: z.literal('object') }).meta({ id: 'ModelSchema' });
const InferResponse = z
  .object({
    model_name: z.string(),
    model_version: z.string().optional(),
    id: z.string().optional().meta({ description: "The request's." }),
    outputs: z.array(
      z.object({
        name: z.string(),
        datatype: z.string(),
        shape: z.array(z.int().min(0)),
        parameters: z.object({ binary_data_size: z.int().min(0) }).optional(),
        data: z
          .array(z.union([z.boolean(), z.number(), z.string()]))
          .optional()
          .meta({ description: 'Row-major; left out where `parameters.binary_data_size` says that raw bytes follow.' }),
      }),
    ),
  })
  .meta({ id: 'InferResponse' });

const INFER_EXAMPLE = {
  id: 'row-1',
  inputs: [{ name: 'X', shape: [1, 2], datatype: 'FP32', data: [13.2, 1.8] }],
  outputs: [{ name: 'label' }],
};
const INFERRED_EXAMPLE = {
  model_name: 'wine',
  model_version: '1',
  id: 'row-1',
  outputs: [{ name: 'label', datatype: 'INT64', shape: [1], data: [0] }],
};

const json = (description: string, schema: z.ZodType): SuccessResponse => ({
  description,
  content: { 'application/json': { schema } },
});

const SERVER: readonly Operation[] = [
  {
    method: 'GET',
    path: '/v2',
    operationId: 'inferenceServer',
    tag: 'inference',
    summary: 'What the server is',
    responses: { 200: json('Name, version and extensions.', ServerMetadata) },
    problems: [],
  },
  {
    method: 'GET',
    path: '/v2/health/live',
    operationId: 'inferenceLive',
    tag: 'inference',
    summary: 'Whether the server answers',
    responses: { 200: json('It does.', Live) },
    problems: [],
  },
  {
    method: 'GET',
    path: '/v2/health/ready',
    operationId: 'inferenceReady',
    tag: 'inference',
    summary: 'Whether all models are available',
    responses: { 200: json('They are.', ServerReady), 503: json('Not all are.', ServerReady) },
    problems: [],
  },
  {
    method: 'GET',
    path: '/v2/models',
    operationId: 'listModels',
    tag: 'inference',
    summary: 'The models that are served by name',
    responses: { 200: json('Their names.', Models) },
    problems: [],
  },
];

/** The protocol has each of a model's routes twice: for the version that is served, and for a version by its name. */
function ofModel(suffix: string, parameters: Record<string, z.ZodType>): Operation[] {
  const path = `/v2/models/:model${'version' in parameters ? '/versions/:version' : ''}`;
  const common = { tag: 'inference', parameters: { path: parameters } } as const;
  return [
    {
      ...common,
      method: 'GET',
      path,
      operationId: `modelMetadata${suffix}`,
      summary: "A model's inputs and outputs",
      responses: { 200: json('The model.', ModelMetadata) },
      problems: ['not-found', 'model-unavailable'],
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/ready`,
      operationId: `modelReady${suffix}`,
      summary: 'Whether a model is available',
      responses: { 200: json('It is.', ModelReady), 503: json('It is not.', ModelReady) },
      problems: ['not-found'],
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/schema`,
      operationId: `modelSchema${suffix}`,
      summary: "JSON schema (draft 2020-12) of a model's inference requests",
      responses: {
        200: { description: 'The schema.', content: { 'application/schema+json': { schema: Schema } } },
      },
      problems: ['not-found', 'model-unavailable'],
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/infer`,
      operationId: `infer${suffix}`,
      summary: 'Runs a model',
      description: `The exact schema of a request is at \`${path.replace(/:(\w+)/g, '{$1}')}/schema\`.`,
      body: {
        'application/json': { schema: InferRequestBody.meta({ id: 'InferRequest' }), examples: [INFER_EXAMPLE] },
        'application/octet-stream': {},
      },
      responses: {
        200: {
          description: 'The outputs. Octets: JSON, then the raw tensors that were asked for.',
          content: {
            'application/json': { schema: InferResponse, examples: [INFERRED_EXAMPLE] },
            'application/octet-stream': {},
          },
          headers: ['x-model-version?', 'Inference-Header-Content-Length?'],
        },
      },
      problems: [
        'invalid-request',
        'not-found',
        'inputs-rejected',
        'model-failed',
        'model-unavailable',
        'model-busy',
        'model-timeout',
      ],
    },
  ];
}

const Name = z.string().min(1).meta({ description: 'One of `/v2/models`.' });
const Version = z.string().min(1).meta({ description: "One of the model's `versions`." });

export const INFERENCE_OPERATIONS: readonly Operation[] = [
  ...SERVER,
  ...ofModel('', { model: Name }),
  ...ofModel('Version', { model: Name, version: Version }),
];
