import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { sha256 } from '@cdktf-recommender/model-registry';
import type { Tensors } from '../../model-server/src/inference/backend';
import { longestRunMs, OnnxBackend } from '../../model-server/src/inference/onnx-backend';
import { slowVersion } from './models/slow-version';

describe('OnnxBackend', () => {
  const directory = mkdtempSync(join(tmpdir(), 'onnx-backend-'));
  const path = join(directory, 'model.onnx');
  const bytes = slowVersion({ turns: 50_000 }).files['model.onnx'];
  writeFileSync(path, bytes);
  afterAll(() => rmSync(directory, { recursive: true }));

  /** For the slow version's graph, which takes about 0.1 s. */
  const inputs = (): Tensors => ({
    items: { type: 'int32', dims: [1, 1], data: Int32Array.of(0) },
    weights: { type: 'float32', dims: [1, 1], data: Float32Array.of(1) },
    mask: { type: 'bool', dims: [1, 6], data: new Uint8Array(6) },
    k: { type: 'int32', dims: [1], data: Int32Array.of(3) },
    explain: { type: 'bool', dims: [1], data: Uint8Array.of(0) },
  });

  it('says what it loaded', async () => {
    const backend = await OnnxBackend.load(path, { name: 'slow', sha256: sha256(bytes) });
    expect(backend.file).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
    await backend.close();
  });

  it('refuses a file that has not the hash it should, saying which it has', async () => {
    await expect(OnnxBackend.load(path, { name: 'slow', sha256: 'a'.repeat(64) })).rejects.toMatchObject({
      name: 'FileMismatchError',
      actual: { sha256: sha256(bytes), bytes: bytes.length },
    });
  });

  it.each([
    ['that is not there', join(directory, 'none.onnx'), /ENOENT/],
    ['that is no model', __filename, /Protobuf parsing failed|Load model/],
  ])('refuses a file %s', async (_, file, message) => {
    await expect(OnnxBackend.load(file, { name: 'slow' })).rejects.toThrow(message);
  });

  it('answers the runs under way before it is closed, and none after', async () => {
    const backend = await OnnxBackend.load(path, { name: 'slow' });
    const runs = [backend.run(inputs()), backend.run(inputs())];
    const closed = backend.close();
    await expect(backend.run(inputs())).rejects.toThrow('the model is closed');
    for (const { indices } of await Promise.all(runs)) expect(indices?.data).toHaveLength(3);
    await closed;
    await backend.close();
  });

  it('knows how long the run under way has taken, and forgets it with its end', async () => {
    const backend = await OnnxBackend.load(path, { name: 'slow' });
    expect([backend.runningMs(), longestRunMs()]).toEqual([0, 0]);
    const run = backend.run(inputs());
    await new Promise((resolve) => setImmediate(resolve));
    expect(backend.runningMs()).toBeGreaterThan(0);
    expect(longestRunMs()).toBeGreaterThan(0);
    await run;
    expect([backend.runningMs(), longestRunMs()]).toEqual([0, 0]);
    await backend.close();
  });

  it('tells once when its thread ends by itself, and rejects what it runs', async () => {
    const failures: string[] = [];
    const backend = await OnnxBackend.load(path, { name: 'slow', onFailure: ({ message }) => failures.push(message) });
    // What it can't read ends it before the run that was asked for in the same moment; to end it during one would end the
    // whole process.
    (backend as unknown as { thread: Worker }).thread.postMessage(null);
    await expect(backend.run(inputs())).rejects.toThrow('null');
    await expect(backend.run(inputs())).rejects.toThrow('null');
    await backend.close();
    expect(failures).toEqual([expect.stringContaining('null')]);
  });
});
