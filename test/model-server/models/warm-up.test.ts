import { openModelRegistry } from '@cdktf-recommender/model-registry';
import type { ServerConfig } from '../../../model-server/src/config';
import { warmUp } from '../../../model-server/src/models/warm-up';
import { CHANNEL, MODEL, post, publish, request, Workbench } from '../fixtures';
import { slowVersion } from './slow-version';

/** More than 5 ms of runs, on any machine. */
const SLOW = { turns: 20_000 };

describe('the warm-up', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  const publishSlow = async ({ store }: ServerConfig) => {
    const registry = await openModelRegistry(store, MODEL);
    const version = await registry.register(slowVersion(SLOW));
    await registry.promote(CHANNEL, version, { by: 'test' });
    return version;
  };
  const impatient = { warmUpTargetMs: 5, warmUpSeconds: 1 };
  const patient = { targetMs: 60_000, seconds: 60, hungRunSeconds: 60, batchSize: 32, beside: false };
  const { signal } = new AbortController();

  it('lets a version at requests whose p99 of a hundred runs meets the target, and says so', async () => {
    const config = await bench.config();
    await publish(config.store);
    const { url } = await bench.server(config);
    const { warmUp: figures, problem } = (await request(`${url}/v1/model`)).body;
    expect(figures).toMatchObject({ met: true, targetMs: 50, sampledRequests: 0 });
    expect(figures.runs).toBeGreaterThanOrEqual(100);
    expect(figures.p50Ms).toBeGreaterThan(0);
    expect(figures.p99Ms).toBeGreaterThanOrEqual(figures.p50Ms);
    expect(figures.p99Ms).toBeLessThanOrEqual(50);
    expect(problem).toBeNull();
    const { body } = await request(`${url}/metrics`);
    expect(Number(/^recommender_model_warm_up_p99_seconds (\S+)$/m.exec(body)?.[1])).toBeCloseTo(figures.p99Ms / 1000);
  });

  it('refuses a version that is too slow, with its figure, and stays at the fast one', async () => {
    const config = await bench.config();
    const fast = await publish(config.store);
    // What is too slow for 5 ms, the first version may be on a busy machine; it is served all the same.
    const { url, models } = await bench.server({ ...config, ...impatient });
    await publishSlow(config);
    await models.look();
    const { body } = await request(`${url}/v1/model`);
    expect(body.modelVersion).toBe(fast);
    expect(body.problem).toMatch(/^too slow: p99 of its runs [\d.]+ ms, allowed 5 ms, after \d+ runs in [\d.]+ s$/);
    expect((await request(`${url}/metrics`)).body).toContain('recommender_model_loads_total{result="refused"} 1');
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });

  it('serves a version that is too slow when there is no other, and says so', async () => {
    const config = await bench.config(impatient);
    const slow = await publishSlow(config);
    const { url } = await bench.server(config);
    expect((await request(`${url}/readyz`)).status).toBe(200);
    const { body } = await request(`${url}/v1/model`);
    expect([body.modelVersion, body.warmUp.met]).toEqual([slow, false]);
    expect(body.problem).toMatch(/^too slow/);
  });

  it('replays requests that the version before scored, by the ids of their items', async () => {
    const config = await bench.config();
    await publish(config.store);
    const { url, models } = await bench.server(config);
    for (const limit of [1, 2, 3]) await post(`${url}/v1/recommendations`, { items: ['item-4', 'item-5'], limit });
    const { current } = models;
    if (!current) throw new Error('no model serves');
    // It knows one of the two items only.
    const next = await bench.model({ items: 5, popular: [0] });
    const sample = { items: [4], weights: [1], excluded: [4], explain: false };
    expect(current.samples.for(next, current.model)).toEqual([1, 2, 3].map((limit) => ({ ...sample, limit })));

    await publish(config.store, { popular: [0] });
    await models.look();
    expect((await request(`${url}/v1/model`)).body.warmUp.sampledRequests).toBe(3);
  });

  it('fails when a run does not end', async () => {
    const model = await bench.load(slowVersion({ turns: 1_000_000 }));
    const warming = warmUp(model, { ...patient, samples: [], hungRunSeconds: 0.2, signal });
    await expect(warming).rejects.toThrow('a run of the warm-up did not end within 0.2 s');
  });

  it('is over when its time is, after the run under way', async () => {
    const model = await bench.load(slowVersion({ turns: 200_000 }));
    const figures = await warmUp(model, { ...patient, samples: [], seconds: 0.1, signal });
    expect(figures).toMatchObject({ met: false, runs: 1 });
  });

  it('ends when it is told to', async () => {
    const model = await bench.model();
    const stopping = new AbortController();
    const warming = warmUp(model, { ...patient, targetMs: 0, samples: [], signal: stopping.signal });
    stopping.abort();
    await expect(warming).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('takes the requests of lately in turn, in batches of every size', async () => {
    const model = await bench.model();
    const sizes: number[] = [];
    const run = model.run.bind(model);
    model.run = (requests) => {
      sizes.push(requests.length);
      return run(requests);
    };
    await warmUp(model, { ...patient, batchSize: 20, samples: [], signal });
    expect(sizes.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 20, 1]);
    expect(sizes.length).toBe(100);
  });
});
