import { autoscaling } from '../../../bench/reliability/autoscaling';
import { brokenBars } from '../reliability/broken-bars';

it('scales the model server from 2 to 50 replicas when they are busy, by its behaviour, spread over the zones', async () => {
  const result = await autoscaling({ down: false, onProgress: () => undefined });
  expect(brokenBars(result)).toEqual([]);
  expect(result.bars).toHaveLength(3);
  expect(result.notes?.[0]).toMatch(/^up: 2 at 0 s, .*50 at \d+ s$/);
}, 1_800_000);
