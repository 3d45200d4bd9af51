import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ModelRegistry, openModelRegistry } from '@cdktf-recommender/model-registry';
import { candidate, MODEL, temporaryDirectory } from './fixtures';
import { runSource, spawnSource } from './source-process';

const PROCESSES = 4;
const ROUNDS = 25;

describe('several processes on one directory', () => {
  test(`of ${PROCESSES} that promote at once, exactly one wins, ${ROUNDS} times over`, async () => {
    const directory = temporaryDirectory();
    const registry = await openModelRegistry(directory, MODEL);
    const candidates = Array.from({ length: PROCESSES + 1 }, (_, i) => candidate(i));
    for (const each of candidates) await registry.register(each);

    const promoters = Array.from({ length: PROCESSES }, (_, i) => {
      const child = spawnSource('test/model-registry/promoter-process.ts', [directory, `promoter-${i}`]);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return { child, answer: async () => JSON.parse((await lines.next()).value) };
    });
    try {
      await Promise.all(promoters.map((promoter) => promoter.answer()));
      let expected: string | null = null;
      for (let round = 0; round < ROUNDS; round++) {
        const offered = candidates.map((each) => each.version).filter((version) => version !== expected);
        promoters.forEach(({ child }, i) => {
          child.stdin.write(`${JSON.stringify({ version: offered[i], expected })}\n`);
        });
        const answers = await Promise.all(promoters.map((promoter) => promoter.answer()));
        const current = await registry.channel('prod');
        expect(answers.filter((answer) => answer.won)).toEqual([{ won: current?.version }]);
        expect(answers.filter((answer) => !answer.won)).toEqual(
          Array(PROCESSES - 1).fill({ code: 'CONFLICT', current: current?.version }),
        );
        expect(current?.previous).toBe(expected);
        expected = current?.version ?? null;
      }
    } finally {
      for (const { child } of promoters) child.stdin.end();
      await Promise.all(promoters.map(({ child }) => new Promise((resolve) => child.once('close', resolve))));
    }
  }, 60_000);

  test('a process killed while it holds the lock changes nothing, and delays the next promotion only', async () => {
    const directory = temporaryDirectory();
    const registry = await openModelRegistry(directory, MODEL);
    const [one, two] = [candidate(1), candidate(2)];
    await registry.register(one);
    await registry.register(two);
    await registry.promote('prod', one.version, { by: 'ann' });

    const killed = await runSource('test/model-registry/killed-process.ts', [directory, two.version]);
    expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(readdirSync(join(directory, MODEL, 'channels')).sort()).toEqual(['.prod.json.lock', 'prod.json']);

    const after = new ModelRegistry(registry.store, MODEL);
    expect(await after.channel('prod')).toMatchObject({ version: one.version, previous: null });
    expect([...(await after.channels()).keys()]).toEqual(['prod']);
    expect(await after.promote('prod', two.version, { by: 'bob' })).toMatchObject({
      version: two.version,
      previous: one.version,
    });
    expect(readdirSync(join(directory, MODEL, 'channels'))).toEqual(['prod.json']);
  }, 60_000);
});
