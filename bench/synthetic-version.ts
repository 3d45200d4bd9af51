import { describeFiles, type ModelVersion, recommenderSignature } from '@cdktf-recommender/model-registry';
import { recommenderGraph, roundWeights } from '@cdktf-recommender/trainer';
import { generator, ITEMS } from './histories';

/** The model's name in a store. */
export const SYNTHETIC_MODEL = 'synthetic';

/**
 * A version with random weights of items × items: what a run costs depends on sizes alone. Item i is `item-i`.
 *
 * @param options.items @default 4,000, which makes 16 MB
 * @param options.seed of the weights; another one makes another version @default 2
 */
export function syntheticVersion({ items = ITEMS, seed = 2 } = {}): Pick<ModelVersion, 'manifest' | 'files'> {
  const random = generator(seed);
  const weights = Float32Array.from({ length: items * items }, () => (random() - 0.45) * 0.05);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const files = {
    'model.onnx': Buffer.from(recommenderGraph({ ...roundWeights(weights, items), items })),
    'items.json': json(Array.from({ length: items }, (_, i) => ({ id: `item-${i}`, name: `Item number ${i}` }))),
    'popular.json': json({
      windowDays: 28,
      items: Array.from({ length: Math.min(200, items) }, (_, index) => ({ index, customers: 1 })),
    }),
  };
  return {
    files,
    manifest: {
      schemaVersion: 1,
      model: SYNTHETIC_MODEL,
      algorithm: { name: 'random', parameters: { seed } },
      signature: recommenderSignature(items),
      weighting: { kind: 'binary' },
      metrics: {},
      evaluation: { protocol: 'none', cut: '2011-10-01', customers: 0 },
      dataset: {
        name: 'synthetic',
        source: 'bench/synthetic-version.ts',
        sha256: '0'.repeat(64),
        from: '2011-01-01T00:00:00',
        to: '2011-01-02T00:00:00',
        interactions: 0,
        customers: 0,
        items,
      },
      files: describeFiles(files),
    },
  };
}
