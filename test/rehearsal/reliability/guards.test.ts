import { guardCost } from '../../../bench/synth/guard-cost';
import * as guards from '../../../src/guards';

// Times are for a quiet machine: `npm run verify:full -- --only guards`.
test('what each guard adds to a synth is measured, on both configs', async () => {
  const { bars, notes = [] } = await guardCost({ rounds: 1, onProgress: () => {} });
  expect(bars.map(({ what }) => what)).toEqual([
    'recommender.config.ts: time with guards, of that without',
    'examples/regulated.config.ts: time with guards, of that without',
    'synth of both configs with all guards',
  ]);
  const measured = notes.flatMap((note) => [...note.matchAll(/(\w+Guard) \d+/g)].map(([, name]) => name));
  const all = Object.keys(guards).filter((name) => name.endsWith('Guard'));
  expect([...new Set(measured)].sort()).toEqual(all.sort());
}, 120_000);
