import fc from 'fast-check';
import { LinearModel } from '../../trainer/src/algorithms/linear-model';
import { RoundedModel, roundWeights } from '../../trainer/src/rounded-model';

const row = (length: number) =>
  fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: length, maxLength: length });

test('no weight moves by more than a 254th of the largest of its row', () => {
  fc.assert(
    fc.property(fc.array(row(4), { minLength: 4, maxLength: 4 }), (rows) => {
      const { values, scales } = roundWeights(Float32Array.from(rows.flat()), 4);
      for (const [i, weights] of rows.entries()) {
        const largest = Math.max(...weights.map(Math.abs));
        for (const [j, weight] of weights.entries()) {
          const rounded = (values[4 * i + j] as number) * (scales[i] as number);
          // Half a step, and what float32 loses of the scale.
          expect(Math.abs(rounded - weight)).toBeLessThanOrEqual(largest * (1 / 254 + 1e-6) + 1e-40);
        }
      }
    }),
  );
});

test('the largest weight of a row keeps its value, and a row of zeros stays one', () => {
  const { values, scales } = roundWeights(Float32Array.of(0, -0.25, 0, 0), 2);
  expect([...values]).toEqual([0, -127, 0, 0]);
  expect((scales[0] as number) * 127).toBeCloseTo(0.25, 7);
  expect(scales[1]).toBe(0);
});

test('a model scores with the weights that it is published with', () => {
  const model = new RoundedModel(new LinearModel(2, Float32Array.of(0, 0.3, 0.1001, 0.4), { kind: 'binary' }));
  const { values, scales } = model.rounded;
  const scores = model.score({ items: Uint32Array.of(1), times: Float64Array.of(0) });
  expect([...values]).toEqual([0, 127, 32, 127]);
  expect(scores[0]).toBeCloseTo(32 * (scales[1] as number), 7);
});
