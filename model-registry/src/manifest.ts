import { z } from 'zod';

/** A lowercase hex SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits (a SHA-256)');

/** Files every model version carries, beside its manifest. */
export const MODEL_FILES = ['model.onnx', 'items.json', 'popular.json'] as const;
export type ModelFileName = (typeof MODEL_FILES)[number];

/** A metric with its bootstrap interval. */
const Metric = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const Tensor = z.strictObject({
  name: z.string(),
  type: z.enum(['int32', 'float32', 'bool', 'uint8']),
  /** A number is fixed, a string names a dynamic dimension. */
  shape: z.array(z.union([z.number().int(), z.string()])),
});

/**
 * How a customer's history becomes the model's input weights.
 *
 * `binary`: every item weighs 1. `exponential`: an item last bought `age` days before the customer's newest event
 * weighs 2^(-age / halfLifeDays). Ages count from the customer's own newest event, so an idle customer's answer doesn't
 * change from day to day.
 */
const Weighting = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('binary') }),
  z.strictObject({
    kind: z.literal('exponential'),
    halfLifeDays: z.number().positive(),
  }),
]);
export type Weighting = z.infer<typeof Weighting>;

/**
 * What is true of a model version, and nothing about when, where or by whom it was made (that is a {@link TrainingRun}).
 * The version is the SHA-256 of this document's canonical JSON, so two identical trainings are one version.
 */
export const Manifest = z.strictObject({
  schemaVersion: z.literal(1),
  model: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/),
  algorithm: z.strictObject({
    name: z.string(),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  signature: z.strictObject({ inputs: z.array(Tensor), outputs: z.array(Tensor) }),
  weighting: Weighting,
  /** Offline metrics by name, e.g. `ndcg@20`, of the evaluation described by `evaluation`. */
  metrics: z.record(z.string(), Metric),
  evaluation: z.strictObject({ protocol: z.string(), cut: z.iso.date(), customers: z.number().int() }),
  dataset: z.strictObject({
    name: z.string(),
    source: z.string(),
    sha256: Sha256,
    from: z.iso.datetime({ local: true }),
    to: z.iso.datetime({ local: true }),
    interactions: z.number().int(),
    customers: z.number().int(),
    items: z.number().int(),
  }),
  files: z.record(z.enum(MODEL_FILES), z.strictObject({ sha256: Sha256, bytes: z.number().int().nonnegative() })),
});
export type Manifest = z.infer<typeof Manifest>;

/** `items.json`: position in the array is the model's item index. */
export const ItemCatalogue = z.array(z.strictObject({ id: z.string(), name: z.string() }));
export type ItemCatalogue = z.infer<typeof ItemCatalogue>;

/** `popular.json`: item indices, most popular first, with the number of distinct customers in the window. */
export const PopularItems = z.strictObject({
  windowDays: z.number().positive(),
  items: z.array(z.strictObject({ index: z.number().int().nonnegative(), customers: z.number().int().nonnegative() })),
});
export type PopularItems = z.infer<typeof PopularItems>;

/** `channels/<channel>.json`. */
export const Channel = z.strictObject({
  version: Sha256,
  previous: Sha256.nullable(),
  promotedAt: z.iso.datetime(),
  promotedBy: z.string(),
});
export type Channel = z.infer<typeof Channel>;

/** `runs/<id>.json`: what differs between two identical trainings. */
export const TrainingRun = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, ".", "_" or "-", no dot first'),
  version: Sha256,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  by: z.string(),
  revision: z.string().nullable(),
  environment: z.record(z.string(), z.string()),
  /** Seconds by step. */
  timings: z.record(z.string(), z.number()),
});
export type TrainingRun = z.infer<typeof TrainingRun>;

/**
 * How a version that a channel points to gets on in a cluster: `progressing` while it is let at requests, `promoted` when
 * it takes them all, `rolled-back` when it was taken back.
 */
export const VERDICTS = ['progressing', 'promoted', 'rolled-back'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** `rollouts/<channel>/<cluster>.json`: the last rollout of a channel's version in a cluster. */
export const Rollout = z.strictObject({
  version: Sha256,
  /** When the channel was pointed to it: a version that is promoted a second time is rolled out a second time. */
  promotedAt: z.iso.datetime(),
  /** What ran in the cluster before, as its pin names it: a version, or `seed`. */
  previous: z.string().nullable(),
  verdict: z.enum(VERDICTS),
  /** Why, in one line. */
  reason: z.string(),
  at: z.iso.datetime(),
});
export type Rollout = z.infer<typeof Rollout>;
