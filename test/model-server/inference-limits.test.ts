import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import pino from 'pino';
import { Registry } from 'prom-client';
import type { InferenceBackend, Tensors } from '../../model-server/src/inference/backend';
import { Inference } from '../../model-server/src/inference/inference';
import { ModelRepository } from '../../model-server/src/inference/model-repository';
import type { Problem } from '../../model-server/src/problem';
import { silent, Workbench } from './fixtures';
import { arithmeticModel, writeFiles } from './inference-fixtures';

/** A model whose runs end when they are told to. */
class SlowBackend implements InferenceBackend {
  readonly inputs = [{ name: 'x', type: 'float32', shape: [1] }] as const;
  readonly outputs = [{ name: 'y', type: 'float32', shape: [1] }] as const;
  readonly waiting: ((outputs: Tensors) => void)[] = [];

  run(): Promise<Tensors> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {}
}

const y: Tensors = { y: { type: 'float32', dims: [1], data: Float32Array.of(2) } };

function slowModel(timeoutMs: number) {
  const backend = new SlowBackend();
  const model = { name: 'slow', version: '1', platform: 'test', sha256: undefined, backend, problem: undefined };
  const registry = new Registry();
  const inference = new Inference({ models: [model], timeoutMs, registry, logger: silent });
  const read = () => Float32Array.of(1);
  const infer = (wait?: number) =>
    inference.infer({
      model: 'slow',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1], read }],
      outputs: [],
      timeoutMs: wait,
    });
  const kind = (wait?: number) =>
    infer(wait).then(
      () => 'ok',
      (error: Problem) => error.kind,
    );
  return { backend, infer, kind, registry };
}

it("answers model-timeout after its time, or the caller's when that is shorter", async () => {
  const { kind } = slowModel(60_000);
  expect(await kind(20)).toBe('model-timeout');
  expect(await slowModel(20).kind()).toBe('model-timeout');
});

it('does not run what nobody waits for any more', async () => {
  const { backend, kind } = slowModel(60_000);
  expect(await kind(-5)).toBe('model-timeout');
  expect(backend.waiting).toHaveLength(0);
});

it('answers model-busy while 64 runs are under way, late ones counted until they are over', async () => {
  const { backend, kind, infer } = slowModel(60_000);
  const late = kind(5);
  const running = Array.from({ length: 63 }, () => kind());
  expect(await late).toBe('model-timeout');
  expect(await kind()).toBe('model-busy');
  backend.waiting[0]?.(y);
  await new Promise((resolve) => setImmediate(resolve));
  const next = infer();
  for (const resolve of await waitFor(backend, 65)) resolve(y);
  expect(await Promise.all(running)).toEqual(Array(63).fill('ok'));
  expect((await next).outputs[0]?.tensor).toBe(y.y);
});

async function waitFor(backend: SlowBackend, count: number) {
  while (backend.waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
  return backend.waiting;
}

it('answers model-failed when a run leaves out an output', async () => {
  const { backend, kind, registry } = slowModel(60_000);
  const failed = kind();
  backend.waiting[0]?.({});
  expect(await failed).toBe('model-failed');
  expect(await registry.metrics()).toContain('result="model-failed"} 1');
});

it('a model whose thread ends is not available until it is loaded again, by itself', async () => {
  const bench = new Workbench();
  const directory = await writeFiles(await bench.directory(), { 'sums/model.onnx': arithmeticModel() });
  const log: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void log.push(JSON.parse(line).msg) });
  const repository = await ModelRepository.open({ directory, taken: [], timeoutMs: 1000, maxBytes: 1000, logger });
  await repository.load();
  const [model] = repository.models;
  const thread: Worker = Reflect.get(model?.backend as object, 'thread');
  await Promise.all([once(thread, 'exit'), thread.terminate()]);
  expect([model?.backend === undefined, model?.problem]).toEqual([
    true,
    expect.stringMatching(/thread ended .*loaded again$/),
  ]);
  expect(log).toEqual([expect.stringMatching(/^model not available: the model's thread ended/)]);
  while (!model?.backend) await new Promise((resolve) => setTimeout(resolve, 20));
  const tensor = () => ({ type: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) }) as const;
  const { sum } = await model.backend.run({ a: tensor(), b: tensor() });
  expect(sum?.data).toEqual(Float32Array.of(2, 4));
  await repository.close();
  await bench.cleanUp();
});
