import { Manifest } from '@cdktf-recommender/model-registry';
import { z } from 'zod';
import type { Operation } from './operation';

const Ok = z.object({ status: z.literal('ok') }).meta({ id: 'Ok' });
const Ready = z.object({ status: z.literal('ok'), modelVersion: z.string() }).meta({ id: 'Ready' });

const WarmUp = z
  .object({
    met: z.boolean().meta({ description: 'Whether `p99Ms` met `targetMs`.' }),
    targetMs: z.number(),
    p50Ms: z.number(),
    p99Ms: z.number(),
    runs: z.int(),
    sampledRequests: z.int().meta({ description: 'Of the runs, those of requests that were answered lately.' }),
    seconds: z.number(),
  })
  .meta({ id: 'WarmUp' });

const { algorithm, weighting, metrics, evaluation, dataset, signature } = Manifest.shape;
const Model = z
  .object({
    model: z.string(),
    modelVersion: z.string(),
    source: z.enum(['store', 'seed']),
    since: z.iso.datetime().meta({ description: 'When it began to answer.' }),
    items: z.int().meta({ description: 'How many items it knows.' }),
    algorithm,
    weighting,
    metrics,
    evaluation,
    dataset,
    signature,
    warmUp: WarmUp.meta({ description: 'How fast its runs were before it was let at requests.' }),
    previousVersion: z.string().nullable(),
    problem: z.string().nullable().meta({
      description: 'Why the version that the channel points to is not the one that answers, or what is wrong with it.',
    }),
  })
  .meta({ id: 'Model' });

const ok = (description: string) => ({
  200: { description, content: { 'application/json': { schema: Ok, examples: [{ status: 'ok' }] } } },
});

export const SERVER_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/v1/model',
    operationId: 'getModel',
    tag: 'operations',
    summary: 'The model that answers, and what was measured of it',
    responses: {
      200: {
        description: 'The model.',
        content: { 'application/json': { schema: Model } },
        headers: ['x-model-version'],
      },
    },
    problems: ['not-ready'],
  },
  {
    method: 'GET',
    path: '/livez',
    operationId: 'livez',
    tag: 'operations',
    summary: 'Whether the process works, or has to be restarted',
    responses: ok('It works.'),
    problems: ['not-ready'],
  },
  {
    method: 'GET',
    path: '/startupz',
    operationId: 'startupz',
    tag: 'operations',
    summary: 'Whether the server has begun',
    responses: ok('It had a model once.'),
    problems: ['not-ready'],
  },
  {
    method: 'GET',
    path: '/readyz',
    operationId: 'readyz',
    tag: 'operations',
    summary: 'Whether to send it customers now',
    responses: {
      200: {
        description: 'It has a model and is not shutting down.',
        content: { 'application/json': { schema: Ready } },
      },
    },
    problems: ['not-ready'],
  },
  {
    method: 'GET',
    path: '/ping',
    operationId: 'ping',
    tag: 'operations',
    summary: 'Whether it works and is to be sent customers, as SageMaker asks',
    responses: { 200: { description: 'It has a model that runs and is not shutting down.', content: {} } },
    problems: ['not-ready'],
  },
  {
    method: 'GET',
    path: '/metrics',
    operationId: 'metrics',
    tag: 'operations',
    summary: 'What Prometheus scrapes',
    responses: { 200: { description: 'Text format 0.0.4.', content: { 'text/plain': {} } } },
    problems: [],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'operations',
    summary: 'This document',
    description: 'It has the routes that this server has as it is configured.',
    responses: {
      200: {
        description: 'OpenAPI 3.1.',
        content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
        headers: ['ETag'],
      },
      304: { description: 'It is the one that `If-None-Match` names.', content: {}, headers: ['ETag'] },
    },
    problems: [],
  },
];
