import { progressiveDelivery } from '../../../bench/reliability/progressive-delivery';
import { brokenBars } from '../reliability/broken-bars';

it('promotes a good version and takes back one with errors, by a real Flagger and real servers', async () => {
  const result = await progressiveDelivery({
    rollouts: 1,
    kinds: ['good', 'errors'],
    lanes: 2,
    onProgress: (line) => console.error(line),
  });
  expect(brokenBars(result)).toEqual([]);
  expect(result.bars).toHaveLength(5);
  expect(result.notes).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^good: 1 in .*; weights 10, 20, 30, 40, 50 %; 0 of [\d,]+ requests failed$/),
      // What the Deployment's `ignoreChanges` is for: a plan would change it.
      'Flagger changed of what was applied: Deployment spec.replicas',
    ]),
  );
}, 1_800_000);
