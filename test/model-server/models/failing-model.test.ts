import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import type { RunningServer } from '../../../model-server/src/server';
import { CHANNEL, MODEL, post, publish, request, Workbench } from '../fixtures';
import { slowVersion } from './slow-version';

/** Ends the thread of the model that answers, as running out of memory would, and waits until the server knows. */
async function endThread({ models }: RunningServer): Promise<void> {
  const { current } = models;
  if (!current) throw new Error('no model serves');
  const { thread } = current.model.backend as unknown as { thread: Worker };
  const gone = once(thread, 'exit');
  await thread.terminate();
  await gone;
}

describe('a model whose thread ends by itself', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  const similar = (url: string) => request(`${url}/v1/items/item-0/similar?limit=1`);

  it('is loaded again, and answers popular items until then, not ready', async () => {
    const config = await bench.config();
    const version = await publish(config.store);
    const server = await bench.server(config);
    await endThread(server);
    const { status, body } = await request(`${server.url}/readyz`);
    expect([status, body.detail]).toEqual([503, "the model's thread ended with exit code 1"]);
    expect((await similar(server.url)).body).toMatchObject({ rung: 'popular', fallback: 'model-error' });
    expect((await request(`${server.url}/metrics`)).body).toMatch(/^recommender_ready 0$/m);

    await server.models.look();
    expect((await request(`${server.url}/readyz`)).body.modelVersion).toBe(version);
    expect((await similar(server.url)).body.rung).toBe('session');
    const metrics = (await request(`${server.url}/metrics`)).body;
    expect(metrics).toContain('recommender_model_loads_total{result="failed"} 1');
    expect(metrics).toContain('recommender_model_loads_total{result="loaded"} 2');
  });

  it('gives way to the version before when that happens again soon', async () => {
    const config = await bench.config();
    const before = await publish(config.store);
    const server = await bench.server(config);
    const failing = await publish(config.store, { popular: [0] });
    await server.models.look();
    await endThread(server);
    await server.models.look();
    expect(server.models.current?.model.version).toBe(failing);
    await endThread(server);
    await server.models.look();
    const { body } = await request(`${server.url}/v1/model`);
    expect(body).toMatchObject({
      modelVersion: before,
      previousVersion: failing,
      problem: "the model's thread ended with exit code 1",
    });
    expect((await request(`${server.url}/readyz`)).status).toBe(200);
    // It is not tried again before its pause is over.
    await server.models.look();
    expect(server.models.current?.model.version).toBe(before);
  });

  it('is loaded again while its channel can not be read', async () => {
    const config = await bench.config();
    const version = await publish(config.store);
    const server = await bench.server(config);
    const channel = join(config.store, MODEL, 'channels', `${CHANNEL}.json`);
    await rm(channel);
    await mkdir(channel);
    await endThread(server);
    await server.models.look();
    expect((await request(`${server.url}/readyz`)).body.modelVersion).toBe(version);
    expect((await request(`${server.url}/v1/model`)).body.problem).toContain(channel);
  });

  it('is the seed when that serves, and waits when it happens again soon', async () => {
    const seed = join(await bench.directory(), 'seed');
    const version = await publish(seed);
    const server = await bench.server(await bench.config({ seed }));
    await endThread(server);
    await server.models.look();
    expect((await request(`${server.url}/readyz`)).body.modelVersion).toBe(version);
    await endThread(server);
    await server.models.look();
    expect((await request(`${server.url}/readyz`)).status).toBe(503);
    expect((await similar(server.url)).body.rung).toBe('popular');
  });
});

describe('a run that does not end', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  it('answers popular items at the deadline, fails /livez after hungRunSeconds, and no more when it ends', async () => {
    const config = await bench.config({ hungRunSeconds: 1, deadlineMs: 50 });
    const registry = await openModelRegistry(config.store, MODEL);
    // About two seconds, for more answers than the warm-up asks for.
    const version = await registry.register(slowVersion({ turns: 1_200_000, fromLimit: 50 }));
    await registry.promote(CHANNEL, version, { by: 'test' });
    const { url } = await bench.server(config);
    expect((await request(`${url}/livez`)).status).toBe(200);

    const { body } = await post(`${url}/v1/recommendations`, { items: ['item-0'], limit: 100 });
    expect(body).toMatchObject({ rung: 'popular', fallback: 'model-deadline' });
    let alive = await request(`${url}/livez`);
    while (alive.status === 200) alive = await request(`${url}/livez`);
    expect(alive.body.detail).toMatch(/^a model run has not ended for \d+ s, allowed 1 s$/);
    const seconds = /^recommender_model_running_seconds (\S+)$/m.exec((await request(`${url}/metrics`)).body)?.[1];
    expect(Number(seconds)).toBeGreaterThan(1);
    while (alive.status === 503) alive = await request(`${url}/livez`);
    expect((await post(`${url}/v1/recommendations`, { items: ['item-0'] })).body.rung).toBe('session');
  }, 30_000);
});
