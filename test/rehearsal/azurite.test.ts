import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { startAzurite } from '@cdktf-recommender/rehearsal';
import { spawnSource } from '../model-registry/source-process';

const answers = (endpoint: string) =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

describe('the emulated Azure Blob Storage', () => {
  test('runs twice side by side, each with a port and a key of its own, until it is stopped', async () => {
    const [one, two] = await Promise.all([startAzurite(), startAzurite()]);
    try {
      expect(one.blobEndpoint).not.toBe(two.blobEndpoint);
      expect(one.connectionString).not.toBe(two.connectionString);
      expect(await answers(one.blobEndpoint)).toBe(true);
      await one.stop();
      expect(await answers(one.blobEndpoint)).toBe(false);
      expect(await answers(two.blobEndpoint)).toBe(true);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  }, 600_000);

  test('ends with the process that started it, even when that is killed', async () => {
    const starter = spawnSource('test/rehearsal/azurite-process.ts', []);
    const [endpoint] = await once(createInterface({ input: starter.stdout }), 'line');
    expect(await answers(endpoint)).toBe(true);
    // A connection that asks nothing is closed by the emulator's end.
    const connection = connect(Number(new URL(endpoint).port), '127.0.0.1');
    await once(connection, 'connect');
    const ended = once(connection.resume(), 'close');
    starter.kill('SIGKILL');
    await ended;
    expect(await answers(endpoint)).toBe(false);
  });

  test('does not start for who has given up already', async () => {
    await expect(startAzurite({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
